"""What a notice says about itself is believed only where it was signed so."""

import json
from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jwcrypto.jwk import JWK
from jwcrypto.jws import JWS

from jifen.statements import StatementFault, check_statement
from jifen.statements.codes import ALPHABET, LENGTH, format_code, make_code, read_code
from jifen.statements.encoding import decode_base64url, encode_base64url, to_json
from jifen.statements.jws import sign_claims
from jifen.statements.keys import public_jwk, read_key_list
from jifen.statements.revocations import read_revoked, sign_list
from tests.people.statements import AT, DEEP, KEY, KEYS, ON, OTHER, SAID

CODES = st.lists(st.integers(0, 31), min_size=LENGTH - 1, max_size=LENGTH - 1).map(make_code)


# ------------------------------------------------------------------------------------ short codes


@given(CODES, st.integers(0, LENGTH - 1), st.sampled_from(ALPHABET))
def test_a_single_wrong_character_is_found(code: str, place: int, wrong: str) -> None:
    typed = code[:place] + wrong + code[place + 1 :]
    assert read_code(typed) == (code if typed == code else None)


@given(CODES, st.integers(0, LENGTH - 1), st.integers(0, LENGTH - 1))
def test_two_characters_that_changed_places_are_found(code: str, one: int, other: int) -> None:
    letters = list(code)
    letters[one], letters[other] = letters[other], letters[one]
    typed = "".join(letters)
    assert read_code(typed) == (code if typed == code else None)


@given(CODES)
def test_a_code_is_read_as_it_is_shown_and_as_it_is_easily_mistaken(code: str) -> None:
    assert read_code(format_code(code)) == code
    assert read_code(f"  {format_code(code).lower()} ") == code
    assert read_code(code.replace("0", "O").replace("1", "l")) == code


@given(st.text(max_size=40))
def test_anything_else_is_no_code_and_no_error(typed: str) -> None:
    found = read_code(typed)
    assert found is None or len(found) == LENGTH


# ------------------------------------------------------------------------------------- statements


def test_a_statement_says_what_was_signed() -> None:
    found = check_statement(f"https://x.example/v/ABC#{SAID.sign_with(KEY)}", KEYS, ON)
    assert found.state == "valid"
    assert found.statement == SAID
    assert found.revoked_as_of is None  # no list was looked into, and it says so


def test_the_same_statement_is_the_same_text() -> None:
    assert SAID.sign_with(KEY) == SAID.sign_with(KEY)


def test_an_independent_library_accepts_the_signature() -> None:
    token = JWS()
    token.deserialize(SAID.sign_with(KEY), JWK(**public_jwk(KEY.public)))
    assert json.loads(token.payload)["no"] == SAID.number


def test_a_statement_ends_with_its_last_day() -> None:
    text = SAID.sign_with(KEY)
    assert check_statement(text, KEYS, date(2027, 5, 1)).state == "valid"
    assert check_statement(text, KEYS, date(2027, 5, 2)).state == "expired"
    assert (
        check_statement(replace(SAID, until=None).sign_with(KEY), KEYS, date(2099, 1, 1)).state
        == "valid"
    )


def test_a_statement_that_begins_later_does_not_hold_before_its_first_day() -> None:
    coming = replace(SAID, since=date(2026, 12, 10))
    text = coming.sign_with(KEY)
    before = check_statement(text, KEYS, date(2026, 12, 9))
    assert (before.state, before.statement) == ("not_yet", coming)
    assert check_statement(text, KEYS, date(2026, 12, 10)).state == "valid"
    listed = read_revoked(sign_list([5], 9, AT, KEY, where="https://x", keep=60), KEYS)
    assert check_statement(text, KEYS, ON, listed, AT).state == "revoked"


def test_a_statement_without_a_first_day_is_what_it_was_and_holds_from_its_issue() -> None:
    assert "from" not in SAID.to_claims()
    assert check_statement(SAID.sign_with(KEY), KEYS, ON).state == "valid"


def test_a_key_that_is_not_on_the_list_is_said_to_be_unknown() -> None:
    found = check_statement(SAID.sign_with(OTHER), KEYS, ON)
    assert found.state == "unknown_key"
    assert found.statement is None


@given(st.integers(0, 10_000), st.sampled_from("ABCDxyz019-_"))
def test_a_changed_character_is_never_believed(place: int, letter: str) -> None:
    text = SAID.sign_with(KEY)
    place %= len(text)
    changed = text[:place] + letter + text[place + 1 :]
    if changed == text:
        return
    try:
        found = check_statement(changed, KEYS, ON)
    except StatementFault:
        return
    assert found.state in ("forged", "unknown_key")
    assert found.statement is None


def test_a_statement_under_no_algorithm_is_forged() -> None:
    header = {"alg": "none", "kid": KEY.key_id}
    head, claims = (encode_base64url(to_json(part)) for part in (header, SAID.to_claims()))
    text = f"{head}.{claims}.{'A' * 86}"
    assert check_statement(text, KEYS, ON).state == "forged"


def test_what_must_be_understood_and_is_not_is_forged() -> None:
    header = encode_base64url(
        to_json({"alg": "ES256", "kid": KEY.key_id, "crit": ["b64"], "b64": True})
    )
    message = f"{header}.{encode_base64url(to_json(SAID.to_claims()))}"
    assert (
        check_statement(f"{message}.{encode_base64url(KEY.sign(message.encode()))}", KEYS, ON).state
        == "forged"
    )


@pytest.mark.parametrize("text", ["", "hello", "a.b.c", "https://x/v/ABC", "...", "é.é.é"])
def test_what_is_no_statement_is_said_so_in_words(text: str) -> None:
    with pytest.raises(StatementFault) as caught:
        check_statement(text, KEYS, ON)
    assert caught.value.code == "JF-V001"
    assert "重新扫描" in caught.value.words.zh


def test_another_thing_signed_with_the_same_key_is_no_statement() -> None:
    listed = sign_list([], 10, AT, KEY, where="https://x", keep=60)
    with pytest.raises(StatementFault) as caught:
        check_statement(listed, KEYS, ON)
    assert caught.value.code == "JF-V003"


@pytest.mark.parametrize("part", [0, 1])
def test_what_is_nested_too_deeply_is_said_so_in_words(part: int) -> None:
    parts = SAID.sign_with(KEY).split(".")
    parts[part] = encode_base64url(DEEP.encode())
    with pytest.raises(StatementFault) as caught:
        check_statement(".".join(parts), KEYS, ON)
    assert caught.value.code == "JF-V001"


@pytest.mark.parametrize(
    "text", ["", "[]", "{}", DEEP, '{"keys": []}', '{"keys": [{"kty": "RSA"}]}']
)
def test_what_is_no_list_of_keys_is_said_so(text: str) -> None:
    with pytest.raises(StatementFault) as caught:
        read_key_list(text)
    assert caught.value.code == "JF-V002"


# --------------------------------------------------------------------------- what was revoked


@given(st.sets(st.integers(0, 200)))
def test_the_list_holds_what_was_revoked_and_nothing_else(places: set[int]) -> None:
    text = sign_list(places, 201, AT, KEY, where="https://x", keep=60)
    found = read_revoked(text, KEYS)
    assert {n for n in range(201) if found.is_revoked(n)} == places
    assert found.is_revoked(201) is None
    assert found.is_revoked(-1) is None
    assert found.at == AT


def test_a_revoked_statement_is_said_to_be_with_the_moment_of_the_list() -> None:
    listed = read_revoked(sign_list([5], 9, AT, KEY, where="https://x", keep=60), KEYS)
    found = check_statement(SAID.sign_with(KEY), KEYS, ON, listed)
    assert (found.state, found.revoked_as_of) == ("revoked", AT)


def test_a_list_older_than_the_notice_does_not_pass_for_a_check() -> None:
    listed = read_revoked(sign_list([], 5, AT, KEY, where="https://x", keep=60), KEYS)
    found = check_statement(SAID.sign_with(KEY), KEYS, ON, listed, AT)
    assert (found.state, found.revoked_as_of) == ("valid", None)


@pytest.mark.parametrize(
    ("late", "state"),
    [(-3_600, "unchecked"), (-60, "valid"), (60, "valid"), (61, "unchecked"), (None, "unchecked")],
)
def test_a_list_past_its_time_is_a_state_of_its_own(late: int | None, state: str) -> None:
    listed = read_revoked(sign_list([7], 9, AT, KEY, where="https://x", keep=60), KEYS)
    now = None if late is None else AT + timedelta(seconds=late)
    assert check_statement(SAID.sign_with(KEY), KEYS, ON, listed, now).state == state
    revoked, over = replace(SAID, index=7), replace(SAID, until=date(2026, 1, 1))
    assert check_statement(revoked.sign_with(KEY), KEYS, ON, listed, now).state == "revoked"
    assert check_statement(over.sign_with(KEY), KEYS, ON, listed, now).state == "expired"


def test_a_list_that_names_no_time_is_never_young_enough() -> None:
    text = sign_list([], 9, AT, KEY, where="https://x", keep=60)
    claims = json.loads(decode_base64url(text.split(".")[1]))
    del claims["ttl"]
    listed = read_revoked(sign_claims(claims, KEY, "statuslist+jwt"), KEYS)
    assert (
        check_statement(SAID.sign_with(KEY), KEYS, ON, listed, AT + timedelta(seconds=1)).state
        == "unchecked"
    )


def test_a_list_signed_by_somebody_else_is_refused() -> None:
    text = sign_list([5], 9, AT, OTHER, where="https://x", keep=60)
    for other in (text, SAID.sign_with(KEY), "x.y.z"):
        with pytest.raises(StatementFault):
            read_revoked(other, KEYS)


def test_a_signed_text_names_its_kind() -> None:
    header = json.loads(decode_base64url(sign_claims({}, KEY, "x+jwt").split(".", maxsplit=1)[0]))
    assert header == {"alg": "ES256", "kid": KEY.key_id, "typ": "x+jwt"}
