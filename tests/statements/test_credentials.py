"""A credential says what its holder discloses, and when it ends."""

import json
from datetime import UTC, date, datetime, timedelta, timezone

import pytest
from jwcrypto.jwk import JWK
from sd_jwt.verifier import SDJWTVerifier

from jifen.statements import StatementFault
from jifen.statements.credential import (
    CredentialOrigin,
    disclose_claims,
    find_status,
    read_credential,
    sign_credential,
)
from jifen.statements.encoding import decode_base64url, encode_base64url, to_json
from jifen.statements.jws import sign_claims
from jifen.statements.keys import public_jwk
from tests.people.statements import AT, DEEP, KEY, KEYS, ON, SAID

PLACE = CredentialOrigin(
    "https://jifen.example", "https://jifen.example/v/line-reached", "https://r", 5
)
HOLDS = datetime(2027, 3, 1, tzinfo=UTC)
SALTS = (bytes(range(16)), bytes(range(16, 32)))


def credential() -> str:
    return sign_credential((date(2027, 1, 10), date(2027, 5, 1)), AT, PLACE, SALTS, KEY)


def test_a_credential_says_line_reached_and_valid_until_and_nothing_of_the_person() -> None:
    found = read_credential(credential(), KEYS, HOLDS)
    assert found["line_reached"] is True
    assert found["valid_until"] == "2027-05-01"
    assert set(found) == {
        "iss",
        "iat",
        "nbf",
        "exp",
        "vct",
        "status",
        "line_reached",
        "valid_until",
    }


def test_a_credential_begins_and_ends_with_its_days_whatever_is_disclosed_and_is_of_a_day() -> None:
    found = read_credential(disclose_claims(credential(), ()), KEYS, HOLDS)
    china = timezone(timedelta(hours=8))
    assert datetime.fromtimestamp(found["nbf"], china) == datetime(2027, 1, 10, tzinfo=china)
    assert datetime.fromtimestamp(found["exp"], china) == datetime(2027, 5, 2, tzinfo=china)
    assert datetime.fromtimestamp(found["iat"], china) == datetime(2026, 11, 26, tzinfo=china)


def test_its_holder_discloses_one_claim_and_keeps_the_other() -> None:
    shown_ = disclose_claims(credential(), ("line_reached",))
    found = read_credential(shown_, KEYS, HOLDS)
    assert found["line_reached"] is True
    assert "valid_until" not in found
    assert "2027" not in "".join(
        decode_base64url(part).decode() for part in shown_.split("~")[1:-1]
    )


def test_the_reference_verifier_reads_the_same() -> None:
    def key(*_: object) -> JWK:
        return JWK(**public_jwk(KEY.public))

    said = SDJWTVerifier(credential(), key).get_verified_payload()
    assert said["line_reached"] is True
    assert said["valid_until"] == "2027-05-01"
    one = SDJWTVerifier(disclose_claims(credential(), ("valid_until",)), key).get_verified_payload()
    assert "line_reached" not in one
    head = json.loads(decode_base64url(credential().split(".", maxsplit=1)[0]))
    assert head["typ"] == "dc+sd-jwt"


def test_a_claim_that_was_not_signed_is_refused() -> None:
    forged = encode_base64url(to_json(["x", "valid_until", "2099-01-01"]))
    head = credential().split("~", maxsplit=1)[0]
    for text in (f"{head}~{forged}~", credential() + credential().split("~")[1] + "~"):
        with pytest.raises(StatementFault) as caught:
            read_credential(text, KEYS, HOLDS)
        assert caught.value.code == "JF-V005"
    with pytest.raises(StatementFault):
        read_credential(SAID.sign_with(KEY), KEYS, HOLDS)
    with pytest.raises(ValueError, match="16 random bytes"):
        sign_credential((ON, ON), AT, PLACE, (b"short", b"short"), KEY)


@pytest.mark.parametrize("told", [DEEP, "7"])
def test_a_claim_that_cannot_be_read_is_refused(told: str) -> None:
    head = credential().split("~", maxsplit=1)[0]
    with pytest.raises(StatementFault) as caught:
        read_credential(f"{head}~{encode_base64url(told.encode())}~", KEYS, HOLDS)
    assert caught.value.code == "JF-V005"


@pytest.mark.parametrize(
    ("day", "holds"),
    [
        (date(2027, 1, 9), False),
        (date(2027, 1, 10), True),
        (date(2027, 5, 1), True),
        (date(2027, 5, 2), False),
    ],
)
def test_a_credential_holds_within_its_days_only(day: date, *, holds: bool) -> None:
    at = datetime(day.year, day.month, day.day, tzinfo=timezone(timedelta(hours=8)))
    if holds:
        assert read_credential(credential(), KEYS, at)["line_reached"] is True
        return
    with pytest.raises(StatementFault) as caught:
        read_credential(credential(), KEYS, at)
    assert caught.value.code == "JF-V007"


def test_a_credential_says_where_to_look_whether_it_was_revoked() -> None:
    found = read_credential(disclose_claims(credential(), ()), KEYS, HOLDS)
    assert find_status(found) == ("https://r", 5)
    with pytest.raises(StatementFault):
        find_status({})


def test_a_credential_of_before_they_had_a_first_day_still_holds() -> None:
    head, *told = credential().split("~")
    claims = json.loads(decode_base64url(head.split(".")[1]))
    del claims["nbf"]
    older = "~".join((sign_claims(claims, KEY, "dc+sd-jwt"), *told))
    assert read_credential(older, KEYS, HOLDS)["line_reached"] is True
