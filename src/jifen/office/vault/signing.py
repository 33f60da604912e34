"""Signatures of this installation (Ed25519). The signer is a port: a city may have its own."""

from typing import Protocol

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from jifen.office.vault.keys import keys


class Signer(Protocol):
    """Signs bytes under a named key."""

    key_id: str

    def sign(self, message: bytes) -> bytes:
        """The signature."""

    def verify(self, message: bytes, signature: bytes) -> bool:
        """Whether the signature is of this message, under this key or one before it."""


class FileSigner:
    """The key of the file of keys, and the public halves of those that it replaced."""

    def __init__(self) -> None:
        current_keys = keys()
        self.key_id = current_keys.sign_id
        self._key = Ed25519PrivateKey.from_private_bytes(current_keys.sign)
        self._others = current_keys.other_sign.values()

    def sign(self, message: bytes) -> bytes:
        """64 bytes."""
        return self._key.sign(message)

    def verify(self, message: bytes, signature: bytes) -> bool:
        """Whether the signature is of this message, under this key or one before it."""
        others = map(Ed25519PublicKey.from_public_bytes, self._others)
        return any(
            _is_signature_of(key, message, signature) for key in (self._key.public_key(), *others)
        )


def _is_signature_of(key: Ed25519PublicKey, message: bytes, signature: bytes) -> bool:
    try:
        key.verify(signature, message)
    except InvalidSignature:
        return False
    return True


def get_signer() -> Signer:
    """The signer of this installation."""
    return FileSigner()
