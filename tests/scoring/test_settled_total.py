"""How far the answers have come: what the settled lines add up to."""

from datetime import date
from decimal import Decimal

from jifen.cities import load
from jifen.scoring import assess

ON = date(2025, 6, 1)


def test_open_lines_count_nothing_and_settled_ones_count() -> None:
    facts = {"birth_date": "1985-01-01", "insured_months": 60}
    result = assess(load("shanghai", "2018"), facts, ON)
    assert result.answered == Decimal(30 + 15)
    assert result.bounds[0] == 0


def test_a_settled_side_of_a_best_of_counts_while_the_other_is_open() -> None:
    facts = {"birth_date": "1985-01-01", "education": "master", "study_mode": "full_time"}
    assert assess(load("shanghai", "2018"), facts, ON).answered == 130


def test_once_all_is_known_it_is_the_total() -> None:
    from jifen.cities.worked_cases import load_cases

    case = next(c for c in load_cases("shanghai", "2018") if c.id == "E33")
    result = assess(load("shanghai", "2018"), case.facts, case.on)
    assert result.answered == result.total == 170


def test_a_side_that_can_no_longer_win_is_set_aside_and_not_asked_for() -> None:
    facts = {"average_local_staff": 1300}
    result = assess(load("shanghai", "2018"), facts, ON)
    assert not result.line("investment_tax").counted
    assert result.line("local_jobs").counted
    assert "average_annual_tax" not in result.missing
