"""Short codes for a hand that types: eleven random characters and one that checks them.

Crockford's 32 characters (no I, L, O, U); what is easily mistaken is read as what was meant. The
last character makes the weighted sum over GF(32) zero, which finds every single wrong character and
every two that changed places. 55 bits are random: with ten million codes given out, one guess in
four thousand million finds any.
"""

from collections.abc import Iterable

from jifen.facts.identity import fold_number

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
LENGTH = 12
_MISTAKEN = str.maketrans(
    {"O": "0", "I": "1", "L": "1", "-": "", " ": "", "–": "", "—": "", "_": ""}
)
_FIELD = 0b100101  # x^5 + x^2 + 1, under which 2 generates every value but 0


def make_code(random: Iterable[int]) -> str:
    """The code of eleven random values, each below 32."""
    values = [value & 31 for value in random]
    if len(values) != LENGTH - 1:
        raise ValueError(f"eleven values make a code, not {len(values)}")
    return "".join(ALPHABET[value] for value in [*values, _check_value(values)])


def read_code(typed: str) -> str | None:
    """The code as it is kept, from what somebody typed; None where it cannot be one."""
    code = fold_number(typed).translate(_MISTAKEN)
    if len(code) != LENGTH or any(character not in ALPHABET for character in code):
        return None
    values = [ALPHABET.index(character) for character in code]
    return code if _check_value(values[:-1]) == values[-1] else None


def format_code(code: str) -> str:
    """In groups of four: 7K3M-9QXD-2V0R."""
    return "-".join(code[start : start + 4] for start in range(0, len(code), 4))


def _check_value(values: list[int]) -> int:
    """The sum of each value times its own power of the generator."""
    total = 0
    for value in values:
        total = _double_value(total ^ value)
    return total


def _double_value(value: int) -> int:
    doubled = value << 1
    return doubled ^ _FIELD if doubled & 32 else doubled
