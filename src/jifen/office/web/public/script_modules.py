"""The scripts that import each other, under an address with the digest of all of them: a browser
keeps them for good and never mixes two releases."""

import hashlib
from functools import cache
from pathlib import Path

from django.contrib.staticfiles import finders
from django.urls import reverse

from jifen.office.web.public.packed_files import PackedFile, pack

FOLDERS = ("score", "device")


@cache
def script_modules() -> dict[str, PackedFile]:
    """Every module by its path below the static folder."""
    root = _folder()
    paths = [root / "score.js", *(p for f in FOLDERS for p in sorted((root / f).glob("*.js")))]
    return {path.relative_to(root).as_posix(): pack(_lean(path)) for path in paths}


def _lean(path: Path) -> bytes:
    """A script without lines of comment and without indentation: a fifth less on the way. Its texts
    stand each on one line; a test says so."""
    lines = map(str.strip, path.read_text(encoding="utf-8").splitlines())
    return "\n".join(line for line in lines if line and not line.startswith("//")).encode()


def _folder() -> Path:
    found = finders.find("web/score.js")
    if not isinstance(found, str):
        raise FileNotFoundError("the static file 'web/score.js'")
    return Path(found).parent


@cache
def modules_digest() -> str:
    """The digest of all modules together."""
    every = "".join(f"{path} {file.digest}\n" for path, file in script_modules().items())
    return hashlib.sha256(every.encode()).hexdigest()[:16]


def module_address(path: str) -> str:
    """Where a module is found; what it imports lies beside it."""
    return reverse("module", args=[modules_digest(), path])
