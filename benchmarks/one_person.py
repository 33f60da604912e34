"""One person with every reason, against the hand-written function without any."""

import random
from datetime import date, timedelta
from typing import Any

from benchmarks.bare_shanghai import score_by_hand as bare
from benchmarks.timing import measure_ratio, print_ratio
from jifen.cities import load
from jifen.scoring import assess

ON = date(2025, 6, 1)
PEOPLE = 1_000


def random_person(draw: random.Random) -> dict[str, Any]:
    """A person of whom everything is known, in the types that a program would hold."""
    policy = load("shanghai", "2018")
    vocabulary, person = policy.vocabulary, dict[str, Any]()
    for fact_id in {vocabulary.find_asked_fact(used) for used in policy.rules_on(ON).used}:
        fact = vocabulary[fact_id]
        if fact.type == "bool":
            person[fact_id] = draw.random() < 0.2
        elif fact.type == "choice":
            person[fact_id] = draw.choice(fact.ids)
        elif fact.type == "date":
            person[fact_id] = date(1960, 1, 1) + timedelta(days=draw.randrange(16_000))
        elif fact.type == "dates":
            recent = ON - timedelta(days=draw.randrange(3_000))
            person[fact_id] = [recent] if draw.random() < 0.1 else []
        else:
            person[fact_id] = draw.randrange(min(int(fact.most), 500_000) + 1)
    return person


def run() -> None:
    """Check that both agree on everybody, then time them."""
    policy, draw = load("shanghai", "2018"), random.Random(7)
    people = [random_person(draw) for _ in range(PEOPLE)]
    for person in people:
        result = assess(policy, person, ON)
        total, reached = bare(person, ON)
        assert result.total == total, person
        assert result.reached is reached, person

    def score_with_reasons() -> None:
        for person in people:
            assess(policy, person, ON)

    def score_with_words() -> None:
        for person in people:
            assess(policy, person, ON).to_dict()

    def score_without_reasons() -> None:
        for person in people:
            bare(person, ON)

    print(f"one person, Shanghai 2018; {PEOPLE} random people, equal totals on each")
    for what, work in (
        ("  assess: every line, reason and bound", score_with_reasons),
        ("  assess and its JSON with all words", score_with_words),
    ):
        ours, theirs, times = measure_ratio(work, score_without_reasons, rounds=15)
        print_ratio(what, (ours / PEOPLE, theirs / PEOPLE, times), "at most 60, aim 15")
