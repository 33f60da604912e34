"""People counted block by block under a draft are those that plain NumPy counts one table at a
time, whichever way the blocks fall and whether a draft changes few people or nearly all."""

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given
from hypothesis import strategies as st
from numpy.typing import NDArray

from jifen.lab.population import People
from jifen.lab.reforms import ReformResult
from jifen.lab.scoring import ScoredPeople, score_people
from jifen.lab.warm import WarmPeople, draft_counting
from jifen.policy.policy import Policy
from jifen.scoring.population.bounds import UNKNOWN_SHIFT
from jifen.scoring.population.loop_emitter import REACHED
from jifen.scoring.population.program import build_programs
from tests.hypothesis_profiles import each
from tests.people.changed_policies import ON, SHANGHAI, Packed, change_policy

FIGURES = {
    "indicators__education__choice__points__bachelor_with_degree": (0, 400),
    "indicators__insurance_years__per_unit__each": (0, 40),
    "decision__lines__0__points": (60, 200),
    "groups__basic__most": (10, 120),
    "floor": (0, 90),
}
GROUPS = ("age:10", "education", "study_mode", "study_place", "title")
PEOPLE = 1_000


@pytest.fixture
def few(packed: Packed) -> list[People]:
    """People all of whose facts are known, people of whom some are not, and some of those with
    values that cannot be used."""
    whole = packed("shanghai", "2018", PEOPLE)
    unknown = packed("shanghai", "2018", PEOPLE, seed=8, unknown=0.02)
    faulty = np.arange(PEOPLE) % 7 == 0
    return [whole, unknown, replace(unknown, faulty=faulty)]


@each(12, 300, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_a_draft_is_counted_as_numpy_counts_it(few: list[People], data: st.DataObject) -> None:
    people = data.draw(st.sampled_from(few))
    groups = data.draw(st.lists(st.sampled_from(GROUPS), min_size=1, max_size=5, unique=True))
    warm = WarmPeople(people, threads=data.draw(st.integers(1, 3)))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(draft_counting, "BLOCK", data.draw(st.sampled_from((128, 320, 1 << 16))))
        patch.setattr(draft_counting, "_SAMPLE", 64)
        for _ in range(3):
            path = data.draw(st.sampled_from(sorted(FIGURES)))
            figure = data.draw(st.integers(*FIGURES[path]))
            draft = change_policy(SHANGHAI, **{path: str(figure)})
            result = warm.compare_reform(SHANGHAI, draft, ON, groups=groups)
            _check(result, people, draft)


@pytest.mark.parametrize("share", [0.0, 1.0])
def test_both_ways_of_counting_give_the_same(
    few: list[People], share: float, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(draft_counting, "_sample_changed", lambda *_: share)
    for people in few:
        for path, (_, most) in FIGURES.items():
            draft = change_policy(SHANGHAI, **{path: str(most)})
            result = WarmPeople(people).compare_reform(SHANGHAI, draft, ON, groups=GROUPS)
            _check(result, people, draft)


def _check(result: ReformResult, people: People, draft: Policy) -> None:
    """Every table of a result, counted anew from the totals of the kernel."""
    programs = build_programs((SHANGHAI.rules_on(ON), draft.rules_on(ON)))
    before, after = score_people(people, programs, ON)
    known, everybody = before.known, before.everybody
    difference = after.total.astype(int) - before.total
    at = difference[known] - result.least_change
    assert np.bincount(at, minlength=len(result.change)).tolist() == result.change.tolist()
    for grouping, found in result.groups:
        for number, group in enumerate(found):
            own = grouping.codes == number
            crossing = np.zeros((3, 3), int)
            some = own & everybody
            np.add.at(crossing, (_classes(before)[some], _classes(after)[some]), 1)
            assert group.crossings.tolist() == crossing.tolist()
            moves = np.sign(difference[own & known]) + 1
            assert group.moves.tolist() == np.bincount(moves, minlength=3).tolist()
            for scored, bins in ((before, group.before), (after, group.after)):
                places = scored.total[own & known].astype(int) - result.least
                assert bins.tolist() == np.bincount(places, minlength=len(bins)).tolist()


def _classes(scored: ScoredPeople) -> NDArray[Any]:
    surely, perhaps = ((scored.flags & bit) != 0 for bit in (REACHED, REACHED << UNKNOWN_SHIFT))
    return np.where(surely, 2, np.where(perhaps, 1, 0))
