"""Every shipped version with the days on which its rules differ: parameters for tests."""

from datetime import date
from pathlib import Path

from jifen.cities import index, load
from jifen.cities.city_files import read_city
from jifen.planning.moves_file import has_moves
from jifen.policy.policy import Policy

VERSIONS = [(city.id, version.version) for city in index().values() for version in city.versions]
EXAMPLES = [
    (city, version.version)
    for folder in sorted((Path(__file__).parents[1] / "examples" / "policies").iterdir())
    for city in [read_city(folder)]
    for version in city.versions
]
"""Every measure of `examples/policies`."""
WITH_MOVES = [
    (city, version)
    for city, version in VERSIONS
    if has_moves(city) and "contributions" in load(city, version).vocabulary
]
"""Versions for which the planner works with records of contributions."""
WITH_LINE = [
    (city, v)
    for city, v in VERSIONS
    if load(city, v).rules_on(load(city, v).since).decision.has_threshold
]
"""Versions with a line to be reached."""


def name_parameter(value: object) -> str:
    """What a test is called by: the id of a city or a case."""
    return str(getattr(value, "id", value))


def a_day(policy: Policy) -> date:
    """A day on which cases were taken, late in the life of a version."""
    return policy.until or date(2025, 6, 1)


def days(policy: Policy) -> list[date]:
    """The first day, the first of every overlay, and a late one."""
    return sorted({policy.since, *(o.since for o in policy.overlays), a_day(policy)})


def policies() -> list[Policy]:
    """Every shipped policy."""
    return [load(city, version) for city, version in VERSIONS]
