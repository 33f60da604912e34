"""People surely at the line under every other reading of the policy, one by one, and under all
that lower and all that raise the number together."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from jifen.lab.population.people import People
from jifen.lab.scoring import score_people
from jifen.lab.weights import Count
from jifen.lab.words import say
from jifen.policy.policy import Policy
from jifen.policy.text import Text
from jifen.scoring.population.columns import TableError
from jifen.scoring.population.program import Program, build_program, build_programs

_AT_ONCE = 8


@dataclass(frozen=True, slots=True)
class ReadingCount:
    """One other reading (or several `together`), and the people surely at the line under it."""

    label: Text
    reached: Count
    together: bool = False


Chosen = Mapping[str, str]


def count_readings(
    people: People, policy: Policy, on: date, *, threads: int | None = None
) -> tuple[list[ReadingCount], list[Text]]:
    """The counts; and the readings for which the people lack a column."""
    base = _count_all(people, policy, on, [{}], threads)[0]
    alternatives, missing = list_alternatives(people, policy, on)
    counts = _count_all(people, policy, on, [chosen for chosen, _ in alternatives], threads)
    results = [
        ReadingCount(label, count) for (_, label), count in zip(alternatives, counts, strict=True)
    ]
    ends = [
        (
            _combine(alternatives, counts, base, lower=True),
            say("uncertainty.readings.together_fewer"),
        ),
        (
            _combine(alternatives, counts, base, lower=False),
            say("uncertainty.readings.together_more"),
        ),
    ]
    wanted = [(chosen, label) for chosen, label in ends if len(chosen) > 1]
    for (_, label), count in zip(
        wanted,
        _count_all(people, policy, on, [chosen for chosen, _ in wanted], threads),
        strict=True,
    ):
        results.append(ReadingCount(label, count, together=True))
    return results, missing


def list_alternatives(
    people: People, policy: Policy, on: date
) -> tuple[list[tuple[Chosen, Text]], list[Text]]:
    """Every reading that is not the usual one, with its words; and those for which the people lack
    a column."""
    alternatives, missing = list[tuple[Chosen, Text]](), list[Text]()
    for switch in policy.switches:
        for reading in switch.readings:
            if reading.id == switch.default:
                continue
            chosen = {switch.id: reading.id}
            label = Text(
                f"{switch.question.zh} {reading.label.zh}",
                f"{switch.question.en} {reading.label.en}",
            )
            try:
                people.refuse_missing(build_program(policy.rules_on(on, chosen)))
            except TableError:
                missing.append(label)
                continue
            alternatives.append((chosen, label))
    return alternatives, missing


def _combine(
    alternatives: Sequence[tuple[Chosen, Text]],
    counts: Sequence[Count],
    base: Count,
    *,
    lower: bool,
) -> Chosen:
    """Of each switch the reading that lowers (raises) the number most, where one does."""
    best: dict[str, tuple[Count, str]] = {}
    for (chosen, _), count in zip(alternatives, counts, strict=True):
        [(switch, reading)] = chosen.items()
        gain = base - count if lower else count - base
        if gain > best.get(switch, (0, ""))[0]:
            best[switch] = gain, reading
    return {switch: reading for switch, (_, reading) in best.items()}


def _count_all(
    people: People, policy: Policy, on: date, chosen: Sequence[Chosen], threads: int | None
) -> list[Count]:
    """Several sets of readings in one pass, a few at a time."""
    counts = list[Count]()
    for start in range(0, len(chosen), _AT_ONCE):
        rules = tuple(policy.rules_on(on, some) for some in chosen[start : start + _AT_ONCE])
        programs: Sequence[Program] = build_programs(rules)
        for scored in score_people(people, programs, on, threads=threads):
            counts.append(scored.count_people(scored.reached))
    return counts
