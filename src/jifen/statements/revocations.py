"""The dated list of what was revoked: one bit for each notice (Token Status List of the IETF).

It tells nobody anything who does not hold a notice: a place in the list has no name.
"""

import zlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from jifen.statements.encoding import decode_base64url, encode_base64url
from jifen.statements.faults import StatementFault
from jifen.statements.jws import read_signed, sign_claims
from jifen.statements.keys import Keys, Signer
from jifen.statements.words import say

KIND = "statuslist+jwt"
MOST_BYTES = 64_000_000
"""Half a thousand million notices; a list that unpacks to more is refused."""
_CLOCKS = timedelta(minutes=10)
"""By so much a clock may be behind the one that dated the list; one that is more behind would hold
any list for young."""


@dataclass(frozen=True, slots=True)
class RevocationList:
    """What was revoked at a moment. A place beyond the list is not known to it: None. After `until`
    (its 'ttl'; at once where it says none) somebody may have been revoked whom it does not name."""

    at: datetime
    until: datetime
    bits: bytes
    many: int

    def is_fresh(self, now: datetime) -> bool:
        """Whether it may still be used."""
        return self.at - _CLOCKS <= now <= self.until

    def is_revoked(self, index: int) -> bool | None:
        """Whether the notice at a place was revoked."""
        if not 0 <= index < self.many:
            return None
        return bool(self.bits[index >> 3] >> (index & 7) & 1)


def build_bits(places: Iterable[int], many: int) -> bytes:
    """One bit for each of `many` places, the lowest bit first."""
    bits = bytearray((many + 7) // 8)
    for place in places:
        bits[place >> 3] |= 1 << (place & 7)
    return bytes(bits)


def sign_list(
    places: Iterable[int], many: int, at: datetime, by: Signer, *, where: str, keep: int
) -> str:
    """The list, signed. `where`: its address; `keep`: seconds for which a copy may be used."""
    packed = zlib.compress(build_bits(places, many), 9)
    claims: dict[str, Any] = {
        "sub": where,
        "iat": int(at.timestamp()),
        "ttl": keep,
        "status_list": {"bits": 1, "lst": encode_base64url(packed)},
        "many": many,
    }
    return sign_claims(claims, by, KIND)


def read_revoked(text: str, keys: Keys) -> RevocationList:
    """The list, if it is genuine. Raises StatementFault."""
    signed_text = read_signed(text.strip(), keys)
    if signed_text.genuine is not True or signed_text.header.get("typ") != KIND:
        raise StatementFault("JF-V004", _NO_LIST)
    return _unpack_list(signed_text.claims)


def _unpack_list(claims: Mapping[str, Any]) -> RevocationList:
    try:
        status = claims["status_list"]
        if status["bits"] != 1:
            raise ValueError("more than one bit for each")
        unpacker = zlib.decompressobj()
        bits = unpacker.decompress(decode_base64url(status["lst"]), MOST_BYTES)
        if unpacker.unconsumed_tail:
            raise ValueError("too large")
        many = min(int(claims.get("many", len(bits) * 8)), len(bits) * 8)
        at = datetime.fromtimestamp(claims["iat"], UTC)
        return RevocationList(at, at + timedelta(seconds=claims.get("ttl", 0)), bits, many)
    except (KeyError, TypeError, ValueError, zlib.error, OverflowError) as error:
        raise StatementFault("JF-V004", _NO_LIST) from error


_NO_LIST = say("revocations.no_list")
