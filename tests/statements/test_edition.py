"""What an office signs of a version: genuine only under a published key and over its own bytes."""

import hashlib

import pytest

from jifen.statements.edition import SignedEdition, check_edition
from jifen.statements.faults import StatementFault
from jifen.statements.jws import sign_claims
from tests.people.statements import KEY, KEYS, OTHER

TEXT = b"version: '2027'\n"
EDITION = SignedEdition(
    city="shanghai",
    version="2027",
    since="2027-01-01",
    adopted_on="2026-11-30",
    policy_hash="sha256:0",
    sha256=hashlib.sha256(TEXT).hexdigest(),
)


def test_a_signed_version_says_what_it_is() -> None:
    verdict = check_edition(EDITION.sign(KEY), KEYS, TEXT)
    assert (verdict.state, verdict.edition) == ("genuine", EDITION)
    assert check_edition(EDITION.sign(KEY), KEYS, TEXT + b" ").state == "other_bytes"


def test_another_key_or_altered_words_are_not_believed() -> None:
    text = EDITION.sign(KEY)
    head, claims, signature = text.split(".")
    assert check_edition(EDITION.sign(OTHER), KEYS).state == "unknown_key"
    altered = f"{head}.{claims}.{'A' * len(signature)}"
    verdict = check_edition(altered, KEYS)
    assert (verdict.state, verdict.edition) == ("forged", None)


def test_a_statement_of_another_kind_is_not_a_version() -> None:
    assert check_edition(sign_claims({"city": "shanghai"}, KEY, "jifen-list+jwt"), KEYS).state == (
        "forged"
    )


def test_a_version_without_its_claims_is_told() -> None:
    with pytest.raises(StatementFault) as caught:
        check_edition(sign_claims({"city": "shanghai"}, KEY, "jifen-edition+jwt"), KEYS)
    assert caught.value.code == "JF-V006"
    assert "is of a kind that is not known here" in caught.value.words.en
