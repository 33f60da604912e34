"""What is wrong with what is asked of the planner, said with what to do."""

from decimal import Decimal

from jifen.planning.case import MOST_YEARS, Case
from jifen.policy.fault import Fault, Place, PolicyError, nearest, one_of, shorten

MOST_SIZE = 5
MOST_MONTHS = 360
MOST_YUAN = Decimal(100_000_000)


class Unusable(PolicyError):
    """Wishes that cannot be used: years, moves, months, yuan; `faults` names each."""


def refuse(case: Case, most: int) -> None:
    """Raise Unusable where a wish makes no sense."""
    known = tuple(move.id for move in case.moves.moves)
    faults = []
    if not 1 <= case.years <= MOST_YEARS:
        faults.append(_fault("JF-H010", "years", str(case.years), f"from 1 to {MOST_YEARS} years"))
    if not 1 <= most <= MOST_SIZE:
        faults.append(_fault("JF-H010", "moves", str(most), f"from 1 to {MOST_SIZE} at once"))
    wishes = case.wishes
    for ident in sorted({*wishes.without, *wishes.months, *wishes.yuan} - set(known)):
        hint = nearest(ident, known)
        expected = f"one of: {one_of(known)}"
        found = f"the unknown move '{shorten(ident, 40)}'"
        remedy = f"write '{hint}'" if hint else "choose one of these"
        faults.append(Fault("JF-H011", Place(f"{case.city} moves"), found, expected, remedy))
    for ident, months in wishes.months.items():
        if not 0 <= months <= MOST_MONTHS:
            expected = f"from 0 to {MOST_MONTHS} months"
            faults.append(_fault("JF-H012", ident, f"{months} months", expected))
    for ident, yuan in wishes.yuan.items():
        if not 0 <= yuan <= MOST_YUAN:
            faults.append(_fault("JF-H012", ident, f"{yuan} yuan", f"from 0 to {MOST_YUAN:,} yuan"))
    if faults:
        raise Unusable(faults)


def _fault(code: str, where: str, found: str, expected: str) -> Fault:
    return Fault(code, Place(where), found, expected, "correct the figure")
