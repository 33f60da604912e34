"""Names of files, safe to show and to offer."""

import unicodedata
from pathlib import PurePosixPath

_LONGEST = 120
_CONVERTED = ("heic", "heif", "hif")


def clean_name(name: str) -> str:
    """The last part of a path without control or direction characters, never empty."""
    last = PurePosixPath(name.replace("\\", "/")).name
    kept = "".join(c for c in last if unicodedata.category(c) not in ("Cc", "Cf", "Cs", "Co"))
    tidy = " ".join(kept.split()).strip(". ")[-_LONGEST:]
    return tidy or "document"


def name_of(name: str, extension: str) -> str:
    """The clean name of a file that is kept; a HEIC picture that became a JPEG is called so."""
    clean = clean_name(name)
    stem, dot, ending = clean.rpartition(".")
    if dot and ending.lower() in _CONVERTED:
        return f"{stem}{extension}"
    return clean
