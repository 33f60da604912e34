"""The search by boxes finds what looking at every choice finds, and proves it."""

from dataclasses import replace
from itertools import count

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from jifen.lab.population import People
from jifen.lab.reforms import compare_reforms
from jifen.lab.search.branch_and_bound import search_boxes
from jifen.lab.search.brief import PREFERENCES, Brief
from jifen.lab.search.budget import Budget
from jifen.lab.search.objective import Objective
from jifen.lab.search.plain_searches import draw_choice, search_everything, search_randomly
from jifen.lab.search.programs import VariantPrograms
from jifen.lab.search.proposals import front_of, propose_changes
from jifen.lab.search.scorer import Scorer
from jifen.lab.search.space import space_of
from jifen.policy.fault import PolicyError
from tests.lab.search.briefs import FIGURES, applicants, brief
from tests.people.changed_policies import ON, SHANGHAI

WIDE = ["doctor", "master", "bachelor", "insurance", "line"]


@pytest.fixture(scope="module")
def people() -> People:
    return applicants(2_000, unknown=0.01)


def _search_both(people: People, wanted: Brief) -> tuple[object, object, int, int]:
    """(by boxes, by everything, scored by boxes, choices): the best by the brief's ranks."""
    space = space_of(SHANGHAI, wanted, ON)
    programs = VariantPrograms(space, ON)
    boxes, everything = Scorer(people, programs), Scorer(people, programs)
    objective = Objective.from_space(space, boxes.today.reached)
    first = search_boxes(space, boxes, objective, programs.directions, Budget(600))
    second = search_everything(space, everything, objective, Budget(600))
    assert first.proved
    assert second.proved
    if first.best is None or second.best is None:
        return first.best, second.best, boxes.scored, space.size
    measure = objective.measure_preference
    name = objective.first
    return (
        measure(name, first.best),
        measure(name, second.best),
        boxes.scored,
        space.size,
    )


def test_boxes_find_what_every_choice_would_show(people: People) -> None:
    for first in PREFERENCES:
        for share, within in ((0.9, 15), (1.05, 25), (0.97, 0)):
            wanted = brief(
                WIDE,
                {"share_of_today": share, "within": within},
                limits={
                    "changed": 3,
                    "keep_order": [["doctor", "master", "bachelor"]],
                    "groups": [{"by": "education", "most_loss": 0.3}],
                },
                prefer=[first],
            )
            boxes, everything, scored, size = _search_both(people, wanted)
            assert boxes == everything, (first, share, within)
            assert scored < size


@settings(max_examples=8, deadline=None)
@given(data=st.data())
def test_boxes_are_right_whatever_is_asked(data: st.DataObject) -> None:
    people = applicants(600)
    figures = data.draw(
        st.lists(st.sampled_from(list(FIGURES)), min_size=2, max_size=4, unique=True)
    )
    wanted = brief(
        figures,
        {
            "share_of_today": data.draw(st.floats(0.8, 1.2).map(lambda n: round(n, 3))),
            "within": data.draw(st.integers(0, 20)),
        },
        prefer=[data.draw(st.sampled_from(PREFERENCES))],
        limits={"changed": data.draw(st.integers(1, 4))},
    )
    boxes, everything, _, _ = _search_both(people, wanted)
    assert boxes == everything


def test_a_proposal_is_what_the_reform_of_it_gives(people: People) -> None:
    result = propose_changes(
        people, SHANGHAI, brief(WIDE, {"share_of_today": 0.93, "within": 20}), ON
    )
    assert result.proposals
    assert result.outcome.proved
    for proposal in result.proposals:
        reformed = result.space.apply_choice(proposal.score.choice, "a-try")
        [compared] = compare_reforms(people, SHANGHAI, [reformed], ON)
        assert proposal.score.reached == compared.everybody.reached_after.surely


def test_a_group_is_not_hurt_more_than_allowed(people: People) -> None:
    limits = {"groups": [{"by": "education", "most_loss": 0.05}]}
    free = propose_changes(people, SHANGHAI, brief(WIDE, {"share_of_today": 0.9, "within": 40}), ON)
    held = propose_changes(
        people, SHANGHAI, brief(WIDE, {"share_of_today": 0.96, "within": 40}, limits=limits), ON
    )
    assert free.proposals[0].score.losses == ()
    for proposal in held.proposals:
        assert 0 <= proposal.score.worst_loss <= 0.05


def test_losses_are_those_of_people_who_were_at_the_line(people: People) -> None:
    wanted = brief(
        ["line", "bachelor"],
        {"people": 1, "within": 10_000},
        limits={"groups": [{"by": "education", "most_loss": 1}]},
        prefer=["stayers"],
    )
    space = space_of(SHANGHAI, wanted, ON)
    scorer = Scorer(people, VariantPrograms(space, ON))
    for score in scorer.score_choices(list(space.list_choices())):
        assert sum(loss.lost for loss in score.losses) == score.lost
        assert scorer.today.reached - score.lost + score.gained == score.reached
        assert all(0 <= loss.lost <= loss.today for loss in score.losses)


def test_nothing_that_meets_the_brief_is_told_with_the_nearest(people: People) -> None:
    result = propose_changes(people, SHANGHAI, brief(["doctor"], {"people": 1}), ON)
    assert result.proposals == ()
    assert result.outcome.proved
    assert result.outcome.best is None
    assert result.nearest is not None


def test_orders_are_kept_and_not_more_figures_change_than_allowed(people: People) -> None:
    limits = {"changed": 2, "keep_order": [["doctor", "master", "bachelor"]]}
    wanted = brief(WIDE, {"share_of_today": 0.9, "within": 60}, limits=limits)
    result = propose_changes(people, SHANGHAI, wanted, ON)
    for score in (*result.front, *(p.score for p in result.proposals)):
        doctor, master, bachelor = (
            float(result.space.figures[n].words[score.choice[n]]) for n in range(3)
        )
        assert doctor > master > bachelor
        assert result.space.count_cells(score.choice) <= 2


def test_a_search_that_is_cut_short_proves_nothing_and_says_how_far_it_came(people: People) -> None:
    figures = list(FIGURES)
    wanted = brief(figures, {"share_of_today": 0.97, "within": 0}, prefer=["change"])
    ticks = count()
    budget = Budget(seconds=2, variants=10**9, clock=lambda: float(next(ticks)))
    result = propose_changes(people, SHANGHAI, wanted, ON, budget=budget)
    assert result.space.size > 4_096
    assert not result.outcome.proved
    assert result.outcome.bound < float("inf")


def test_random_draws_keep_the_limits_and_never_beat_the_proved_best(people: People) -> None:
    from random import Random

    limits = {"changed": 2, "keep_order": [["doctor", "master", "bachelor"]]}
    wanted = brief(WIDE, {"share_of_today": 0.95, "within": 30}, limits=limits)
    space = space_of(SHANGHAI, wanted, ON)
    random = Random(1)
    assert all(space.allows_choice(draw_choice(space, random)) for _ in range(200))
    scorer = Scorer(people, VariantPrograms(space, ON))
    objective = Objective.from_space(space, scorer.today.reached)
    best = search_everything(space, scorer, objective, Budget(600)).best
    drawn = search_randomly(space, scorer, objective, 100, seed=4)
    assert best is not None
    assert drawn is None or objective.rank_score(best) <= objective.rank_score(drawn)


def test_the_front_holds_no_choice_that_another_beats(people: People) -> None:
    wanted = brief(WIDE, {"share_of_today": 0.95, "within": 30})
    space = space_of(SHANGHAI, wanted, ON)
    scorer = Scorer(people, VariantPrograms(space, ON))
    objective = Objective.from_space(space, scorer.today.reached)
    scores = scorer.score_choices(list(space.list_choices()))
    front = front_of(scores, objective)
    places = {
        s.choice: (space.count_change(s.choice), objective.measure_distance(s), s.worst_loss)
        for s in scores
    }
    for score in front:
        mine = np.array(places[score.choice])
        assert not any(
            (np.array(other) <= mine).all() and (np.array(other) < mine).any()
            for other in places.values()
        )
    least = min(place[1] for place in places.values())
    assert min(places[s.choice][1] for s in front) == least


def test_weights_count_as_so_many_people() -> None:
    people = applicants(300)
    people.weights, people.weight = np.full(people.count, 2.5), "w"
    wanted = brief(["bachelor", "line"], {"share_of_today": 0.95, "within": 20})
    weighted = propose_changes(people, SHANGHAI, wanted, ON)
    people.weights, people.weight = None, ""
    plain = propose_changes(people, SHANGHAI, wanted, ON)
    assert weighted.today.reached == pytest.approx(2.5 * float(plain.today.reached))


def test_a_group_that_there_is_not_is_named(people: People) -> None:
    limits = {"groups": [{"by": "education", "most_loss": 0.1, "only": ["Nobody"]}]}
    with pytest.raises(PolicyError) as caught:
        propose_changes(people, SHANGHAI, brief(["line"], {"people": 5}, limits=limits), ON)
    [fault] = caught.value.faults
    assert fault.found == "no group 'Nobody' by 'education'"
    assert "Doctorate" in fault.expected


@pytest.mark.parametrize("name", ["college", "大专、高职", "College or higher vocational"])
def test_a_group_is_named_by_its_label_or_its_answer(people: People, name: str) -> None:
    limits = {"groups": [{"by": "education", "most_loss": 0.5, "only": [name]}]}
    wanted = brief(["bachelor"], {"share_of_today": 0.9, "within": 300}, limits=limits)
    result = propose_changes(people, SHANGHAI, wanted, ON)
    assert [loss.label.zh for loss in result.today.losses] == ["大专、高职"]


def test_a_choice_that_changes_nothing_is_today(people: People) -> None:
    wanted = brief(["bachelor", "line"], {"share_of_today": 1, "within": 0}, prefer=["change"])
    result = propose_changes(people, SHANGHAI, wanted, ON)
    assert result.proposals[0].score == replace(result.today)
    assert result.proposals[0].effects == ()
