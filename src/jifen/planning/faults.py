"""What is wrong with what is asked of the planner, said in both languages with what to do."""

from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal

from jifen.facts.fault import FactFault
from jifen.planning.case import MOST_YEARS, PlanCase, Wishes
from jifen.policy.fault import Place, PolicyError, find_nearest, join_words, shorten_text
from jifen.policy.text import Lang, Text

MOST_MOVES_AT_ONCE = 5
MOST_MONTHS = 360
MOST_YUAN = Decimal(100_000_000)
_CORRECT = Text("请更正。", "Correct the figure.")


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
        expected = Text(f"1 到 {MOST_YEARS} 年", f"from 1 to {MOST_YEARS} years")
        yield _make_fault("JF-H010", "years", case.years, expected)
    if not 1 <= most <= MOST_MOVES_AT_ONCE:
        expected = Text(
            f"同时 1 到 {MOST_MOVES_AT_ONCE} 步", f"from 1 to {MOST_MOVES_AT_ONCE} at once"
        )
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
            Text(f"未知的步骤“{shown}”", f"the unknown move '{shown}'"),
            Text(f"以下之一：{join_words(known_moves)}", f"one of: {join_words(known_moves)}"),
            Text(f"可能想写 {hint}。", f"Did you mean {hint}?")
            if hint
            else Text("请从中选择。", "Choose one of these."),
        )


def _check_amounts(wishes: Wishes) -> Iterator[FactFault]:
    """Months and yuan outside their range."""
    for move_id, months in wishes.months.items():
        if not 0 <= months <= MOST_MONTHS:
            expected = Text(f"0 到 {MOST_MONTHS} 个月", f"from 0 to {MOST_MONTHS} months")
            yield _make_fault("JF-H012", f"months.{move_id}", months, expected)
    for move_id, yuan in wishes.yuan.items():
        if not 0 <= yuan <= MOST_YUAN:
            expected = Text(f"0 到 {MOST_YUAN:,} 元", f"from 0 to {MOST_YUAN:,} yuan")
            yield _make_fault("JF-H012", f"yuan.{move_id}", yuan, expected)


def _make_fault(code: str, path: str, value: int | Decimal, expected: Text) -> FactFault:
    return FactFault(code, path, Text(str(value), str(value)), expected, _CORRECT)
