"""The keys of notices: one that seals PDF files, one that signs statements. Both are ports.

They stand in a file beside the other keys of the installation (JIFEN_NOTICE_KEYS, by default
notice-keys.json beside JIFEN_KEYS), readable by its user only. A city puts its own in their place
with JIFEN_NOTICE_SIGNER, the dotted name of a class such as `FileKeys`: docs/notices.md shows one
for a hardware module (PKCS#11).
"""

from functools import cache
from typing import Any, Protocol

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from django.conf import settings
from django.utils.module_loading import import_string
from pyhanko.sign.signers import Signer as Seal

from jifen.office.notices.keyfile import KeyFile, key_file
from jifen.statements.jws import raw_signature
from jifen.statements.keys import name_of


class NoticeKeys(Protocol):
    """What signs. `key_id`, `sign`: statements (ES256)."""

    key_id: str

    def sign(self, message: bytes) -> bytes:
        """64 bytes: r and s."""

    def public(self) -> list[ec.EllipticCurvePublicKey]:
        """The keys that are published: the one in use and older ones."""

    def seal(self) -> Seal:
        """What signs a PDF file (pyHanko), with its certificate."""


class FileKeys:
    """The keys of the file."""

    def __init__(self) -> None:
        self._file: KeyFile = key_file()
        self.key_id = name_of(self._file.statement.public_key())

    def sign(self, message: bytes) -> bytes:
        """Steady: the same signature for the same message (RFC 6979)."""
        how = ec.ECDSA(hashes.SHA256(), deterministic_signing=True)
        return raw_signature(self._file.statement.sign(message, how))

    def public(self) -> list[ec.EllipticCurvePublicKey]:
        """The one in use first."""
        return [self._file.statement.public_key(), *self._file.older]

    def seal(self) -> Seal:
        """The one of the file."""
        return self._file.seal


@cache
def notice_keys() -> NoticeKeys:
    """The keys of this installation."""
    made: Any = import_string(settings.JIFEN_NOTICE_SIGNER)()
    found: NoticeKeys = made
    return found
