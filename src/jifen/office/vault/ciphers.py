"""The ciphers that seal: AES-256-GCM, or SM4-GCM where a city chose the national suite.

The first letter of a key's name says which cipher it belongs to; a key is never used for the other.
Both take a random nonce of 96 bits for each value, and are bound to the place of what they seal.
"""

import base64
import secrets

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.core.exceptions import ImproperlyConfigured

from jifen.office.vault.words import say

DEFAULT, NATIONAL = "default", "sm"
SUITES = (DEFAULT, NATIONAL)
"""What JIFEN_SUITE may say."""
AES, SM4 = "k", "m"
"""The first letters of the names of keys."""
CIPHER_OF_SUITE = {DEFAULT: AES, NATIONAL: SM4}
_CIPHER_NAMES = {AES: "AES-256-GCM", SM4: "SM4-GCM"}
_KEY_BYTES = {AES: 32, SM4: 16}
_NONCE, _TAG = 12, 16


def cipher_of(key_name: str) -> str:
    """The cipher that a key belongs to."""
    return SM4 if key_name.startswith(SM4) else AES


def name_cipher(key_name: str) -> str:
    """What that cipher is called."""
    return _CIPHER_NAMES[cipher_of(key_name)]


def generate_key(cipher: str) -> bytes:
    """A new random key."""
    return secrets.token_bytes(_KEY_BYTES[cipher])


def decode_key(name: str, text: str) -> bytes:
    """The key of a file of keys. Raises ValueError, and ImproperlyConfigured in words where it is
    of the other cipher."""
    key, wanted = base64.b64decode(text, validate=True), _KEY_BYTES[cipher_of(name)]
    if len(key) in _KEY_BYTES.values() and len(key) != wanted:
        words = say(
            "ciphers.other_suite",
            name=name,
            cipher=name_cipher(name),
            wanted=wanted,
            size=len(key),
        )
        raise ImproperlyConfigured(f"{words.zh}\n{words.en}")
    if len(key) != wanted:
        raise ValueError(f"a key of {wanted} bytes was expected")
    return key


def encrypt(cipher: str, key: bytes, content: bytes, place: str) -> bytes:
    """Nonce, sealed content and tag."""
    nonce = secrets.token_bytes(_NONCE)
    if cipher == AES:
        return nonce + AESGCM(key).encrypt(nonce, content, place.encode())
    sealing = Cipher(algorithms.SM4(key), modes.GCM(nonce)).encryptor()
    sealing.authenticate_additional_data(place.encode())
    return nonce + sealing.update(content) + sealing.finalize() + sealing.tag


def decrypt(cipher: str, key: bytes, sealed: bytes, place: str) -> bytes:
    """The content. Raises InvalidTag where anything was changed, ValueError where it is too
    short."""
    nonce, body = sealed[:_NONCE], sealed[_NONCE:]
    if cipher == AES:
        return AESGCM(key).decrypt(nonce, body, place.encode())
    if len(body) < _TAG:
        raise InvalidTag
    opening = Cipher(algorithms.SM4(key), modes.GCM(nonce, body[-_TAG:])).decryptor()
    opening.authenticate_additional_data(place.encode())
    return opening.update(body[:-_TAG]) + opening.finalize()
