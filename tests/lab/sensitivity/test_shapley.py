"""Shares of indicators are Shapley's, and add up to the people at the line."""

from itertools import permutations

import numpy as np
import pytest

from jifen.lab.population import People
from jifen.lab.sensitivity import figure_swings, indicator_shares
from jifen.lab.sensitivity.shapley import switch_indicators
from jifen.lab.sensitivity.texts import format_shares, to_dict, to_tables
from jifen.lab.sweeps.sweeper import sweep_programs
from jifen.scoring.population.program import build_program
from tests.lab.search.briefs import applicants, brief
from tests.people.changed_policies import ON, SHANGHAI, change_policy


@pytest.fixture(scope="module")
def people() -> People:
    return applicants(1_500)


def test_the_shares_add_up_to_the_people_at_the_line(people: People) -> None:
    found = indicator_shares(people, SHANGHAI, ON, pairs=4)
    assert sum(share.people for share in found.shares) == pytest.approx(
        float(found.reached) - float(found.without)
    )
    assert found.without == 0
    ids = [share.id for share in found.shares]
    assert ids[0] in {"education", "age", "contribution_base"}
    assert next(s for s in found.shares if s.id == "detention").people <= 0


def test_they_are_what_every_order_would_give(people: People) -> None:
    program = build_program(SHANGHAI.rules_on(ON))
    numbers = [n for n, t in enumerate(program.points) if t.least or t.most]
    chosen = numbers[:4]
    states = [tuple(bool(k >> n & 1) for n in range(4)) for k in range(16)]
    off = (False,) * (len(numbers) - 4)
    programs = tuple(switch_indicators(program, numbers, (*state, *off)) for state in states)
    counts = sweep_programs(people, programs, ON, None).reached.sum(1)
    reached = dict(zip(states, counts, strict=True))
    share = np.zeros(4)
    for order in permutations(range(4)):
        on = [False] * 4
        for number in order:
            before = reached[tuple(on)]
            on[number] = True
            share[number] += (reached[tuple(on)] - before) / 24
    alone = change_policy(
        SHANGHAI,
        **{
            f"indicators__{SHANGHAI.rules_on(ON).indicators[n].id}": "null"
            for n in numbers
            if n not in chosen
        },
    )
    found = indicator_shares(people, alone, ON, pairs=200, seed=5)
    by_id = {one.id: one for one in found.shares}
    for place, number in enumerate(chosen):
        estimate = by_id[SHANGHAI.rules_on(ON).indicators[number].id]
        assert estimate.people == pytest.approx(share[place], abs=4 * estimate.error + 1e-6)


def test_the_same_seed_gives_the_same_shares(people: People) -> None:
    first = indicator_shares(people, SHANGHAI, ON, pairs=3, seed=2)
    assert first == indicator_shares(people, SHANGHAI, ON, pairs=3, seed=2)
    assert first != indicator_shares(people, SHANGHAI, ON, pairs=3, seed=3)


def test_each_figure_moves_alone(people: People) -> None:
    wanted = brief(["line"], {"people": 1})
    swings = {s.figure.id: s for s in figure_swings(people, SHANGHAI, wanted, ON)}
    program = [
        build_program(change_policy(SHANGHAI, decision__lines__0__points=points).rules_on(ON))
        for points in ("110", "130")
    ]
    alone = [int(sweep_programs(people, (one,), ON, None).reached.sum()) for one in program]
    assert [swings["line"].first, swings["line"].last] == alone
    assert swings["line"].first > swings["line"].today > swings["line"].last


def test_words_document_and_tables_hold_the_same_figures(people: People) -> None:
    found = indicator_shares(people, SHANGHAI, ON, pairs=2)
    swings = figure_swings(people, SHANGHAI, brief(["line"], {"people": 1}), ON)
    document = to_dict(found, swings)
    rows = to_tables(found, swings)
    assert document["reached"] == found.reached
    assert rows["shares"].column("people").to_pylist() == [s["people"] for s in document["shares"]]
    assert rows["swings"].column("reached_first").to_pylist() == [swings[0].first]
    assert f"{found.reached:,} of 1,500 people surely at the line" in format_shares(
        found, swings, "en"
    )
    assert "各指标的份额" in format_shares(found, swings, "zh")
