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
from jifen.scoring.comparison import Comparison
from jifen.scoring.comparison import compare as compare_measures
from jifen.scoring.evaluator import assess as assess_person
from jifen.scoring.result import Assessment

if TYPE_CHECKING:
    from pathlib import Path

    import pyarrow

    from jifen.lab.library import Population as People
    from jifen.lab.library import Result
    from jifen.planning.planner import PlanResult
    from jifen.scoring.population.scorer import ScoringOptions

__all__ = [
    "Absent",
    "NotInForce",
    "Population",
    "assess",
    "compare",
    "in_force",
    "load",
    "plan",
    "quota",
    "reform",
    "run",
    "score_population",
    "sweep",
]

Absent: Final[Any] = ABSENT
"""The value of a fact that nobody knows: neither None (does not apply) nor zero."""

Day = date | str
Measure = Policy | str


class NotInForce(LookupError):
    """No version of a city's measure is in force on the day; the message lists the versions."""

    def __init__(self, city: cities.CityOrId, on: date) -> None:
        found_city = cities.find_city(city)
        periods = ", ".join(
            f"{version.version}: {version.since} – {version.until or '…'}"
            for version in found_city.versions
        )
        super().__init__(
            f"no measure of {found_city.id} is in force on {on}; versions: {periods}. "
            f"Choose another day, or name a version: '{found_city.id}@VERSION'."
        )


def load(city: str, version: str) -> Policy:
    """One version of a city's measure; the city by its id or by the path of its folder.

    Raises PolicyError for a city or version that is not known, with those that are.
    """
    return cities.load(cities.resolve_city(city).city, version)


def in_force(city: str, on: Day) -> Policy | None:
    """The version of a city's measure in force on a day; None where there is none.

    Raises PolicyError for a city that is not known, ValueError for text that is no date.
    """
    return cities.in_force(cities.resolve_city(city).city, _to_date(on))


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
    day = _to_date(on)
    policy = _find_policy(measure, day)
    return assess_person(policy, _drop_absent(facts), day, readings=readings, lang=lang)


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
    day = _to_date(on)
    policies = [_find_policy(measure, day) for measure in measures]
    return compare_measures(policies, _drop_absent(facts), day, readings=readings, lang=lang)


def score_population(
    measure: Measure, table: Any, on: Day, **options: "Unpack[ScoringOptions]"
) -> "pyarrow.Table":
    """Score everybody of a table on a day, at the speed of memory: one row a person, one column a
    fact by id or label (null: unknown), points as decimals of the measure's precision. The table
    is any that has the Arrow interface: of pandas, polars, DuckDB, pyarrow.

    The options are those of `jifen.scoring.population.scorer.score_population`. Raises TableError
    where a column is missing, NotInForce, PolicyError. Needs `jifen[lab]`.
    """
    from jifen.lab.library.people import rename_to_facts  # noqa: PLC0415
    from jifen.scoring.population import scorer  # noqa: PLC0415

    day = _to_date(on)
    policy = _find_policy(measure, day)
    named = rename_to_facts(policy.vocabulary, table)
    return scorer.score_population(policy, named, on=day, **options)


def Population(  # noqa: N802 - it makes a `jifen.lab.library.Population`
    measure: Measure,
    source: Any,
    on: Day,
    *,
    weight: str = "",
    by: Sequence[str] = (),
    mapping: "str | Path | None" = None,
) -> "People":
    """People of a city, decoded once for every question: of a file as it comes, or of any dataframe
    with the Arrow interface. `weight` is a column that says how many people each row stands for,
    `by` are further columns by which to group, `mapping` is a file of `jifen facts map`.

    Raises FileFault, PolicyError (a mapping), TableError, NotInForce. Needs `jifen[lab]`.
    """
    from jifen.lab import library  # noqa: PLC0415

    day = _to_date(on)
    return library.Population(
        _find_policy(measure, day), source, day, weight=weight, by=by, mapping=mapping
    )


def run(measure: Measure, people: Any, on: Day, *, by: Sequence[str] = ()) -> "Result":
    """A whole population: distribution, groups, indicators, who is near the line. `people` is a
    `Population` or what makes one. Raises TableError, NotInForce, PolicyError."""
    from jifen.lab import library  # noqa: PLC0415

    day = _to_date(on)
    policy = _find_policy(measure, day)
    return library.ask_run(_to_population(policy, people, day), policy, day, by)


def quota(measure: Measure, people: Any, on: Day, *, admit: int) -> "Result":
    """The exact line that admits so many people, and the ties at it. Raises as `run`."""
    from jifen.lab import library  # noqa: PLC0415

    day = _to_date(on)
    policy = _find_policy(measure, day)
    return library.ask_quota(_to_population(policy, people, day), policy, day, admit)


def reform(
    measure: Measure,
    people: Any,
    on: Day,
    change: "Mapping[str, Any] | str | Path | Policy",
    *,
    by: Sequence[str] = (),
    unchecked: bool = False,
) -> "Result":
    """Today's rules and a reform on the same people: winners, losers, who crosses the line.

    `change` maps paths into the policy to new values (None takes away), or is a reform file.
    Raises PolicyError where it does not fit or fails the static checks (`unchecked`: simulated all
    the same, and the result says so), and as `run`.
    """
    from jifen.lab import library  # noqa: PLC0415

    day = _to_date(on)
    policy = _find_policy(measure, day)
    population = _to_population(policy, people, day)
    return library.ask_reform(population, policy, day, change, by, unchecked=unchecked)


def sweep(
    measure: Measure,
    people: Any,
    on: Day,
    vary: "Mapping[str, Sequence[Any]] | str | Path",
    *,
    by: str | None = None,
    unchecked: bool = False,
) -> "Result":
    """Every combination of the values of some figures (path → values), or a sweep file: who reaches
    the line under each. Raises as `reform`."""
    from jifen.lab import library  # noqa: PLC0415

    day = _to_date(on)
    policy = _find_policy(measure, day)
    population = _to_population(policy, people, day)
    return library.ask_sweep(population, policy, day, vary, by, unchecked=unchecked)


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
) -> "PlanResult":
    """When a person reaches the line if nothing changes, and by which moves soonest.

    `years` (1 to 30) are looked at, routes have at most so many `moves`; `without` rules moves out,
    `months` and `yuan` say how long a move takes this person and what it costs. A city by its name
    is planned under the versions that follow one another, “city@version” and a Policy under that
    version for every day. Raises FactsError, PolicyError, NotInForce, and ValueError for wishes
    that make no sense. Needs `jifen[lab]`.
    """
    from jifen.planning import case, planner  # noqa: PLC0415

    day = _to_date(on)
    policy = _find_policy(measure, day)
    named = isinstance(measure, Policy) or cities.resolve_city(measure).version is not None
    costs = {move: Decimal(cost) for move, cost in (yuan or {}).items()}
    wishes = case.Wishes(frozenset(without), months or {}, costs)
    asked = case.build_case(
        cities.find_city_of_policy(policy),
        _drop_absent(facts),
        day,
        policy=policy if named else None,
        years=years,
        wishes=wishes,
        readings=readings,
    )
    return planner.plan(asked, most=moves, lang=lang)


def _to_date(on: Day) -> date:
    if isinstance(on, date):
        return on
    try:
        return parse_date(on)
    except ValueError:
        raise ValueError(
            f"{on[:40]!r} is not a date; write YYYY-MM-DD, such as 2025-06-01"
        ) from None


def _find_policy(measure: Measure, on: date) -> Policy:
    if isinstance(measure, Policy):
        return measure
    meant = cities.resolve_city(measure)
    if meant.version is not None:
        return cities.load_policy_file(meant.version.path)
    policy = cities.in_force(meant.city, on)
    if policy is None:
        raise NotInForce(meant.city, on)
    return policy


def _to_population(policy: Policy, people: Any, on: date) -> "People":
    from jifen.lab import library  # noqa: PLC0415

    if isinstance(people, library.Population):
        return people
    return library.Population(policy, people, on)


def _drop_absent(facts: Mapping[str, Any]) -> dict[str, Any]:
    return {fact: value for fact, value in facts.items() if value is not ABSENT}
