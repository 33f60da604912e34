"""Fonts of one character, for papers with a character that the shipped fonts lack."""

from pathlib import Path

from fontTools.fontBuilder import FontBuilder
from fontTools.pens.ttGlyphPen import TTGlyphPen


def write_font(letter: str, path: Path, family: str = "Rare") -> None:
    """A font of one character, a box."""
    path.parent.mkdir(parents=True, exist_ok=True)
    pen = TTGlyphPen(None)
    for number, place in enumerate([(0, 0), (0, 800), (800, 800), (800, 0)]):
        pen.lineTo(place) if number else pen.moveTo(place)
    pen.closePath()
    made = FontBuilder(1000)
    made.setupGlyphOrder([".notdef", "rare"])
    made.setupCharacterMap({ord(letter): "rare"})
    made.setupGlyf({".notdef": TTGlyphPen(None).glyph(), "rare": pen.glyph()})
    made.setupHorizontalMetrics({".notdef": (1000, 0), "rare": (1000, 0)})
    made.setupHorizontalHeader(ascent=880, descent=-120)
    names = {"familyName": family, "styleName": "Regular", "fullName": family, "psName": family}
    made.setupNameTable(names)
    made.setupOS2(sTypoAscender=880, usWinAscent=880, usWinDescent=120)
    made.setupPost()
    made.setupMaxp()
    made.setupHead(unitsPerEm=1000)
    made.save(path)
