"""One-time codes: right for as long as somebody types, and once."""

from typing import Any

import pytest
from allauth.mfa.adapter import get_adapter
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from django.core.cache import cache
from django.test import Client

from tests.world.clock import Clock
from tests.world.office import staff

SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
STEP = 30
HERE = "/account/2fa/authenticate/"


@pytest.fixture(autouse=True)
def clerk(db: None, clock: Clock) -> None:
    """A clerk with a phone, at the last second of a code."""
    del db
    cache.clear()
    data = {"secret": get_adapter().encrypt(SECRET)}
    clerk = staff("clerk", "clerk")
    Authenticator.objects.create(user=clerk, type=Authenticator.Type.TOTP, data=data)
    clock.stand_at(STEP - 1, period=STEP)


def _code(clock: Clock, steps: int = 0) -> str:
    return str(format_hotp_value(hotp_value(SECRET, int(clock.time()) // STEP + steps)))


def _half_signed_in() -> Client:
    client = Client()
    client.post("/account/login/", {"login": "clerk", "password": "pass-word-1234"})
    return client


def _signed_in(code: str, client: Client | None = None) -> bool:
    answer: Any = (client or _half_signed_in()).post(HERE, {"code": code})
    assert answer.status_code in (200, 302)
    return bool(answer.status_code == 302)


@pytest.mark.parametrize(("later", "right"), [(0, True), (1, True), (30, True), (31, False)])
def test_a_code_read_in_its_last_second_is_right_for_one_step_more(
    clock: Clock, later: int, right: bool
) -> None:
    code, client = _code(clock), _half_signed_in()
    clock.go_on(later)
    assert _signed_in(code, client) == right


def test_a_phone_that_is_half_a_minute_fast_is_understood_and_no_more(clock: Clock) -> None:
    assert not _signed_in(_code(clock, 2))
    assert _signed_in(_code(clock, 1))


@pytest.mark.parametrize("steps", [-1, 0, 1])
def test_a_code_is_right_once_however_long_it_counts(clock: Clock, steps: int) -> None:
    code = _code(clock, steps)
    assert _signed_in(code)
    for later in (0, 29, 2, 29):  # 60 seconds in all, as long as any of the three counts
        clock.go_on(later)
        assert not _signed_in(f" {code[:3]} {code[3:]} ")


def test_the_code_of_a_new_phone_does_not_sign_in_as_well(clock: Clock) -> None:
    Authenticator.objects.all().delete()
    client = _half_signed_in()
    client.post("/account/reauthenticate/", {"password": "pass-word-1234"})
    page = client.get("/account/2fa/totp/activate/").content.decode()
    secret = client.session["mfa.totp.secret"]
    assert secret in page
    code = format_hotp_value(hotp_value(secret, int(clock.time()) // STEP))
    assert client.post("/account/2fa/totp/activate/", {"code": code}).status_code == 302
    clock.go_on(1)
    assert not _signed_in(code)


def test_a_used_code_counts_as_a_wrong_one(clock: Clock) -> None:
    code = _code(clock)
    assert _signed_in(code)
    for _ in range(6):
        assert not _signed_in(code)
    assert not _signed_in(_code(clock, 1)), "too many wrong ones: the right one waits too"
