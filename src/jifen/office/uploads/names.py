"""Names of files, safe to show and to offer."""

import unicodedata
from pathlib import PurePosixPath

_LONGEST = 120


def clean_name(name: str) -> str:
    """The last part of a path without control or direction characters, never empty."""
    last = PurePosixPath(name.replace("\\", "/")).name
    kept = "".join(c for c in last if unicodedata.category(c) not in ("Cc", "Cf", "Cs", "Co"))
    tidy = " ".join(kept.split()).strip(". ")[-_LONGEST:]
    return tidy or "document"
