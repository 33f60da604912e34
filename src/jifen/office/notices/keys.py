"""The keys of notices: one that seals PDF files, one that signs statements. Both are ports.

They stand in a file beside the other keys of the installation (JIFEN_NOTICE_KEYS, by default
notice-keys.json beside JIFEN_KEYS), readable by its user only. A city puts its own in their place
with JIFEN_NOTICE_SIGNER, the dotted name of a class such as `FileKeys`: docs/notices.md shows one
for a hardware module (PKCS#11).
"""

from functools import cache, lru_cache
from typing import Protocol

from django.conf import settings
from django.utils.module_loading import import_string
from pyhanko.sign.signers import Signer as Seal

from jifen.office.notices.key_file import KeyFile, key_file
from jifen.office.notices.statement_keys import public_half, sign_message
from jifen.statements.keys import PublicKey, name_key, suite_of_key


class NoticeKeys(Protocol):
    """What signs. `key_id`, `sign`: statements (ES256, or the suite that an attribute `suite`
    names)."""

    key_id: str

    def sign(self, message: bytes) -> bytes:
        """64 bytes: r and s."""

    def public(self) -> list[PublicKey]:
        """The keys that are published: the one in use and older ones."""

    def seal(self) -> Seal:
        """What signs a PDF file (pyHanko), with its certificate."""


class FileKeys:
    """The keys of the file."""

    def __init__(self, held_file: KeyFile | None = None) -> None:
        self._file: KeyFile = held_file or key_file()
        self._public = public_half(self._file.statement)
        self.key_id, self.suite = name_key(self._public), suite_of_key(self._public)

    def sign(self, message: bytes) -> bytes:
        """64 bytes; by ES256 the same for the same message."""
        return sign_message(self._file.statement, message)

    def public(self) -> list[PublicKey]:
        """The one in use first."""
        return [self._public, *self._file.others]

    def seal(self) -> Seal:
        """The one of the file."""
        return self._file.seal


def load_notice_keys() -> NoticeKeys:
    """The keys of this installation as they are now: keep what is returned for one notice, since
    `jifen keys rotate` replaces them while the site runs."""
    if uses_key_file():
        return _wrap_key_file(key_file())
    return _load_city_keys(settings.JIFEN_NOTICE_SIGNER)


def uses_key_file() -> bool:
    """Whether the keys stand in the file of this installation, and not elsewhere."""
    return str(settings.JIFEN_NOTICE_SIGNER).endswith(".FileKeys")


@lru_cache(maxsize=1)
def _wrap_key_file(key_file: KeyFile) -> NoticeKeys:
    return FileKeys(key_file)


@cache
def _load_city_keys(dotted_name: str) -> NoticeKeys:
    keys: NoticeKeys = import_string(dotted_name)()
    return keys
