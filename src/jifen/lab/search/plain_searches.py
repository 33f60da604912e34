"""Two plain ways to search, against which the search by boxes is held: every choice, and choices
drawn at random."""

from random import Random

from jifen.lab.search.branch_and_bound import Outcome
from jifen.lab.search.budget import Budget
from jifen.lab.search.objective import Objective
from jifen.lab.search.scorer import Scorer, VariantScore
from jifen.lab.search.space import Choice, Space

SMALL = 4_096
"""A space with so few choices is scored whole."""
_AT_ONCE = 1_024


def search_everything(
    space: Space, scorer: Scorer, objective: Objective, budget: Budget
) -> Outcome:
    """Every choice that keeps the limits is scored: the best is proved by that."""
    allowed = [choice for choice in space.list_choices() if space.allows_choice(choice)]
    best, done = None, 0
    while done < len(allowed) and budget.has_left(scorer.scored):
        best = _choose_better(
            best, scorer.score_choices(allowed[done : done + _AT_ONCE]), objective
        )
        done += _AT_ONCE
    complete = done >= len(allowed)
    if best is None:
        return Outcome(None, float("inf") if complete else 0.0, proved=complete)
    distance_found = objective.measure_preference(objective.first, best)
    return Outcome(best, distance_found if complete else 0.0, proved=complete)


def search_randomly(
    space: Space, scorer: Scorer, objective: Objective, variants: int, seed: int
) -> VariantScore | None:
    """The best of so many choices drawn at random among those that keep the limits."""
    random, best = Random(seed), None
    for start in range(0, variants, _AT_ONCE):
        drawn = [draw_choice(space, random) for _ in range(min(_AT_ONCE, variants - start))]
        best = _choose_better(best, scorer.score_choices(drawn), objective)
    return best


def draw_choice(space: Space, random: Random) -> Choice:
    """A choice that keeps the limits: some figures move, all others stay. After a hundred draws
    that break an order, today's."""
    count = len(space.figures)
    most = min(space.brief.most_changed or count, count)
    for _ in range(100):
        moved = random.sample(range(count), random.randint(1, most)) if most else []
        choice = tuple(
            random.randrange(len(figure.values)) if number in moved else figure.today
            for number, figure in enumerate(space.figures)
        )
        if space.allows_choice(choice):
            return choice
    return space.today


def _choose_better(
    best: VariantScore | None, scores: list[VariantScore], objective: Objective
) -> VariantScore | None:
    accepted = [score for score in scores if objective.accepts_score(score)]
    if best is not None:
        accepted.append(best)
    return min(accepted, key=objective.rank_score, default=None)
