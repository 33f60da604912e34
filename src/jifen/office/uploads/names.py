"""Names of files, safe to show and to offer."""

import unicodedata
from pathlib import PurePosixPath

_MAX_LENGTH = 120
_CONVERTED = ("heic", "heif", "hif")


def clean_name(name: str) -> str:
    """The last part of a path without control or direction characters, never empty."""
    last_part = PurePosixPath(name.replace("\\", "/")).name
    visible = "".join(
        letter
        for letter in last_part
        if unicodedata.category(letter) not in ("Cc", "Cf", "Cs", "Co")
    )
    tidied = " ".join(visible.split()).strip(". ")[-_MAX_LENGTH:]
    return tidied or "document"


def make_stored_name(name: str, extension: str) -> str:
    """The clean name of a file that is kept; a HEIC picture that became a JPEG is called so."""
    clean = clean_name(name)
    stem, dot, ending = clean.rpartition(".")
    if dot and ending.lower() in _CONVERTED:
        return f"{stem}{extension}"
    return clean
