"""Signatures by SM2 with SM3 (GB/T 32918.2 on the curve of GB/T 32918.5), by GmSSL.

GmSSL comes with the extra `jifen[sm]` and is loaded when the first such key is used. The identity
of the signer is the one of the standards where none was agreed (GB/T 35276: 1234567812345678).
"""

import secrets
from dataclasses import dataclass
from functools import cache
from typing import Any

from cryptography.hazmat.primitives.asymmetric import utils

from jifen.statements.faults import StatementFault
from jifen.statements.words import say

SIZE = 32
"""Bytes of a private key and of each coordinate of a public one."""
_ORDER = 0xFFFFFFFEFFFFFFFFFFFFFFFFFFFFFFFF7203DF6B21C6052B53BBF40939D54123
_PRIME = 0xFFFFFFFEFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFF00000000FFFFFFFFFFFFFFFF
_A, _B = _PRIME - 3, 0x28E9FA9E9D9F5E344D5A9E4BCF6509A7F39789F515AB8F92DDBCBD414D940E93


@dataclass(frozen=True, slots=True)
class Sm2PublicKey:
    """A point of the curve. Raises ValueError where it lies elsewhere."""

    x: int
    y: int

    def __post_init__(self) -> None:
        inside = 0 <= self.x < _PRIME and 0 <= self.y < _PRIME
        if not inside or (self.y**2 - self.x**3 - _A * self.x - _B) % _PRIME:
            raise ValueError("no point of the curve of SM2")

    def to_bytes(self) -> bytes:
        """Both coordinates, 64 bytes."""
        return self.x.to_bytes(SIZE, "big") + self.y.to_bytes(SIZE, "big")

    def is_signed(self, message: bytes, signature: bytes) -> bool:
        """Whether 64 bytes (r and s) are its signature of a message. Raises StatementFault JF-V008
        where GmSSL is not installed."""
        r, s = (int.from_bytes(half, "big") for half in (signature[:SIZE], signature[SIZE:]))
        verify = load_gmssl().sm2_verify
        if not (0 < r < _ORDER and 0 < s < _ORDER):
            return False
        return bool(verify(self.to_bytes(), message, utils.encode_dss_signature(r, s)))


@dataclass(frozen=True, slots=True, repr=False)
class Sm2PrivateKey:
    """A private key of 32 bytes, with its public half."""

    secret: bytes
    public_key: Sm2PublicKey

    def sign(self, message: bytes) -> bytes:
        """64 bytes, others each time: SM2 takes a random number for each signature. Raises
        StatementFault JF-V008."""
        signed = load_gmssl().sm2_sign(self.secret, self.public_key.to_bytes(), message)
        r, s = utils.decode_dss_signature(signed)
        return r.to_bytes(SIZE, "big") + s.to_bytes(SIZE, "big")


def read_public_key(raw: bytes) -> Sm2PublicKey:
    """A public key from 64 bytes. Raises ValueError."""
    if len(raw) != 2 * SIZE:
        raise ValueError("64 bytes were expected")
    return Sm2PublicKey(int.from_bytes(raw[:SIZE], "big"), int.from_bytes(raw[SIZE:], "big"))


def read_private_key(secret: bytes, public: bytes) -> Sm2PrivateKey:
    """A private key with its public half, which must fit it. Raises ValueError, StatementFault."""
    if len(secret) != SIZE or not 0 < int.from_bytes(secret, "big") < _ORDER - 1:
        raise ValueError("a private key of SM2 was expected")
    key = Sm2PrivateKey(secret, read_public_key(public))
    challenge = secrets.token_bytes(SIZE)
    if not key.public_key.is_signed(challenge, key.sign(challenge)):
        raise ValueError("the two halves of a key do not fit")
    return key


def generate_key() -> Sm2PrivateKey:
    """A new key. Raises StatementFault JF-V008."""
    public, secret = load_gmssl().sm2_key_generate()
    return Sm2PrivateKey(secret, read_public_key(public))


@cache
def load_gmssl() -> Any:
    """The binding of GmSSL. Raises StatementFault JF-V008 where it is not installed."""
    try:
        return _import_gmssl()
    except ImportError as error:
        raise StatementFault("JF-V008", _NOT_INSTALLED) from error


def _import_gmssl() -> Any:
    import gmssl_pyx  # noqa: PLC0415 - an extra that most installations do not have

    return gmssl_pyx


_NOT_INSTALLED = say("sm2.not_installed")
