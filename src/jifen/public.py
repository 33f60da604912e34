"""The engine as a library: what `import jifen` offers for one person (docs/python.md); the
questions about many people are in `jifen.public_people`.

Days are a `date` or ISO text (“2025-06-01”), points are `Decimal`, facts have the names and values
of the contract (a file of facts as a mapping; a fact left out, or `Absent`, is unknown; None does
not apply). A measure is a `Policy`, or text: “shanghai” (the version in force on the day),
“shanghai@2013” (this version, whatever the day), or the path of a city's folder or of a policy
file in one.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final

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
    from jifen.lab.library import Result
    from jifen.planning.planner import PlanResult

__all__ = [
    "Absent",
    "NotInForce",
    "assess",
    "compare",
    "in_force",
    "load",
    "plan",
    "route",
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
    return cities.in_force(cities.resolve_city(city).city, to_day(on))


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
    day = to_day(on)
    policy = find_measure(measure, day)
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
    day = to_day(on)
    policies = [find_measure(measure, day) for measure in measures]
    return compare_measures(policies, _drop_absent(facts), day, readings=readings, lang=lang)


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

    day = to_day(on)
    policy = find_measure(measure, day)
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


def route(
    measures: Measure | Sequence[Measure],
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
) -> "Result":
    """When a person reaches the line in one or several cities, as `jifen route` says it: in words,
    as its document, and as the tables `routes`, `cities` and `forecast`.

    The options are those of `plan`, which answers for one city with objects to ask further. A city
    without a measure on the day is left out of several. Raises as `plan`, and NoMoves for a city
    whose moves are not recorded. Needs `jifen[lab]`.
    """
    from jifen.lab.library.results import Result  # noqa: PLC0415
    from jifen.lab.library.routes import build_route_tables  # noqa: PLC0415
    from jifen.planning import case, route_text, serialization, several_cities  # noqa: PLC0415

    day = to_day(on)
    asked = [measures] if isinstance(measures, str | Policy) else list(measures)
    found = _find_measures(asked, day)
    costs = {move: Decimal(cost) for move, cost in (yuan or {}).items()}
    wishes = case.Wishes(frozenset(without), months or {}, costs)
    policies: dict[cities.City, Policy | None] = {place: policy for place, (policy, _) in found}
    always = {place for place, (_, named) in found if named}

    def build_case(place: cities.City, given: Mapping[str, Any]) -> case.PlanCase:
        return case.build_case(
            place,
            given,
            day,
            policy=policies[place] if place in always else None,
            years=years,
            wishes=wishes.wishes_for_city(place, policies),
            readings=readings,
        )

    answers = list(
        several_cities.plan_for_cities(
            list(policies),
            _drop_absent(facts),
            day,
            build_case,
            policies=policies,
            readings=readings,
            most=moves,
            lang=lang,
        )
    )
    document = serialization.serialize_plans(answers, lang)
    return Result(
        "route",
        document,
        build_route_tables(document),
        lambda words_lang: route_text.format_routes(answers, words_lang),
    )


def _find_measures(
    asked: Sequence[Measure], on: date
) -> list[tuple[cities.City, tuple[Policy, bool]]]:
    """The city of each measure that is in force, its policy, and whether a version was named.
    Raises NotInForce where none of them is in force."""
    found, refusals = list[tuple[cities.City, tuple[Policy, bool]]](), list[NotInForce]()
    for measure in asked:
        named = isinstance(measure, Policy) or cities.resolve_city(measure).version is not None
        try:
            policy = find_measure(measure, on)
        except NotInForce as refusal:
            refusals.append(refusal)
            continue
        place = cities.find_city(
            cities.find_city_of_policy(policy)
            if isinstance(measure, Policy)
            else cities.resolve_city(measure).narrowed_city
        )
        found.append((place, (policy, named)))
    if refusals and not found:
        raise refusals[0]
    return found


def to_day(on: Day) -> date:
    """A day from a date or ISO text. Raises ValueError."""
    if isinstance(on, date):
        return on
    try:
        return parse_date(on)
    except ValueError:
        raise ValueError(
            f"{on[:40]!r} is not a date; write YYYY-MM-DD, such as 2025-06-01"
        ) from None


def find_measure(measure: Measure, on: date) -> Policy:
    """The policy that is meant on a day. Raises PolicyError, NotInForce."""
    if isinstance(measure, Policy):
        return measure
    meant = cities.resolve_city(measure)
    if meant.version is not None:
        return cities.load_policy_file(meant.version.path)
    policy = cities.in_force(meant.city, on)
    if policy is None:
        raise NotInForce(meant.city, on)
    return policy


def _drop_absent(facts: Mapping[str, Any]) -> dict[str, Any]:
    return {fact: value for fact, value in facts.items() if value is not ABSENT}
