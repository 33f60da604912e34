"""Keys of statements as they stand in the file of the keys of notices: P-256 or SM2."""

import base64

from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from jifen.office.vault.ciphers import NATIONAL
from jifen.statements.jws import raw_signature
from jifen.statements.keys import PublicKey
from jifen.statements.sm2 import Sm2PrivateKey, generate_key, read_private_key, read_public_key

PrivateKey = ec.EllipticCurvePrivateKey | Sm2PrivateKey
_SM2 = "sm2:"
"""Begins a key of SM2: private and public half in Base64, with a colon between, or the public half
alone. PEM has no form of it that all libraries read."""
_PEM = serialization.Encoding.PEM
_PLAIN = (serialization.PrivateFormat.PKCS8, serialization.NoEncryption())


def generate_statement_key(suite: str) -> str:
    """A new key that signs statements, as it stands in the file. Raises StatementFault JF-V008
    where the suite needs what is not installed."""
    if suite == NATIONAL:
        key = generate_key()
        return f"{_SM2}{_encode(key.secret)}:{_encode(key.public_key.to_bytes())}"
    return ec.generate_private_key(ec.SECP256R1()).private_bytes(_PEM, *_PLAIN).decode()


def derive_public_text(private: str) -> str:
    """The public half of a key, as it stands among the older ones."""
    key = load_private_key(private)
    if isinstance(key, Sm2PrivateKey):
        return f"{_SM2}{_encode(key.public_key.to_bytes())}"
    spki = serialization.PublicFormat.SubjectPublicKeyInfo
    return key.public_key().public_bytes(_PEM, spki).decode()


def load_private_key(text: str) -> PrivateKey:
    """A key that signs. Raises ValueError, StatementFault JF-V008."""
    if text.startswith(_SM2):
        secret, _, public = text.removeprefix(_SM2).partition(":")
        return read_private_key(_decode(secret), _decode(public))
    key = serialization.load_pem_private_key(text.encode(), password=None)
    if not isinstance(key, ec.EllipticCurvePrivateKey) or key.curve.name != "secp256r1":
        raise ValueError("a private key on P-256 was expected")
    return key


def load_public_key(text: str) -> PublicKey:
    """A key that signed before. Raises ValueError."""
    if text.startswith(_SM2):
        return read_public_key(_decode(text.removeprefix(_SM2)))
    key = serialization.load_pem_public_key(text.encode())
    if not isinstance(key, ec.EllipticCurvePublicKey):
        raise ValueError("a public key on P-256 was expected")
    return key


def public_half(key: PrivateKey) -> PublicKey:
    """The public half of a key that signs."""
    return key.public_key if isinstance(key, Sm2PrivateKey) else key.public_key()


def sign_message(key: PrivateKey, message: bytes) -> bytes:
    """64 bytes. By P-256 steady: the same for the same message (RFC 6979)."""
    if isinstance(key, Sm2PrivateKey):
        return key.sign(message)
    return raw_signature(key.sign(message, ec.ECDSA(hashes.SHA256(), deterministic_signing=True)))


def _encode(raw: bytes) -> str:
    return base64.b64encode(raw).decode()


def _decode(text: str) -> bytes:
    return base64.b64decode(text, validate=True)
