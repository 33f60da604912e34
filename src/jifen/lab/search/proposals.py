"""Proposals for a brief: the best choices, what each change in them brings, the trade-offs."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from jifen.lab.population.people import People
from jifen.lab.search.branch_and_bound import Outcome, search_boxes
from jifen.lab.search.brief import Brief
from jifen.lab.search.budget import Budget
from jifen.lab.search.objective import Objective
from jifen.lab.search.plain_searches import SMALL, search_everything
from jifen.lab.search.programs import VariantPrograms
from jifen.lab.search.scorer import Scorer, VariantScore
from jifen.lab.search.space import Choice, Figure, Space, space_of
from jifen.lab.weights import Count, to_count
from jifen.policy.policy import Policy

MOST_PROPOSALS = 3


@dataclass(frozen=True, slots=True)
class CellEffect:
    """What one changed figure brings: people at the line more or fewer than without it in the
    proposal, and with it alone on top of today's measure."""

    figure: Figure
    place: int
    in_proposal: Count
    alone: Count


@dataclass(frozen=True, slots=True)
class Proposal:
    """A choice that meets the brief, and what each of its changes brings."""

    number: int
    score: VariantScore
    effects: tuple[CellEffect, ...]


@dataclass(frozen=True)
class SearchResult:
    """`proposals` from the best on; empty where none meets the brief (`outcome.proved`: where none
    can), then `nearest` is the allowed choice that comes nearest to the people asked for. `front`:
    allowed choices of which no other is better in change, distance and worst loss at once."""

    space: Space
    objective: Objective
    outcome: Outcome
    today: VariantScore
    proposals: tuple[Proposal, ...]
    nearest: VariantScore | None
    front: tuple[VariantScore, ...]
    scored: int
    people: Count


def propose_changes(
    people: People,
    policy: Policy,
    brief: Brief,
    on: date,
    *,
    budget: Budget | None = None,
    threads: int | None = None,
    progress: Callable[[int], None] | None = None,
) -> SearchResult:
    """Proposals for a brief on a population. Raises PolicyError where the brief does not fit the
    measure, TableError where it does not fit the people."""
    space = space_of(policy, brief, on)
    programs = VariantPrograms(space, on)
    scorer = Scorer(people, programs, threads=threads)
    objective = Objective.from_space(space, scorer.today.reached)
    limits = budget or Budget()
    if space.size <= SMALL:
        outcome = search_everything(space, scorer, objective, limits)
    else:
        outcome = search_boxes(space, scorer, objective, programs.directions, limits, progress)
    accepted = sorted(filter(objective.accepts_score, scorer.scores), key=objective.rank_score)
    scored = scorer.scored
    allowed = [score for score in scorer.scores if space.allows_choice(score.choice)]
    return SearchResult(
        space,
        objective,
        outcome,
        scorer.today,
        tuple(
            Proposal(number, score, tuple(_list_effects(space, scorer, score)))
            for number, score in enumerate(accepted[:MOST_PROPOSALS], start=1)
        ),
        None if accepted else _find_nearest(allowed, objective),
        tuple(front_of(allowed, objective)),
        scored,
        people.all_people,
    )


def _find_nearest(allowed: list[VariantScore], objective: Objective) -> VariantScore | None:
    """The choice nearest to the people asked for, of those that keep the limits of the groups where
    there are any."""
    return min(
        allowed,
        key=lambda score: (not score.keeps_groups, objective.measure_distance(score)),
        default=None,
    )


def _list_effects(space: Space, scorer: Scorer, score: VariantScore) -> list[CellEffect]:
    """What each changed figure brings, the largest effect first."""
    moved = [n for n, figure in enumerate(space.figures) if score.choice[n] != figure.today]
    without = scorer.score_choices([_replace_place(score.choice, n, space.today[n]) for n in moved])
    alone = scorer.score_choices([_replace_place(space.today, n, score.choice[n]) for n in moved])
    effects = [
        CellEffect(
            space.figures[number],
            score.choice[number],
            to_count(score.reached - other.reached),
            to_count(single.reached - scorer.today.reached),
        )
        for number, other, single in zip(moved, without, alone, strict=True)
    ]
    return sorted(effects, key=lambda effect: -abs(effect.in_proposal))


def _replace_place(choice: Choice, number: int, place: int) -> Choice:
    return (*choice[:number], place, *choice[number + 1 :])


def front_of(scores: list[VariantScore], objective: Objective) -> list[VariantScore]:
    """The scores of which no other has as little change, distance and worst loss, and less of one;
    of equal ones the first."""
    front: list[tuple[tuple[float, float, float], VariantScore]] = []
    for score in scores:
        place = (
            float(objective.space.count_change(score.choice)),
            objective.measure_distance(score),
            score.worst_loss,
        )
        if any(all(a <= b for a, b in zip(other, place, strict=True)) for other, _ in front):
            continue
        front = [
            (other, kept)
            for other, kept in front
            if not all(a <= b for a, b in zip(place, other, strict=True))
        ]
        front.append((place, score))
    return [score for _, score in sorted(front, key=lambda entry: entry[0])]
