"""Pages with 100,000 cases against the same pages with 100: at most four times the time, the same
number of queries."""

import statistics
import time
from typing import Any

from benchmarks.office.setup import fill_cases, sqlite_office
from benchmarks.timing import print_ratio

FEW, MANY, ROUNDS = 100, 100_000, 15
BOUND = 4.0


def run() -> None:
    """Measure on SQLite; with DATABASE_URL on that database."""
    with sqlite_office():
        from tests.world.office import Office  # noqa: PLC0415 - needs the apps

        office = Office()
        case = office.submitted()
        fill_cases(office, 1, FEW)
        few = _measure_pages(office, case)
        fill_cases(office, FEW, MANY)
        _analyse_tables()
        many = _measure_pages(office, case)
    for name, (seconds, queries) in many.items():
        before, asked = few[name]
        what = f"{name}: {MANY:,} cases against {FEW}; {queries} and {asked} queries"
        print_ratio(what, (seconds, before, seconds / before), f"at most {BOUND:.0f}")


def _analyse_tables() -> None:
    from django.db import connection  # noqa: PLC0415 - needs the settings

    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def _measure_pages(office: Any, case: Any) -> dict[str, tuple[float, int]]:
    from django.test import Client  # noqa: PLC0415 - needs the settings

    from jifen.office.accounts.signin import middleware  # noqa: PLC0415 - needs the apps

    middleware.needs_second_factor = skip_second_factor
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
    return {name: _measure_page(*how) for name, how in asked.items()}


def skip_second_factor(request: Any) -> bool:
    """The second factor is measured by nobody."""
    del request
    return False


def _measure_page(client: Any, path: str, searched: str) -> tuple[float, int]:
    """Median seconds, and queries."""
    from django.db import connection  # noqa: PLC0415 - needs the settings
    from django.test.utils import CaptureQueriesContext  # noqa: PLC0415 - needs the settings

    def request_page() -> int:
        response = client.post(path, {"q": searched}) if searched else client.get(path)
        return int(response.status_code)

    request_page()
    with CaptureQueriesContext(connection) as queries:
        assert request_page() == 200, path
        asked = len(queries)
    spent = []
    for _ in range(ROUNDS):
        begun = time.perf_counter()
        request_page()
        spent.append(time.perf_counter() - begun)
    return statistics.median(spent), asked
