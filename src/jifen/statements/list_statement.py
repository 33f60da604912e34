"""What an office signs of a published list: which list it is, and the SHA-256 of its bytes.

Checked by anybody with the published keys: that the office published this list on this day with so
many people; and, whoever holds the bytes of the list, that they are those.
"""

import hashlib
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any, Literal

from jifen.statements.faults import StatementFault
from jifen.statements.jws import read_signed, sign_claims
from jifen.statements.keys import Keys, Signer
from jifen.statements.words import say

KIND = "jifen-list+jwt"
ListState = Literal["genuine", "other_bytes", "forged", "unknown_key"]


@dataclass(frozen=True, slots=True)
class ListStatement:
    """A published list: its name (CH-L00012), city, kind ('publicity', 'formal'), day, last day of
    publicity ('' for none), how many people, and the SHA-256 of its bytes in hexadecimal."""

    list: str
    city: str
    kind: str
    on: str
    until: str
    people: int
    sha256: str

    def sign_with(self, by: Signer) -> str:
        """A compact JWS: the same text for the same list where the signer is steady."""
        return sign_claims(asdict(self), by, KIND)


@dataclass(frozen=True, slots=True)
class ListVerdict:
    """`genuine`: signed by a published key and, where bytes were given, over these;
    `other_bytes`: genuine, but of other bytes. `listed`: what it says, where it is genuine."""

    state: ListState
    listed: ListStatement | None


def is_list(text: str, keys: Keys) -> bool:
    """Whether a signed text is about a list. Raises StatementFault where it is no signed text."""
    return read_signed(text.strip(), keys).header.get("typ") == KIND


def check_list(text: str, keys: Keys, document: bytes | None = None) -> ListVerdict:
    """Check the signature of a list, and the bytes of the list where they are at hand. Raises
    StatementFault where the text is none."""
    signed_text = read_signed(text.strip(), keys)
    if signed_text.genuine is None:
        return ListVerdict("unknown_key", None)
    if not signed_text.genuine or signed_text.header.get("typ") != KIND:
        return ListVerdict("forged", None)
    listed = _read_claims(signed_text.claims)
    same = document is None or hashlib.sha256(document).hexdigest() == listed.sha256
    return ListVerdict("genuine" if same else "other_bytes", listed)


def _read_claims(claims: Mapping[str, Any]) -> ListStatement:
    try:
        texts = {name: str(claims[name]) for name in ListStatement.__slots__ if name != "people"}
        return ListStatement(people=int(claims["people"]), **texts)
    except (KeyError, TypeError, ValueError) as error:
        raise StatementFault("JF-V006", _OTHER) from error


_OTHER = say("list_statement.other")
