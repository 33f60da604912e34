"""The fonts of papers, and whether they have every character: a missing one prints as nothing."""

from functools import lru_cache
from pathlib import Path
from typing import Any

from django.conf import settings
from fontTools.ttLib import TTFont
from pylopdf_fonts_zh_cn import serif_path
from typst import Fonts

from jifen.policy.text import Text

SERIF, SANS = "Noto Serif SC", "Noto Sans SC"
_UNSEEN = frozenset("\n\t\r\u3000 ")
State = tuple[tuple[str, int, int], ...]
"""Files that a city added, each with its time and size."""


class NotInFonts(Exception):
    """Characters that none of the fonts has; `words` say which, and what to do."""

    def __init__(self, missing: str) -> None:
        super().__init__(f"no font has: {missing}")
        self.missing = missing
        shown = "、".join(f"“{one}”（U+{ord(one):04X}）" for one in missing)
        self.words = Text(
            f"字库里没有这些字：{shown}，文书暂不能打印。请把含有这些字的字体放到 JIFEN_FONTS "
            "指定的文件夹，系统会自动重试。",
            f"No font has {shown}; the paper waits. Put a font that has them into the folder that "
            "JIFEN_FONTS names; it is tried again by itself.",
        )


def state() -> State:
    """What is read of fonts is kept for as long as this stays the same: a worker that runs sees a
    font that is put into the folder."""
    found = ((path, path.stat()) for path in _added())
    return tuple((str(path), stat.st_mtime_ns, stat.st_size) for path, stat in found)


@lru_cache(maxsize=1)
def fonts(now: State) -> Fonts:
    """The fonts of papers alone; nothing of the machine, so that bytes are the same anywhere."""
    del now
    return Fonts(
        include_system_fonts=False,
        include_embedded_fonts=False,
        font_paths=[str(folder) for folder in _folders()],
    )


@lru_cache(maxsize=1)
def families(now: State) -> tuple[str, ...]:
    """In the order in which a character is looked for: the serif, then what a city added."""
    added = {name for path, *_ in now if (name := _name(Path(path)))}
    return (SERIF, *sorted(added - {SERIF, SANS}))


def check(content: Any) -> None:
    """Raise NotInFonts unless every character of a paper can be printed."""
    missing = sorted(set(_letters(content)) - _covered(state()) - _UNSEEN)
    if missing:
        raise NotInFonts("".join(missing))


def _letters(content: Any) -> str:
    if isinstance(content, str):
        return content
    if isinstance(content, dict):
        return "".join(map(_letters, content.values()))
    return "".join(map(_letters, content)) if isinstance(content, list | tuple) else ""


@lru_cache(maxsize=1)
def _covered(now: State) -> frozenset[str]:
    """What the fallback finds: headings in the sans fall back to the same fonts."""
    found: set[str] = set()
    for path in (serif_path(), *(Path(one) for one, *_ in now)):
        with TTFont(path, lazy=True, fontNumber=0) as font:
            found |= {chr(code) for code in font.getBestCmap()}
    return frozenset(found)


def _name(path: Path) -> str:
    with TTFont(path, lazy=True, fontNumber=0) as font:
        names = font["name"]
        return str(names.getDebugName(16) or names.getDebugName(1) or "")


def _folders() -> list[Path]:
    added = [Path(settings.JIFEN_FONTS)] if settings.JIFEN_FONTS else []
    return [serif_path().parent, *added]


def _added() -> list[Path]:
    """Files of the folder that a city named."""
    if not settings.JIFEN_FONTS:
        return []
    kinds = (".otf", ".ttf", ".ttc")
    return sorted(p for p in Path(settings.JIFEN_FONTS).iterdir() if p.suffix.lower() in kinds)
