"""What an office signs of a version of a measure that it puts in force: which version, from which
day, and the SHA-256 of its document.

Checked by anybody with the published keys: that the office put this text in force on this day.
"""

import hashlib
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any, Literal

from jifen.statements.faults import StatementFault
from jifen.statements.jws import read_signed, sign_claims
from jifen.statements.keys import Keys, Signer
from jifen.statements.words import say

KIND = "jifen-edition+jwt"
State = Literal["genuine", "other_bytes", "forged", "unknown_key"]


@dataclass(frozen=True, slots=True)
class SignedEdition:
    """A version put in force: city, version, the first day, the day of adoption, the hash of what
    decides a score, the SHA-256 of the bytes of its document in hexadecimal, and which edition of
    the version it is (a correction adds 1)."""

    city: str
    version: str
    since: str
    adopted_on: str
    policy_hash: str
    sha256: str
    edition: str = "1"

    def sign(self, by: Signer) -> str:
        """A compact JWS: the same text for the same version where the signer is steady."""
        return sign_claims(asdict(self), by, KIND)


@dataclass(frozen=True, slots=True)
class EditionVerdict:
    """`genuine`: signed by a published key and, where bytes were given, over these;
    `other_bytes`: genuine, but of other bytes. `edition`: what it says, where it is genuine."""

    state: State
    edition: SignedEdition | None


def check_edition(text: str, keys: Keys, document: bytes | None = None) -> EditionVerdict:
    """Check the signature of a version, and its bytes where they are at hand. Raises StatementFault
    where the text is none."""
    statement = read_signed(text.strip(), keys)
    if statement.genuine is None:
        return EditionVerdict("unknown_key", None)
    if not statement.genuine or statement.header.get("typ") != KIND:
        return EditionVerdict("forged", None)
    edition = _read_claims(statement.claims)
    same = document is None or hashlib.sha256(document).hexdigest() == edition.sha256
    return EditionVerdict("genuine" if same else "other_bytes", edition)


def _read_claims(claims: Mapping[str, Any]) -> SignedEdition:
    try:
        # statements of before there were corrections name no edition
        stated = {"edition": 1} | dict(claims)
        return SignedEdition(**{name: str(stated[name]) for name in SignedEdition.__slots__})
    except KeyError as error:
        raise StatementFault("JF-V006", _OTHER) from error


_OTHER = say("edition.other")
