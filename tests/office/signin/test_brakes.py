"""Wrong passwords and codes: delays that grow by account and source, and lock out nobody else."""

import re
from datetime import timedelta
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from django.core.cache import cache
from django.test import Client

from jifen.office.accounts.models import KnownDevice, SignInBrake
from jifen.office.accounts.signin import brakes
from jifen.office.accounts.signin.brakes import (
    ACCOUNT,
    DEVICE,
    FORGET_AFTER,
    LONGEST_DELAY,
    PAIR,
    SOURCE,
    MustWait,
    begin_attempt,
    compute_delay,
    forgive_attempt,
)
from tests.world.browser import give_phone
from tests.world.clock import Clock
from tests.world.office import staff, user

pytestmark = pytest.mark.django_db
PASSWORD = "pass-word-1234"
HERE, ELSEWHERE = "198.51.100.7", "203.0.113.9"


def sign_in(client: Client, name: str, password: str = PASSWORD, source: str = HERE) -> Any:
    sent = {"login": name, "password": password}
    return client.post("/account/login/", sent, REMOTE_ADDR=source)


def is_in(answer: Any) -> bool:
    return bool(answer.status_code == 302)


def fail(name: str, times: int, source: str = HERE) -> None:
    for _ in range(times):
        assert not is_in(sign_in(Client(), name, "wrong", source))


@pytest.mark.parametrize(
    ("kind", "failures", "seconds"),
    [
        (PAIR, 4, 0),
        (PAIR, 5, 30),
        (PAIR, 6, 60),
        (PAIR, 9, 480),
        (PAIR, 10, 900),
        (PAIR, 500, 900),
        (DEVICE, 5, 30),
        (SOURCE, 59, 0),
        (SOURCE, 60, 30),
        (SOURCE, 79, 30),
        (SOURCE, 80, 60),
        (ACCOUNT, 39, 0),
        (ACCOUNT, 40, 30),
        (ACCOUNT, 50, 60),
    ],
)
def test_delays_grow_and_end(kind: brakes.BrakeKind, failures: int, seconds: int) -> None:
    assert compute_delay(kind, failures) == timedelta(seconds=seconds)


def test_the_wait_is_said_and_the_right_password_waits_too(clock: Clock) -> None:
    user("somebody")
    fail("somebody", 5)
    refused = sign_in(Client(), "somebody")
    assert not is_in(refused)
    assert "请在 0 分 30 秒后再试" in refused.content.decode()
    english = Client(headers={"accept-language": "en"})
    assert "Try again in 0 min 30 s" in sign_in(english, "somebody").content.decode()
    clock.go_on(30)
    assert is_in(sign_in(Client(), "somebody"))


def test_a_stranger_elsewhere_locks_nobody_out(clock: Clock) -> None:
    user("somebody")
    fail("somebody", 5, ELSEWHERE)
    assert is_in(sign_in(Client(), "somebody"))


def test_many_strangers_hold_up_a_new_device_and_no_known_one(clock: Clock) -> None:
    user("somebody")
    own = Client()
    assert is_in(sign_in(own, "somebody"))
    own.post("/account/logout/")
    for number in range(10):
        fail("somebody", 4, f"203.0.113.{number}")
    assert not is_in(sign_in(Client(), "somebody")), "forty wrong ones from everywhere"
    assert is_in(sign_in(own, "somebody")), "the device is known"


def test_an_office_behind_one_address_is_not_locked_by_twenty_failures(clock: Clock) -> None:
    user("somebody")
    for number in range(20):
        fail(f"colleague{number}", 1)
    assert is_in(sign_in(Client(), "somebody"))


def test_one_source_that_tries_many_accounts_has_to_wait(clock: Clock) -> None:
    user("somebody")
    for number in range(60):
        begin_attempt(f"account{number}", HERE, None)
    assert not is_in(sign_in(Client(), "somebody"))
    assert is_in(sign_in(Client(), "somebody", source=ELSEWHERE))


def test_an_account_that_does_not_exist_is_braked_like_one_that_does(clock: Clock) -> None:
    user("somebody")
    said = []
    for name in ("somebody", "nobody"):
        fail(name, 5)
        page = sign_in(Client(), name, "wrong").content.decode()
        said.append(re.sub(r'value="[^"]*"', "", page))
    assert "请在" in said[0]
    assert said[0] == said[1]


def test_large_letters_and_blanks_are_no_new_account(clock: Clock) -> None:
    for name in ("somebody", "SomeBody", " somebody ", "SOMEBODY", "somebody"):
        begin_attempt(name, HERE, None)
    with pytest.raises(MustWait):
        begin_attempt("Somebody", HERE, None)


def test_a_right_password_takes_the_failures_back(clock: Clock) -> None:
    user("somebody")
    fail("somebody", 4)
    assert is_in(sign_in(Client(), "somebody"))
    fail("somebody", 4)
    assert is_in(sign_in(Client(), "somebody"))


def test_an_attempt_counts_before_its_password_is_looked_at(clock: Clock) -> None:
    """Else a hundred at once would all be looked at."""
    for _ in range(5):
        begin_attempt("somebody", HERE, None)  # none of them has failed yet
    with pytest.raises(MustWait) as waiting:
        begin_attempt("somebody", HERE, None)
    assert waiting.value.seconds == 30


def test_a_refused_attempt_makes_the_wait_no_longer(clock: Clock) -> None:
    for _ in range(5):
        begin_attempt("somebody", HERE, None)
    for _ in range(3):
        with pytest.raises(MustWait):
            begin_attempt("somebody", HERE, None)
    clock.go_on(30)
    begin_attempt("somebody", HERE, None)


def test_counts_are_forgotten_and_swept(clock: Clock) -> None:
    for _ in range(5):
        begin_attempt("somebody", HERE, None)
    clock.go_on((FORGET_AFTER + LONGEST_DELAY).total_seconds() + 1)
    begin_attempt("somebody", HERE, None)
    assert set(SignInBrake.objects.values_list("failures", flat=True)) == {1}
    begin_attempt("another", ELSEWHERE, None)
    clock.go_on((FORGET_AFTER + LONGEST_DELAY).total_seconds() + 1)
    assert brakes.sweep_old_counts() == 6, (
        "of two attempts the account, the source and the two together"
    )
    assert brakes.sweep_old_counts() == 0


def test_success_does_not_free_a_source_from_what_it_failed_elsewhere(clock: Clock) -> None:
    for number in range(59):
        begin_attempt(f"account{number}", HERE, None)
    forgive_attempt(begin_attempt("own", HERE, None))
    begin_attempt("account60", HERE, None)
    with pytest.raises(MustWait):
        begin_attempt("account61", HERE, None)


def test_counts_survive_a_flood_of_visitors(clock: Clock) -> None:
    user("somebody")
    fail("somebody", 5)
    for number in range(400):
        cache.set(f"visitor{number}", 1)
    assert not is_in(sign_in(Client(), "somebody"))


def test_the_table_holds_neither_names_nor_addresses(clock: Clock) -> None:
    fail("somebody", 1)
    kept = str(list(SignInBrake.objects.values()))
    assert "somebody" not in kept
    assert HERE not in kept


def test_one_time_codes_are_braked_by_source_too(clock: Clock) -> None:
    clerk = staff("clerk", "clerk")
    give_phone(clerk)
    assert Authenticator.objects.filter(user=clerk).exists()
    client = Client(REMOTE_ADDR=ELSEWHERE)
    sign_in(client, "clerk", source=ELSEWHERE)
    for _ in range(5):
        client.post("/account/2fa/authenticate/", {"code": "000000"})
    page = client.post("/account/2fa/authenticate/", {"code": "000000"}).content.decode()
    assert "请在 0 分 30 秒后再试" in page


def test_a_device_is_known_by_a_random_token_of_which_the_table_has_the_hash() -> None:
    somebody = user("somebody")
    client = Client()
    sign_in(client, "somebody")
    cookie = client.cookies["device"]
    assert cookie["httponly"]
    assert len(cookie.value) == 43
    known = KnownDevice.objects.get(user=somebody)
    assert cookie.value not in known.digest
    client.post("/account/logout/")
    sign_in(client, "somebody")
    assert KnownDevice.objects.count() == 1, "the same device is not counted again"


def test_a_forged_token_is_no_known_device(clock: Clock) -> None:
    user("somebody")
    fail("somebody", 5)
    client = Client()
    client.cookies["device"] = "A" * 43
    assert not is_in(sign_in(client, "somebody"))


def test_only_so_many_devices_are_remembered() -> None:
    somebody = user("somebody")
    for _ in range(22):
        sign_in(Client(), "somebody")
    assert KnownDevice.objects.filter(user=somebody).count() == 20
