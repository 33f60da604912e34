"""One person with every reason, against the hand-written function without any."""

import random
from collections.abc import Callable
from datetime import date, timedelta
from time import process_time
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


def reconcile_totals(person: dict[str, Any]) -> dict[str, Any]:
    """The same person with totals that do not contradict one another."""
    agreed, before = dict(person), dict[str, Any]()
    while agreed != before:
        before = dict(agreed)
        for relation in load("shanghai", "2018").vocabulary.relations:
            if relation.fact in agreed and relation.other in agreed:
                most = agreed[relation.other] + relation.plus
                agreed[relation.fact] = min(agreed[relation.fact], most)
    return agreed


def run() -> None:
    """Check that both agree on everybody, then time them."""
    draw = random.Random(7)
    contradicting = [random_person(draw) for _ in range(PEOPLE)]
    people = [reconcile_totals(person) for person in contradicting]
    _check_totals([*people, *contradicting])
    print(f"one person, Shanghai 2018; {PEOPLE} random people, equal totals on each")
    _print_ratio("  assess: every line, reason and bound", _score_all(people), people, "at most 8")
    words = _write_all(people)
    _print_ratio("  assess and its JSON with all words", words, people, "at most 15")
    again = _score_all(contradicting)
    _print_ratio("  assess, totals contradict one another", again, contradicting, "printed")
    words = _write_all(contradicting)
    _print_ratio("  the same and its JSON with all words", words, contradicting, "printed")


def _check_totals(people: list[dict[str, Any]]) -> None:
    policy = load("shanghai", "2018")
    for person in people:
        result = assess(policy, person, ON)
        total, reached = bare(person, ON)
        assert result.total == total, person
        assert result.reached is reached, person


def _score_all(people: list[dict[str, Any]]) -> Callable[[], None]:
    policy = load("shanghai", "2018")

    def score() -> None:
        for person in people:
            assess(policy, person, ON)

    return score


def _write_all(people: list[dict[str, Any]]) -> Callable[[], None]:
    policy = load("shanghai", "2018")

    def write() -> None:
        for person in people:
            assess(policy, person, ON).to_dict()

    return write


def _print_ratio(
    what: str, work: Callable[[], None], people: list[dict[str, Any]], bound: str
) -> None:
    def score_without_reasons() -> None:
        for person in people:
            bare(person, ON)

    ours, theirs, times = measure_ratio(work, score_without_reasons, rounds=15, clock=process_time)
    print_ratio(what, (ours / PEOPLE, theirs / PEOPLE, times), bound)
