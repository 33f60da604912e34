"""Keys that sign statements, their names, and the published list of them (JWKS).

A key is of one suite: ES256 (P-256 with SHA-256) or SM2 with SM3. A list may hold keys of both, so
that older statements are checked after an office has changed its suite.
"""

import hashlib
from collections.abc import Iterable, Mapping
from typing import Any, Protocol

from cryptography.hazmat.primitives.asymmetric import ec

from jifen.statements.encoding import decode_base64url, encode_base64url, from_json, to_json
from jifen.statements.faults import StatementFault
from jifen.statements.sm2 import Sm2PublicKey
from jifen.statements.words import say

PublicKey = ec.EllipticCurvePublicKey | Sm2PublicKey
Keys = Mapping[str, PublicKey]
ES256 = "ES256"
SM2 = "SGD_SM3_SM2"
"""How a signature by SM2 with SM3 is named in the standards of the trade (GM/T 0006); the registry
of the IETF has no name for it."""
_CURVES = {ES256: "P-256", SM2: "SM2"}
_SIZE = 32
MOST_KEYS = 100


class Signer(Protocol):
    """Signs with one key. A port: a file, a hardware module, a city's own service. One that signs
    by another suite than ES256 names it in an attribute `suite`."""

    key_id: str

    def sign(self, message: bytes) -> bytes:
        """64 bytes: r and s (RFC 7518 section 3.4)."""


def suite_of(signer: Signer) -> str:
    """The suite by which a signer signs."""
    return str(getattr(signer, "suite", ES256))


def suite_of_key(key: PublicKey) -> str:
    """The suite that a key belongs to; it is used for no other."""
    return SM2 if isinstance(key, Sm2PublicKey) else ES256


def public_jwk(key: PublicKey) -> dict[str, str]:
    """A public key as it is published, with its name."""
    bare = _bare_jwk(key)
    return {**bare, "kid": name_key(key), "alg": suite_of_key(key), "use": "sig"}


def _bare_jwk(key: PublicKey) -> dict[str, str]:
    numbers = key if isinstance(key, Sm2PublicKey) else key.public_numbers()
    x, y = (encode_base64url(n.to_bytes(_SIZE, "big")) for n in (numbers.x, numbers.y))
    return {"crv": _CURVES[suite_of_key(key)], "kty": "EC", "x": x, "y": y}


def name_key(key: PublicKey) -> str:
    """The first twelve characters of its thumbprint (RFC 7638): no two keys share a name."""
    return encode_base64url(hashlib.sha256(to_json(_bare_jwk(key))).digest())[:12]


def build_jwks(keys: Iterable[PublicKey]) -> dict[str, Any]:
    """The list that is published; older keys stay on it, so that older notices can be checked."""
    return {"keys": [public_jwk(key) for key in keys]}


def read_key_list(text: str | bytes) -> Keys:
    """The keys of a list by their names. Raises StatementFault JF-V002."""
    try:
        document = from_json(text)
        rows = document["keys"][:MOST_KEYS]
        keys = [_read_key(row) for row in rows]
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise StatementFault("JF-V002", _NO_LIST) from error
    if not keys:
        raise StatementFault("JF-V002", _NO_LIST)
    return {name_key(key): key for key in keys}


_NO_LIST = say("keys.no_list")


def _read_key(row: Mapping[str, str]) -> PublicKey:
    if row["kty"] != "EC" or row["crv"] not in _CURVES.values():
        raise ValueError("another kind of key")
    x, y = (int.from_bytes(decode_base64url(row[name]), "big") for name in ("x", "y"))
    if row["crv"] == _CURVES[SM2]:
        return Sm2PublicKey(x, y)
    return ec.EllipticCurvePublicNumbers(x, y, ec.SECP256R1()).public_key()
