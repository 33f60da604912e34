"""The order of selection: by place and city-wide, draw by draw, with times that stay or move."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jifen.cities import load
from jifen.cities.worked_cases import WorkedCase, load_cases
from jifen.policy.model import PlaceQuotas, SelectionRule
from jifen.policy.policy import Reform
from jifen.policy.source import parse_yaml
from jifen.policy.text import Text
from jifen.rulebook.worked_cases import find_disagreements
from jifen.scoring.ranking import Entrant, Level, order_entrants
from jifen.scoring.selected_people import select_people_of_case
from jifen.scoring.selection import (
    Draw,
    FiledApplication,
    draw_repeatedly,
    make_stamp_key,
    select_by_place,
    select_people,
    stamp_entrants,
)
from tests.hypothesis_profiles import each

CITY = SelectionRule(places=PlaceQuotas("city", Decimal(10)))
START = datetime(2026, 3, 1, tzinfo=UTC)


def entrants(prefix: str, totals: Sequence[int]) -> list[Entrant]:
    return [Entrant(f"{prefix}{n}", Decimal(total)) for n, total in enumerate(totals)]


def filings_of(people: Sequence[Entrant]) -> dict[str, FiledApplication]:
    return {person.name: FiledApplication(place=person.name[0].upper()) for person in people}


def test_the_two_rounds_of_zhongshan() -> None:
    """X 20 places and 25 people, Y 10 and 6, Z 10 and 14: the example of the dossier."""
    people = [
        *entrants("x", range(300, 275, -1)),
        *entrants("y", range(200, 194, -1)),
        *entrants("z", range(150, 136, -1)),
    ]
    taken = select_by_place(
        order_entrants(people), filings_of(people), {"X": 20, "Y": 10, "Z": 10}, CITY
    )
    first, second = taken.rounds
    assert {place: sum(n[0] == place for n in first) for place in "xyz"} == {
        "x": 20,
        "y": 6,
        "z": 10,
    }
    assert second == ("x20", "x21", "z10")
    assert taken.empty == 1


def test_places_left_go_to_nobody_where_the_measure_says_so() -> None:
    people = [*entrants("x", [9, 8, 7]), *entrants("y", [6])]
    rule = SelectionRule(places=PlaceQuotas("nobody"))
    taken = select_by_place(order_entrants(people), filings_of(people), {"X": 2, "Y": 3}, rule)
    assert (taken.rounds, taken.empty) == ((("x0", "x1", "y0"),), 2)


@pytest.mark.parametrize(
    ("level", "second"),
    [("all", ("x1", "x2", "z1")), ("none", ("z1",))],
)
def test_those_level_at_an_edge_city_wide_are_taken_by_the_level(
    level: Level, second: tuple[str, ...]
) -> None:
    """X may give one of two who are level; Z, far below, gives one."""
    people = [
        Entrant("x0", Decimal(9)),
        *(Entrant(f"x{n}", Decimal(8)) for n in (1, 2)),
        Entrant("z0", Decimal(5)),
        Entrant("z1", Decimal(4)),
    ]
    rule = SelectionRule(level, places=PlaceQuotas("city", Decimal(100)))
    quotas = {"X": 1, "Y": 5, "Z": 1}
    taken = select_by_place(order_entrants(people), filings_of(people), quotas, rule)
    assert taken.rounds == (("x0", "z0"), second)


def test_none_level_ends_at_the_last_place_and_passes_nobody_by() -> None:
    people = [Entrant("x0", Decimal(9)), *entrants("y", [8, 8]), Entrant("z0", Decimal(7))]
    rule = SelectionRule("none", places=PlaceQuotas("city"))
    quotas = {"X": 2, "Y": 0, "Z": 0}
    taken = select_by_place(order_entrants(people), filings_of(people), quotas, rule)
    assert (taken.rounds, taken.empty) == ((("x0",), ()), 1)


def test_a_place_without_a_quota_is_named() -> None:
    people = entrants("w", [5])
    with pytest.raises(ValueError, match="no quota is known of the place 'W'"):
        select_by_place(order_entrants(people), filings_of(people), {"X": 1}, CITY)


def test_a_measure_without_places_has_no_rounds_by_place() -> None:
    with pytest.raises(ValueError, match="no quotas of places"):
        select_by_place([], {}, {}, SelectionRule())


def test_the_draw_of_canada_to_the_second() -> None:
    times = {
        "a": "2026-03-27T00:00:00",
        "b": "2026-03-20T00:00:00",
        "c": "2026-03-26T00:16:39",
        "d": "2026-03-26T00:16:40",
        "e": "2026-01-01T00:00:00",
    }
    filings = {
        name: FiledApplication(filed=datetime.fromisoformat(at)) for name, at in times.items()
    }
    totals = {"a": 520, "b": 519, "c": 519, "d": 519, "e": 518}
    rule = SelectionRule(stamp="filed", draws="repeated")
    people = stamp_entrants(
        [Entrant(name, Decimal(total)) for name, total in totals.items()], filings, rule
    )
    taken = draw_repeatedly(people, filings, [Draw(3), Draw(1)], rule)
    assert taken.rounds == (("a", "b", "c"), ("d",))


def test_a_time_that_moves_counts_from_the_last_change_of_points() -> None:
    filing = FiledApplication(filed=START, reached=START + timedelta(days=9))
    assert filing.find_stamp(SelectionRule(stamp="filed")) == START
    assert filing.find_stamp(SelectionRule(stamp="reached")) == START + timedelta(days=9)
    assert filing.find_stamp(SelectionRule()) is None


def test_who_has_no_time_cannot_be_ranked_by_it() -> None:
    with pytest.raises(ValueError, match="p cannot be ranked without the time 'reached'"):
        stamp_entrants(
            [Entrant("p", Decimal(1))],
            {"p": FiledApplication(filed=START)},
            SelectionRule(stamp="reached"),
        )


@given(st.datetimes(), st.datetimes())
@each(200, 2_000)
def test_the_earlier_time_is_the_better_key(one: datetime, other: datetime) -> None:
    assert (one < other) == (make_stamp_key(one) > make_stamp_key(other))


SOME = st.lists(st.tuples(st.sampled_from("XYZ"), st.integers(0, 5).map(Decimal)), max_size=25).map(
    lambda rows: [(place, Entrant(f"{n:02d}", total)) for n, (place, total) in enumerate(rows)]
)
QUOTAS = st.fixed_dictionaries({place: st.integers(0, 12) for place in "XYZ"})


@given(SOME, QUOTAS, st.sampled_from([None, Decimal(10), Decimal(50)]))
@each(200, 2_000)
def test_none_level_never_takes_more_than_there_are_places(
    rows: list[tuple[str, Entrant]], quotas: dict[str, int], percent: Decimal | None
) -> None:
    rule = SelectionRule("none", places=PlaceQuotas("city", percent))
    filings = {person.name: FiledApplication(place) for place, person in rows}
    placed = order_entrants(person for _, person in rows)
    taken = select_by_place(placed, filings, quotas, rule)
    assert len(set(taken.names)) == len(taken.names)
    assert len(taken.names) + taken.empty == sum(quotas.values())
    for place, quota in quotas.items():
        second = [name for name in taken.rounds[1] if filings[name].place == place]
        assert percent is None or len(second) <= quota * percent / 100


@given(SOME, st.lists(st.integers(0, 6), min_size=1, max_size=4), st.sampled_from(["all", "none"]))
@each(200, 2_000)
def test_draws_take_nobody_twice_and_nobody_past_a_better_one_who_waits(
    rows: list[tuple[str, Entrant]], numbers: list[int], level: Level
) -> None:
    people = [person for _, person in rows]
    rule = SelectionRule(level, draws="repeated")
    taken = draw_repeatedly(people, {}, [Draw(number) for number in numbers], rule)
    assert len(set(taken.names)) == len(taken.names)
    totals = {person.name: person.total for person in people}
    drawn = [totals[name] for name in taken.names]
    assert drawn == sorted(drawn, reverse=True)
    assert taken.rounds[0] == select_people(order_entrants(people), numbers[0], rule).names


ZHONGSHAN = load("zhongshan", "2014")


def find_case_of(ident: str) -> WorkedCase:
    return next(case for case in load_cases("zhongshan", "2014") if case.id == ident)


def tell_of_case(case: WorkedCase) -> list[str]:
    node = parse_yaml("cases: []", "points-2014.cases.yaml")
    return [fault.found for fault in find_disagreements(ZHONGSHAN, [case], node, [])]


def test_a_case_of_two_rounds_agrees_and_another_share_of_a_town_changes_it() -> None:
    case = find_case_of("two_rounds")
    assert tell_of_case(case) == []
    change = {"decision.selection.places.percent": parse_yaml("20", "test")}
    more = ZHONGSHAN.apply_reform(Reform("test", Text("试", "test"), change))
    assert select_people_of_case(more, case)["rounds"][1] == ["x11", "x12"]


def test_a_case_that_expects_others_says_who_was_taken() -> None:
    case = replace(find_case_of("two_rounds"), expect={"admitted": ["x12"], "total": 3})
    told = tell_of_case(case)
    assert told[0].startswith("admitted: ['y01', 'x01'")
    assert told[1] == "'total' in the worked case 'two_rounds'"


def test_a_case_without_a_time_that_is_needed_cannot_be_ranked() -> None:
    case = find_case_of("two_rounds")
    case = replace(case, filings={name: {"place": "X"} for name in case.filings})
    assert "without the time 'filed'" in tell_of_case(case)[0]
