"""The unified social credit code of a unit (GB 32100-2015): 18 characters, the last a check."""

from jifen.facts.identity import fold_number

ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
"""31 characters: I, O, S, V and Z are left out."""
_WEIGHTS = tuple(pow(3, place, 31) for place in range(17))


def normalize_code(code: str) -> str:
    """As it is compared and stored: narrow characters, large letters, no blanks."""
    return fold_number(code)


def is_credit_code(code: str) -> bool:
    """Whether the check character is right (GB 32100-2015, 5.3: modulo 31, weights 3 to the i)."""
    if len(code) != 18 or any(letter not in ALPHABET for letter in code):
        return False
    return code[17] == check_character(code[:17])


def check_character(head: str) -> str:
    """The last character for the first 17."""
    total = sum(ALPHABET.index(c) * w for c, w in zip(head, _WEIGHTS, strict=True))
    return ALPHABET[(31 - total % 31) % 31]
