"""Compact JWS by ES256 or SM2: made through a signer, checked against a list of keys."""

from collections.abc import Mapping
from typing import Any, NamedTuple

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, utils

from jifen.statements.encoding import decode_base64url, encode_base64url, from_json, to_json
from jifen.statements.faults import StatementFault
from jifen.statements.keys import ES256, SM2, Keys, PublicKey, Signer, suite_of, suite_of_key
from jifen.statements.sm2 import Sm2PublicKey
from jifen.statements.words import say

_HALF = 32
LONGEST = 4_000_000
_SUITES = (ES256, SM2)


class SignedText(NamedTuple):
    """What a JWS says; `genuine` is None where its key is not on the list."""

    header: dict[str, Any]
    claims: dict[str, Any]
    genuine: bool | None


def sign_claims(claims: Mapping[str, Any], by: Signer, kind: str = "") -> str:
    """The compact form; `kind` is the media type in the header ('typ')."""
    header = {"alg": suite_of(by), "kid": by.key_id} | ({"typ": kind} if kind else {})
    message = f"{encode_base64url(to_json(header))}.{encode_base64url(to_json(claims))}"
    return f"{message}.{encode_base64url(by.sign(message.encode()))}"


def read_signed(text: str, keys: Keys) -> SignedText:
    """What it says and whether it is genuine. Raises StatementFault where it is no such text."""
    message, _, signature = text.rpartition(".")
    try:
        if len(text) > LONGEST:
            raise ValueError("too long")
        header, claims = (from_json(decode_base64url(part)) for part in message.split("."))
        raw = decode_base64url(signature)
    except ValueError as error:
        raise StatementFault("JF-V001", _NOT_ONE) from error
    if not (isinstance(header, dict) and isinstance(claims, dict)):
        raise StatementFault("JF-V001", _NOT_ONE)
    key = keys.get(str(header.get("kid")))
    # 'crit' names what must be understood; nothing beyond RFC 7515 is
    if header.get("alg") not in _SUITES or "crit" in header or len(raw) != 2 * _HALF:
        return SignedText(header, claims, False)
    if key is None:
        return SignedText(header, claims, None)
    fits = header["alg"] == suite_of_key(key)
    return SignedText(header, claims, fits and _is_genuine(key, message.encode(), raw))


_NOT_ONE = say("jws.not_one")


def _is_genuine(key: PublicKey, message: bytes, raw: bytes) -> bool:
    if isinstance(key, Sm2PublicKey):
        return key.is_signed(message, raw)
    r, s = (int.from_bytes(half, "big") for half in (raw[:_HALF], raw[_HALF:]))
    try:
        key.verify(utils.encode_dss_signature(r, s), message, ec.ECDSA(hashes.SHA256()))
    except InvalidSignature:
        return False
    return True


def raw_signature(der: bytes) -> bytes:
    """r and s as 64 bytes, from the form in which most modules sign."""
    r, s = utils.decode_dss_signature(der)
    return r.to_bytes(_HALF, "big") + s.to_bytes(_HALF, "big")
