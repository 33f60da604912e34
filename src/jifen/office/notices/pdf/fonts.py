"""The fonts of notices, and whether they have every character: a missing one prints as nothing."""

from functools import lru_cache
from pathlib import Path
from typing import Any

from django.conf import settings
from fontTools.ttLib import TTFont
from pylopdf_fonts_zh_cn import serif_path
from typst import Fonts

from jifen.office.notices.words import say
from jifen.office.vault.private_codes import list_unmapped_codes
from jifen.policy.text import Text

SERIF, SANS = "Noto Serif SC", "Noto Sans SC"
_UNSEEN = frozenset("\n\t\r\u3000 ")
FontFiles = tuple[tuple[str, int, int], ...]
"""Files beside the shipped fonts, each with its time and size."""


class NotInFonts(Exception):
    """Characters that none of the fonts has; `words` say which, and what to do."""

    def __init__(self, missing: str) -> None:
        super().__init__(f"no font has: {missing}")
        self.missing = missing
        self.words = _describe_missing(missing)


def _describe_missing(missing: str) -> Text:
    made_up = list_unmapped_codes(missing)
    rare = [char for char in missing if char not in made_up]
    parts = []
    if rare:
        listed = _list_with_codes(rare)
        parts.append(say("pdf.fonts.no_font_has_the_paper", listed=listed))
    if made_up:
        listed = ", ".join(f"U+{ord(char):04X}" for char in made_up)
        parts.append(say("pdf.fonts.these_are_codes", listed=listed))
    return Text("".join(part.zh for part in parts), " ".join(part.en for part in parts))


def _list_with_codes(characters: list[str]) -> str:
    return "、".join(f"“{char}”（U+{ord(char):04X}）" for char in characters)


def list_font_files() -> FontFiles:
    """What is read of fonts is kept for as long as this stays the same: a worker that runs sees a
    font that is put into the folder."""
    stats = ((path, path.stat()) for path in _list_added_fonts())
    return tuple((str(path), stat.st_mtime_ns, stat.st_size) for path, stat in stats)


@lru_cache(maxsize=1)
def load_fonts(font_files: FontFiles) -> Fonts:
    """The fonts of notices alone; nothing of the machine, so that bytes are the same anywhere."""
    del font_files
    return Fonts(
        include_system_fonts=False,
        include_embedded_fonts=False,
        font_paths=[str(folder) for folder in _list_font_folders()],
    )


@lru_cache(maxsize=1)
def list_families(font_files: FontFiles) -> tuple[str, ...]:
    """In the order in which a character is looked for: the serif, then what a city added, then
    the packages for rare characters."""
    added = dict.fromkeys(_read_family_name(Path(path)) for path, *_ in font_files)
    return (SERIF, *(name for name in added if name and name not in (SERIF, SANS)))


def check_characters(content: Any) -> None:
    """Raise NotInFonts unless every character of a notice can be printed."""
    missing = sorted(
        set(_collect_text(content)) - _list_covered_characters(list_font_files()) - _UNSEEN
    )
    if missing:
        raise NotInFonts("".join(missing))


def replace_missing(content: Any, by: str = "□") -> Any:
    """The content with another character for each that none of the fonts has: for text of the
    public, whose whole wording is published elsewhere."""
    covered = _list_covered_characters(list_font_files()) | _UNSEEN
    if isinstance(content, str):
        return "".join(char if char in covered else by for char in content)
    if isinstance(content, dict):
        return {key: replace_missing(value, by) for key, value in content.items()}
    return [replace_missing(c, by) for c in content] if isinstance(content, list) else content


def _collect_text(content: Any) -> str:
    if isinstance(content, str):
        return content
    if isinstance(content, dict):
        return "".join(map(_collect_text, content.values()))
    return "".join(map(_collect_text, content)) if isinstance(content, list | tuple) else ""


@lru_cache(maxsize=1)
def _list_covered_characters(font_files: FontFiles) -> frozenset[str]:
    """What the fallback finds: headings in the sans fall back to the same fonts."""
    covered: set[str] = set()
    for path in (serif_path(), *(Path(added) for added, *_ in font_files)):
        with TTFont(path, lazy=True, fontNumber=0) as font:
            covered |= {chr(code) for code in font.getBestCmap()}
    return frozenset(covered)


def _read_family_name(path: Path) -> str:
    with TTFont(path, lazy=True, fontNumber=0) as font:
        names = font["name"]
        return str(names.getDebugName(16) or names.getDebugName(1) or "")


def _list_font_folders() -> list[Path]:
    """The shipped fonts, the city's folder, and packages of the machine for rare characters."""
    added = [Path(settings.JIFEN_FONTS)] if settings.JIFEN_FONTS else []
    packages = [Path(folder) for folder in settings.RARE_CHARACTER_FONTS]
    return [serif_path().parent, *added, *(folder for folder in packages if folder.is_dir())]


def _list_added_fonts() -> list[Path]:
    """Files beside the shipped fonts."""
    kinds = (".otf", ".ttf", ".ttc")
    return [
        path
        for folder in _list_font_folders()[1:]
        for path in sorted(folder.iterdir())
        if path.suffix.lower() in kinds
    ]
