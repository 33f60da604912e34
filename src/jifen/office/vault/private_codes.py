"""Characters that older systems kept under private codes, in the Unicode of today.

Before the standard and Unicode had them, GBK and the first editions of GB 18030 put some
characters into the private use area. GB 18030-2005 and GB 18030-2022 name the code of each, so a
name from an old register is the same name. Codes that a single system made up have no such
meaning and stay as they are.

Source: GB 18030-2005 and GB 18030-2022, double-byte area (rows A2, A6, A8, A9 and FE).
"""

_DESCRIPTIONS = dict(zip(range(0xE7E7, 0xE7F4), (0x303E, *range(0x2FF0, 0x2FFC)), strict=True))
"""A989 to A995: the variation mark and the twelve characters that describe others."""
_UPRIGHT_MARKS = dict(
    zip(
        range(0xE78D, 0xE797),
        (0xFE10, 0xFE12, 0xFE11, 0xFE13, 0xFE14, 0xFE15, 0xFE16, 0xFE17, 0xFE18, 0xFE19),
        strict=True,
    )
)
"""A6D9 to A6DF, A6EC, A6ED, A6F3: punctuation of upright lines."""
_LETTERS = {0xE7C7: 0x1E3F, 0xE7C8: 0x01F9}
"""A8BC and A8BF: letters of pinyin."""
_IDEOGRAPHS = (
    "2E81 20087 20089 200CC 2E84 3473 3447 2E88 2E8B 9FB4 359E 361A 360E 2E8C 2E97 396E 3918 9FB5 "
    "39CF 39DF 3A73 39D0 9FB6 9FB7 3B4E 3C6E 3CE0 2EA7 215D7 9FB8 2EAA 4056 415F 2EAE 4337 2EB3 "
    "2EB6 2EB7 2298F 43B1 43AC 2EBB 43DD 44D6 4661 464C 9FB9 4723 4729 477C 478D 2ECA 4947 497A "
    "497D 4982 4983 4985 4986 499F 499B 49B7 49B6 9FBA 241FE 4CA3 4C9F 4CA0 4CA1 4C77 4CA2 4D13 "
    "4D14 4D15 4D16 4D17 4D18 4D19 4DAE 9FBB"
)
"""FE50 to FEA0 without FE7F, kept from U+E815 on."""
_TO_UNICODE = (
    _DESCRIPTIONS
    | _UPRIGHT_MARKS
    | _LETTERS
    | {0xE815 + place: int(code, 16) for place, code in enumerate(_IDEOGRAPHS.split())}
)
_PRIVATE_AREAS = (range(0xE000, 0xF900), range(0xF0000, 0xFFFFE), range(0x100000, 0x10FFFE))


def to_standard_characters(text: str) -> str:
    """The text with every private code that the standard names as the character it stands for."""
    return text.translate(_TO_UNICODE)


def list_unmapped_codes(text: str) -> list[str]:
    """The characters of a text under private codes that no standard names, each once, in order."""
    return list(dict.fromkeys(char for char in to_standard_characters(text) if _is_private(char)))


def _is_private(char: str) -> bool:
    return any(ord(char) in area for area in _PRIVATE_AREAS)
