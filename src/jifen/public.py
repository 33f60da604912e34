"""The engine as a library: what `import jifen` offers (docs/python.md).

Days are a `date` or ISO text (“2025-06-01”), points are `Decimal`, facts have the names and values
of the contract (a file of facts as a mapping; a fact left out, or `Absent`, is unknown; None does
not apply). A measure is a `Policy`, or text: “shanghai” (the version in force on the day),
“shanghai@2013” (this version, whatever the day), or the path of a city's folder or of a policy
file in one.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final, Unpack

from jifen import cities
from jifen.facts.measures import ABSENT
from jifen.policy.months import parse_date
from jifen.policy.policy import Policy
from jifen.policy.text import Lang
from jifen.scoring.assess import assess as assess_person
from jifen.scoring.compare import Comparison
from jifen.scoring.compare import compare as compare_measures
from jifen.scoring.result import Assessment

if TYPE_CHECKING:
    import pyarrow

    from jifen.planning.answer import Answer
    from jifen.scoring.population.score import Options

__all__ = [
    "Absent",
    "NotInForce",
    "assess",
    "compare",
    "in_force",
    "load",
    "plan",
    "score_population",
]

Absent: Final[Any] = ABSENT
"""The value of a fact that nobody knows: neither None (does not apply) nor zero."""

Day = date | str
Measure = Policy | str


class NotInForce(LookupError):
    """No version of a city's measure is in force on the day; the message lists the versions."""

    def __init__(self, city: cities.CityOrId, on: date) -> None:
        there = cities.find(city)
        periods = ", ".join(
            f"{version.version}: {version.since} – {version.until or '…'}"
            for version in there.versions
        )
        super().__init__(
            f"no measure of {there.id} is in force on {on}; versions: {periods}. "
            f"Choose another day, or name a version: '{there.id}@VERSION'."
        )


def load(city: str, version: str) -> Policy:
    """One version of a city's measure; the city by its id or by the path of its folder.

    Raises PolicyError for a city or version that is not known, with those that are.
    """
    return cities.load(cities.named(city).city, version)


def in_force(city: str, on: Day) -> Policy | None:
    """The version of a city's measure in force on a day; None where there is none.

    Raises PolicyError for a city that is not known, ValueError for text that is no date.
    """
    return cities.in_force(cities.named(city).city, _day(on))


def assess(
    measure: Measure,
    facts: Mapping[str, Any],
    on: Day,
    *,
    readings: Mapping[str, str] | None = None,
    lang: Lang = "zh",
) -> Assessment:
    """Score one person on a day: every point with its reason, bounds while facts are missing.

    `readings` chooses other readings of unclear rules, switch by switch; `lang` is the language of
    faults. Raises FactsError for facts that cannot be used (all of them are named), PolicyError for
    a measure or reading that is not known, NotInForce where the day has no measure.
    """
    day = _day(on)
    policy = _policy(measure, day)
    return assess_person(policy, _known(facts), day, readings=readings, lang=lang)


def compare(
    measures: Sequence[Measure],
    facts: Mapping[str, Any],
    on: Day,
    *,
    readings: Mapping[str, str] | None = None,
    lang: Lang = "zh",
) -> Comparison:
    """Score one person under several measures, in the order given. A fact may be known to one of
    them only. Raises as `assess`."""
    day = _day(on)
    policies = [_policy(measure, day) for measure in measures]
    return compare_measures(policies, _known(facts), day, readings=readings, lang=lang)


def score_population(
    measure: Measure, table: "pyarrow.Table", on: Day, **options: "Unpack[Options]"
) -> "pyarrow.Table":
    """Score everybody of a table on a day, at the speed of memory: one row a person, one column a
    fact (null: unknown), points as decimals of the measure's precision.

    The options are those of `jifen.scoring.population.score.score_population`. Raises TableError
    where a column is missing, NotInForce, PolicyError. Needs `jifen[lab]`.
    """
    from jifen.scoring.population import score  # noqa: PLC0415

    day = _day(on)
    return score.score_population(_policy(measure, day), table, on=day, **options)


def plan(
    measure: Measure,
    facts: Mapping[str, Any],
    on: Day,
    *,
    years: int = 10,
    moves: int = 3,
    without: Iterable[str] = (),
    months: Mapping[str, int] | None = None,
    yuan: Mapping[str, Decimal | int] | None = None,
    readings: Mapping[str, str] | None = None,
    lang: Lang = "zh",
) -> "Answer":
    """When a person reaches the line if nothing changes, and by which moves soonest.

    `years` (1 to 30) are looked at, routes have at most so many `moves`; `without` rules moves out,
    `months` and `yuan` say how long a move takes this person and what it costs. A city by its name
    is planned under the versions that follow one another, “city@version” and a Policy under that
    version for every day. Raises FactsError, PolicyError, NotInForce, and ValueError for wishes
    that make no sense. Needs `jifen[lab]`.
    """
    from jifen.planning import answer, case  # noqa: PLC0415

    day = _day(on)
    policy = _policy(measure, day)
    named = isinstance(measure, Policy) or cities.named(measure).version is not None
    costs = {move: Decimal(cost) for move, cost in (yuan or {}).items()}
    wishes = case.Wishes(frozenset(without), months or {}, costs)
    asked = case.case_of(
        cities.city_of(policy),
        _known(facts),
        day,
        policy=policy if named else None,
        years=years,
        wishes=wishes,
        readings=readings,
    )
    return answer.plan(asked, most=moves, lang=lang)


def _day(on: Day) -> date:
    if isinstance(on, date):
        return on
    try:
        return parse_date(on)
    except ValueError:
        raise ValueError(
            f"{on[:40]!r} is not a date; write YYYY-MM-DD, such as 2025-06-01"
        ) from None


def _policy(measure: Measure, on: date) -> Policy:
    if isinstance(measure, Policy):
        return measure
    meant = cities.named(measure)
    if meant.version is not None:
        return cities.load_file(meant.version.path)
    policy = cities.in_force(meant.city, on)
    if policy is None:
        raise NotInForce(meant.city, on)
    return policy


def _known(facts: Mapping[str, Any]) -> dict[str, Any]:
    return {fact: value for fact, value in facts.items() if value is not ABSENT}
