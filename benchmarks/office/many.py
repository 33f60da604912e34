"""Pages with 100,000 cases against the same pages with 100: at most four times the time, the same
number of queries."""

import statistics
import time
from typing import Any

from benchmarks.office.ground import fill, sqlite_office
from benchmarks.timing import say

FEW, MANY, ROUNDS = 100, 100_000, 15
BOUND = 4.0


def run() -> None:
    """Measure on SQLite; with DATABASE_URL on that database."""
    with sqlite_office():
        from tests.world.office import Office  # noqa: PLC0415 - needs the apps

        office = Office()
        case = office.submitted()
        fill(office, 1, FEW)
        few = _measure(office, case)
        fill(office, FEW, MANY)
        _analyse()
        many = _measure(office, case)
    for name, (seconds, queries) in many.items():
        before, asked = few[name]
        what = f"{name}: {MANY:,} cases against {FEW}; {queries} and {asked} queries"
        say(what, (seconds, before, seconds / before), f"at most {BOUND:.0f}")


def _analyse() -> None:
    from django.db import connection  # noqa: PLC0415 - needs the settings

    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def _measure(office: Any, case: Any) -> dict[str, tuple[float, int]]:
    from django.test import Client  # noqa: PLC0415 - needs the settings

    from jifen.office.accounts.signin import middleware  # noqa: PLC0415 - needs the apps

    middleware.needs_second_factor = _has_one
    clerk, employer, lead = Client(), Client(), Client()
    clerk.force_login(office.clerk)
    employer.force_login(office.operator)
    lead.force_login(office.supervisor)
    asked = {
        "case list": (employer, "/my/", ""),
        "queue": (clerk, "/desk/", ""),
        "case page": (clerk, f"/desk/{case.key}", ""),
        "search by number": (clerk, "/desk/", "SP2026000000051"),
        "search by identity number": (clerk, "/desk/", case.person.identity),
        "search by name": (clerk, "/desk/", "王小"),
        "state of the office": (lead, "/lead/", ""),
    }
    return {name: _one(*how) for name, how in asked.items()}


def _has_one(request: Any) -> bool:
    """The second factor is measured by nobody."""
    del request
    return False


def _one(client: Any, path: str, searched: str) -> tuple[float, int]:
    """Median seconds, and queries."""
    from django.db import connection  # noqa: PLC0415 - needs the settings
    from django.test.utils import CaptureQueriesContext  # noqa: PLC0415 - needs the settings

    def ask() -> int:
        found = client.post(path, {"q": searched}) if searched else client.get(path)
        return int(found.status_code)

    ask()
    with CaptureQueriesContext(connection) as queries:
        assert ask() == 200, path
        asked = len(queries)
    spent = []
    for _ in range(ROUNDS):
        begun = time.perf_counter()
        ask()
        spent.append(time.perf_counter() - begun)
    return statistics.median(spent), asked
