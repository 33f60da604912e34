"""Keys that sign statements (P-256), their names, and the published list of them (JWKS)."""

import hashlib
from collections.abc import Iterable, Mapping
from typing import Any, Protocol

from cryptography.hazmat.primitives.asymmetric import ec

from jifen.statements.encoding import decode_base64url, encode_base64url, from_json, to_json
from jifen.statements.faults import StatementFault
from jifen.statements.words import say

Keys = Mapping[str, ec.EllipticCurvePublicKey]
_SIZE = 32
MOST_KEYS = 100


class Signer(Protocol):
    """Signs with one key. A port: a file, a hardware module, a city's own service."""

    key_id: str

    def sign(self, message: bytes) -> bytes:
        """64 bytes: r and s (ES256, RFC 7518 section 3.4)."""


def public_jwk(key: ec.EllipticCurvePublicKey) -> dict[str, str]:
    """A public key as it is published, with its name."""
    bare = _bare_jwk(key)
    return {**bare, "kid": name_key(key), "alg": "ES256", "use": "sig"}


def _bare_jwk(key: ec.EllipticCurvePublicKey) -> dict[str, str]:
    numbers = key.public_numbers()
    x, y = (encode_base64url(n.to_bytes(_SIZE, "big")) for n in (numbers.x, numbers.y))
    return {"crv": "P-256", "kty": "EC", "x": x, "y": y}


def name_key(key: ec.EllipticCurvePublicKey) -> str:
    """The first twelve characters of its thumbprint (RFC 7638): no two keys share a name."""
    return encode_base64url(hashlib.sha256(to_json(_bare_jwk(key))).digest())[:12]


def build_jwks(keys: Iterable[ec.EllipticCurvePublicKey]) -> dict[str, Any]:
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


def _read_key(row: Mapping[str, str]) -> ec.EllipticCurvePublicKey:
    if row["kty"] != "EC" or row["crv"] != "P-256":
        raise ValueError("another kind of key")
    x, y = (int.from_bytes(decode_base64url(row[name]), "big") for name in ("x", "y"))
    return ec.EllipticCurvePublicNumbers(x, y, ec.SECP256R1()).public_key()
