"""JF-S001: a worked case that gives something else than it says. Cases are run, not only read."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import Decimal, InvalidOperation
from typing import Any

from jifen.cities.worked_cases import WorkedCase
from jifen.entitlements import CityEntitlements, MissingNeed, assess_entitlement
from jifen.entitlements.worked_cases import EntitlementCase
from jifen.facts.fault import FactsError
from jifen.policy.catalogue import FaultWords
from jifen.policy.checks.context import find_place
from jifen.policy.fault import DocumentError, Fault, Place, shorten_text
from jifen.policy.policy import Policy
from jifen.policy.quantity import format_number
from jifen.policy.source import Node
from jifen.policy.text import Text
from jifen.rulebook.words import say
from jifen.scoring import Assessment, assess
from jifen.scoring.selected_people import select_people_of_case

CODE = "JF-S001"
_ANSWERS = ("eligible", "vetoed", "reached")
_REMEDY = say("worked_cases.remedy")
Path = tuple[str | int, ...]


def find_disagreements(
    policy: Policy, cases: Iterable[WorkedCase], node: Node, lines: Sequence[str]
) -> Iterator[Fault]:
    """The faults of the worked cases of a measure; `node` and `lines` are those of their file."""
    for case in cases:
        for path, expected, actual in _compare_case(policy, case):
            place = find_place(node, ("cases", case.id, *path))
            yield _build_fault(case.id, place, lines, expected, actual)


def find_entitlement_disagreements(
    city: CityEntitlements, cases: Iterable[EntitlementCase], node: Node, lines: Sequence[str]
) -> Iterator[Fault]:
    """The faults of the worked cases of entitlements."""
    for case in cases:
        entitlements = {entitlement.id: entitlement for entitlement in city.list_in_force(case.on)}
        missing: list[MissingNeed] = []
        for ident, state in case.expect.items():
            if ident not in entitlements:
                actual = f"'{ident}' is no entitlement on {case.on}"
            else:
                answer = assess_entitlement(entitlements[ident], case.known, case.on)
                actual, missing = f"'{ident}': {answer.state}", [*missing, *answer.missing]
            if actual != f"'{ident}': {state}":
                place = find_place(node, ("cases", case.id, "expect", state))
                yield _build_fault(case.id, place, lines, f"'{ident}': {state}", actual)
        since = missing[0].since if missing else None
        opens = next((need.opens_on for need in missing if need.opens_on), None)
        for key, expected, day in (
            ("since", case.since, since),
            ("opens_on", case.opens_on, opens),
        ):
            if expected and day != expected:
                place = find_place(node, ("cases", case.id, key))
                yield _build_fault(
                    case.id, place, lines, f"{key}: {expected}", f"{key}: {_format_value(day)}"
                )


def _build_fault(
    ident: str, place: Place, lines: Sequence[str], expected: str | Text, actual: str
) -> Fault:
    line = lines[place.line - 1] if 0 < place.line <= len(lines) else ""
    words = FaultWords(
        say("worked_cases.in_the_worked_case", ident=ident, actual=actual),
        expected if isinstance(expected, Text) else Text(expected, expected),
        _REMEDY,
    )
    clause = say("worked_cases.case", ident=ident)
    return Fault.from_words(CODE, place, words, clause=clause, line_text=line[:200])


CaseDifference = tuple[Path, str | Text, str]
"""Where in the case, what it expects, what was found. Figures are the same in both languages."""


def _compare_case(policy: Policy, case: WorkedCase) -> Iterator[CaseDifference]:
    try:
        if case.people:
            yield from _compare_order(policy, case)
        else:
            result = assess(policy, case.facts, case.on, readings=case.readings)
            yield from _compare_result(case.expect, result)
    except FactsError as error:
        yield ("facts",), say("worked_cases.usable_facts"), shorten_text(str(error), 200)
    except DocumentError as error:
        yield (), say("worked_cases.buildable_rules"), shorten_text(str(error), 200)
    except ValueError as error:  # somebody who cannot be ranked
        yield ("expect",), say("worked_cases.rankable_people"), shorten_text(str(error), 200)


def _compare_order(policy: Policy, case: WorkedCase) -> Iterator[CaseDifference]:
    outcome = select_people_of_case(policy, case)
    for key, expected in case.expect.items():
        if key not in ("order", "admitted", "rounds"):
            yield (
                ("expect", key),
                say("worked_cases.one_of", keys="order, admitted, rounds"),
                f"'{key}'",
            )
        elif outcome[key] != expected:
            yield ("expect", key), f"{key}: {expected}", f"{key}: {outcome[key]}"


def _compare_result(expect: Mapping[str, Any], result: Assessment) -> Iterator[CaseDifference]:
    for key, expected in expect.items():
        path = ("expect", key)
        if key == "total":
            yield from _compare_points(path, key, expected, result.total)
        elif key == "bounds":
            for number, (end, actual) in enumerate(
                zip(_to_pair(expected), result.bounds, strict=True)
            ):
                yield from _compare_points((*path, number), f"bounds.{number}", end, actual)
        elif key == "lines" and isinstance(expected, dict):
            yield from _compare_lines(path, expected, result)
        elif key in _ANSWERS:
            if getattr(result, key) is not expected:
                yield (
                    path,
                    f"{key}: {_format_value(expected)}",
                    f"{key}: {_format_value(getattr(result, key))}",
                )
        else:
            yield (
                path,
                say("worked_cases.one_of", keys=f"total, bounds, lines, {', '.join(_ANSWERS)}"),
                f"'{key}'",
            )


def _compare_lines(
    path: Path, expected: Mapping[str, Any], result: Assessment
) -> Iterator[CaseDifference]:
    lines = {line.indicator.id: line for line in result.lines}
    for ident, points in expected.items():
        if ident in lines:
            line = lines[ident]
            low, high = line.bounds
            actual = low if low == high else None
            yield from _compare_points((*path, ident), f"'{ident}'", points, actual)
        else:
            yield (*path, ident), say("worked_cases.indicator_of_the_measure"), f"'{ident}'"


def _compare_points(
    path: Path, what: str, expected: Any, actual: Decimal | None
) -> Iterator[CaseDifference]:
    if _to_number(expected) != actual:
        yield path, f"{what}: {_format_value(expected)}", f"{what}: {_format_value(actual)}"


def _to_pair(value: Any) -> Sequence[Any]:
    return value if isinstance(value, list) and len(value) == 2 else [value, value]


def _to_number(value: Any) -> Decimal | None:
    """An expected figure; a text that is none equals nothing that is found."""
    if value is None:
        return None
    try:
        return Decimal(str(value))
    except InvalidOperation:
        return Decimal("NaN")


def _format_value(value: Any) -> str:
    """A value as it is written in a case: true, false, null, 132."""
    plain_words = {True: "true", False: "false", None: "null"}
    if value is None or isinstance(value, bool):
        return plain_words[value]
    return format_number(value) if isinstance(value, Decimal) else shorten_text(str(value), 60)
