"""Signatures of this installation (Ed25519). The signer is a port: a city may have its own."""

from typing import Protocol

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from jifen.office.vault.keys import keys


class Signer(Protocol):
    """Signs bytes under a named key."""

    key_id: str

    def sign(self, message: bytes) -> bytes:
        """The signature."""

    def verify(self, message: bytes, signature: bytes) -> bool:
        """Whether the signature is of this key and message."""


class FileSigner:
    """The key of the file of keys."""

    def __init__(self) -> None:
        self.key_id = keys().sign_id
        self._key = Ed25519PrivateKey.from_private_bytes(keys().sign)

    def sign(self, message: bytes) -> bytes:
        """64 bytes."""
        return self._key.sign(message)

    def verify(self, message: bytes, signature: bytes) -> bool:
        """Whether the signature is of this key and message."""
        try:
            self._key.public_key().verify(signature, message)
        except InvalidSignature:
            return False
        return True


def signer() -> Signer:
    """The signer of this installation."""
    return FileSigner()
