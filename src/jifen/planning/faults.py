"""What is wrong with what is asked of the planner, said in both languages with what to do."""

from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal

from jifen.facts.fault import FactFault
from jifen.planning.case import MOST_YEARS, PlanCase, Wishes
from jifen.planning.words import say
from jifen.policy.fault import Place, PolicyError, find_nearest, join_words, shorten_text
from jifen.policy.text import Lang, Text

MOST_MOVES_AT_ONCE = 5
MOST_MONTHS = 360
MOST_YUAN = Decimal(100_000_000)
_CORRECT = say("faults.correct")


class UnusableWishes(PolicyError):
    """Wishes that cannot be used: years, moves, months, yuan; `wish_faults` names each, in both
    languages."""

    def __init__(self, faults: Iterable[FactFault], lang: Lang = "zh") -> None:
        self.wish_faults = tuple(faults)
        super().__init__(fault.to_fault(Place("wishes"), lang) for fault in self.wish_faults)


def refuse_unusable(case: PlanCase, most: int) -> None:
    """Raise Unusable where a wish makes no sense."""
    refuse_unusable_everywhere([case], most)


def refuse_unusable_everywhere(cases: Sequence[PlanCase], most: int, lang: Lang = "zh") -> None:
    """The same for one person in several cities: a move is unknown where none of them has it."""
    faults = find_wish_faults(cases, most)
    if faults:
        raise UnusableWishes(faults, lang)


def find_wish_faults(cases: Sequence[PlanCase], most: int) -> tuple[FactFault, ...]:
    """What is wrong with the wishes of one person in one or several cities, each once."""
    known_moves = tuple(dict.fromkeys(move.id for case in cases for move in case.moves.moves))
    faults = [fault for case in cases for fault in _check_case(case, most, known_moves)]
    return tuple({(fault.code, fault.path): fault for fault in faults}.values())


def _check_case(case: PlanCase, most: int, known_moves: tuple[str, ...]) -> Iterator[FactFault]:
    if not 1 <= case.years <= MOST_YEARS:
        expected = say("faults.from_1_to_years", most_years=MOST_YEARS)
        yield _make_fault("JF-H010", "years", case.years, expected)
    if not 1 <= most <= MOST_MOVES_AT_ONCE:
        expected = say("faults.from_1_to_at_once", most_moves_at_once=MOST_MOVES_AT_ONCE)
        yield _make_fault("JF-H010", "moves", most, expected)
    yield from _check_known(case.wishes, known_moves)
    yield from _check_amounts(case.wishes)


def _check_known(wishes: Wishes, known_moves: tuple[str, ...]) -> Iterator[FactFault]:
    """Moves that there are not, with the nearest that there is."""
    named_moves = {"without": wishes.ruled_out, "months": wishes.months, "yuan": wishes.yuan}
    field_by_move = {
        move_id: field for field, move_ids in named_moves.items() for move_id in move_ids
    }
    for move_id in sorted(set(field_by_move) - set(known_moves)):
        shown, hint = shorten_text(move_id, 40), find_nearest(move_id, known_moves)
        yield FactFault(
            "JF-H011",
            f"{field_by_move[move_id]}.{shown}",
            say("faults.the_unknown_move", shown=shown),
            say("faults.one_of", known_moves=join_words(known_moves)),
            say("faults.did_you_mean", hint=hint) if hint else say("faults.choose_one_of_these"),
        )


def _check_amounts(wishes: Wishes) -> Iterator[FactFault]:
    """Months and yuan outside their range."""
    for move_id, months in wishes.months.items():
        if not 0 <= months <= MOST_MONTHS:
            expected = say("faults.from_0_to_months", most_months=MOST_MONTHS)
            yield _make_fault("JF-H012", f"months.{move_id}", months, expected)
    for move_id, yuan in wishes.yuan.items():
        if not 0 <= yuan <= MOST_YUAN:
            expected = say("faults.from_0_to_yuan", most_yuan=MOST_YUAN)
            yield _make_fault("JF-H012", f"yuan.{move_id}", yuan, expected)


def _make_fault(code: str, path: str, value: int | Decimal, expected: Text) -> FactFault:
    return FactFault(code, path, Text(str(value), str(value)), expected, _CORRECT)
