"""A store of objects that speaks S3, as Django's storage: its faults are those of a disk.

django-storages does the work. What fails there becomes OSError, so that whoever keeps a document on
a full disk or in a store that is away meets the same, and says the same.
"""

import errno
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

from boto3.exceptions import Boto3Error
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError
from django.core.files.base import ContentFile, File
from storages.backends.s3 import S3Storage

T = TypeVar("T")
_PATIENCE = Config(
    connect_timeout=5,
    read_timeout=30,
    retries={"max_attempts": 3, "mode": "standard"},
    s3={"addressing_style": "path"},
    signature_version="s3v4",
    # a checksum of its own is what many servers refuse; contents are compared by SHA-256 anyway
    request_checksum_calculation="when_required",
    response_checksum_validation="when_required",
)
"""Seconds, and tries in all: a page waits for an upload."""


class ObjectStore(S3Storage):  # type: ignore[misc] # django-storages has no types
    """Objects of one bucket. An object comes whole or not at all, and replaces the one before."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**({"client_config": _PATIENCE, "file_overwrite": True} | options))

    def _open(self, name: str, mode: str = "rb") -> "File[bytes]":
        def read() -> bytes:
            answer = self.bucket.Object(self._normalize_name(name)).get()
            content: bytes = answer["Body"].read()
            return content

        return ContentFile(_translate_faults(name, read), name=name)

    def _save(self, name: str, content: "File[bytes]") -> str:
        """One request with the whole content."""
        key, body = self._normalize_name(name), content.read()
        put = self.bucket.Object(key).put
        _translate_faults(name, lambda: put(Body=body, **self._get_write_parameters(key)))
        return name

    def upload_file(self, name: str, file: Path) -> None:
        """Put a file of any size there, in parts; it is there when the last of them is."""
        key = self._normalize_name(name)
        _translate_faults(name, lambda: self.bucket.upload_file(str(file), key))

    def download_file(self, name: str, file: Path) -> None:
        """Fetch an object of any size into a file."""
        key = self._normalize_name(name)
        _translate_faults(name, lambda: self.bucket.download_file(key, str(file)))

    def delete(self, name: str) -> None:
        """Nothing where there is none."""
        _translate_faults(name, lambda: super(ObjectStore, self).delete(name))

    def exists(self, name: str) -> bool:
        """Whether there is an object of this name."""
        return bool(_translate_faults(name, lambda: super(ObjectStore, self).exists(name)))

    def listdir(self, path: str) -> tuple[list[str], list[str]]:
        """Folders and files below a path."""
        listed: tuple[list[str], list[str]] = _translate_faults(
            path, lambda: super(ObjectStore, self).listdir(path)
        )
        return listed

    def size(self, name: str) -> int:
        """Bytes of an object."""
        return int(_translate_faults(name, lambda: super(ObjectStore, self).size(name)))


def _translate_faults(name: str, act: Callable[[], T]) -> T:
    """Raises FileNotFoundError where there is no such object, OSError where the store is away or
    refuses."""
    try:
        return act()
    except ClientError as fault:
        code = str(fault.response.get("Error", {}).get("Code", ""))
        if code in ("404", "NoSuchKey"):
            raise FileNotFoundError(errno.ENOENT, "no such object", name) from None
        raise OSError(errno.EACCES, f"the object store refuses: {code}", name) from None
    except (BotoCoreError, Boto3Error) as fault:
        words = f"the object store is away: {type(fault).__name__}"
        raise OSError(errno.EIO, words, name) from None
