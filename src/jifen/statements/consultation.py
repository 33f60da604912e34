"""What an office signs at the end of a public consultation: which draft, its window, how many
comments, and the SHA-256 of the comments and answers as they are published.

Checked by anybody with the published keys, offline: that the office closed the consultation with
these comments and answers; whoever holds the published file, that it is that one.
"""

import hashlib
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any, Literal

from jifen.statements.faults import StatementFault
from jifen.statements.jws import read_signed, sign_claims
from jifen.statements.keys import Keys, Signer
from jifen.statements.words import say

KIND = "jifen-consultation+jwt"
ConsultationCheckState = Literal["genuine", "other_bytes", "forged", "unknown_key"]


@dataclass(frozen=True, slots=True)
class SignedConsultation:
    """A consultation that was answered: its key, city and title; the revision of the draft and the
    hash of its rules; the first and the last day of the window and the day of the signature; how
    many comments have a number; the SHA-256 of the published file in hexadecimal."""

    consultation: str
    city: str
    title: str
    revision: int
    policy_hash: str
    opened_on: str
    last_day: str
    answered_on: str
    comments: int
    sha256: str

    def sign_with(self, by: Signer) -> str:
        """A compact JWS: the same text for the same consultation where the signer is steady."""
        return sign_claims(asdict(self), by, KIND)


@dataclass(frozen=True, slots=True)
class ConsultationVerdict:
    """`genuine`: signed by a published key and, where bytes were given, over these;
    `other_bytes`: genuine, but of other bytes. `consultation`: what it says, where it is
    genuine."""

    state: ConsultationCheckState
    consultation: SignedConsultation | None


def is_consultation(text: str, keys: Keys) -> bool:
    """Whether a signed text is about a consultation. Raises StatementFault where it is none."""
    return read_signed(text.strip(), keys).header.get("typ") == KIND


def check_consultation(text: str, keys: Keys, document: bytes | None = None) -> ConsultationVerdict:
    """Check the signature, and the bytes of the published file where they are at hand. Raises
    StatementFault where the text is none."""
    signed_text = read_signed(text.strip(), keys)
    if signed_text.genuine is None:
        return ConsultationVerdict("unknown_key", None)
    if not signed_text.genuine or signed_text.header.get("typ") != KIND:
        return ConsultationVerdict("forged", None)
    consultation = _read_claims(signed_text.claims)
    same = document is None or hashlib.sha256(document).hexdigest() == consultation.sha256
    return ConsultationVerdict("genuine" if same else "other_bytes", consultation)


_NUMBERS = ("revision", "comments")


def _read_claims(claims: Mapping[str, Any]) -> SignedConsultation:
    try:
        texts = {
            name: str(claims[name]) for name in SignedConsultation.__slots__ if name not in _NUMBERS
        }
        numbers = {name: int(claims[name]) for name in _NUMBERS}
        return SignedConsultation(**texts, **numbers)  # type: ignore[arg-type] # by their names
    except (KeyError, TypeError, ValueError) as error:
        raise StatementFault("JF-V006", _OTHER) from error


_OTHER = say("consultation.other")
