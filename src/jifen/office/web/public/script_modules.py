"""The scripts with which a page scores by itself: each door to them is served as one script, under
an address with the digest of all. A browser keeps them for good and never mixes two releases."""

import hashlib
import posixpath
import re
from functools import cache
from pathlib import Path

from django.contrib.staticfiles import finders
from django.urls import reverse

from jifen.office.web.public.packed_files import PackedFile, pack_tightly

DOORS = ("device/page.js", "device/share.js")
"""The scripts that a page loads; the others are imported by them."""
_IMPORT = re.compile(r'import \{ (?P<names>[\w, ]+) \} from "(?P<path>[./\w]+)";')
_EXPORT = re.compile(r"export (?P<rest>(?:async )?(?:function|const|class) (?P<name>\w+).*)")


@cache
def script_modules() -> dict[str, PackedFile]:
    """The scripts that pages load, by their paths below the static folder."""
    return {path: pack_tightly(_join_modules(path).encode()) for path in DOORS}


def _join_modules(door: str) -> str:
    """A script with all that it imports, one after the other, so that a phone asks once and the
    whole packs better. Each module stays a function of its own, so that no names meet; `m` holds
    what each exports, by its number."""
    order: list[str] = []
    _add_imports_first(door, order)
    names = ", ".join(_read_exports(door))
    last = f"const {{ {names} }} = m[{len(order) - 1}];"
    parts = [_wrap_module(path, order) for path in order]
    return "\n".join(["const m = [];", *parts, last, f"export {{ {names} }};"])


def _add_imports_first(path: str, order: list[str]) -> None:
    for line in _read_lines(path):
        if match := _IMPORT.fullmatch(line):
            imported = _resolve(path, match["path"])
            if imported not in order:
                _add_imports_first(imported, order)
    order.append(path)


def _wrap_module(path: str, order: list[str]) -> str:
    lines = ["m.push((() => {"]
    for line in _read_lines(path):
        if match := _IMPORT.fullmatch(line):
            number = order.index(_resolve(path, match["path"]))
            lines.append(f"const {{ {match['names']} }} = m[{number}];")
        else:
            exported = _EXPORT.fullmatch(line)
            lines.append(exported["rest"] if exported else line)
    return "\n".join([*lines, f"return {{ {', '.join(_read_exports(path))} }};", "})());"])


def _read_exports(path: str) -> list[str]:
    return [match["name"] for line in _read_lines(path) if (match := _EXPORT.fullmatch(line))]


def _resolve(path: str, imported: str) -> str:
    return posixpath.normpath(posixpath.join(posixpath.dirname(path), imported))


@cache
def _read_lines(path: str) -> tuple[str, ...]:
    """A script without lines of comment and without indentation: a fifth less on the way. Its texts
    stand each on one line; a test says so."""
    text = (_folder() / path).read_text(encoding="utf-8")
    return tuple(
        line for line in map(str.strip, text.splitlines()) if line and not line.startswith("//")
    )


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
    """Where a script of a page is found."""
    return reverse("module", args=[modules_digest(), path])
