"""A rush: 1,000 submissions as fast as they come, on PostgreSQL: none refused, none lost; against
bare inserts of as many rows by the same server and as many threads."""

import os
import threading
import time
from collections.abc import Callable
from typing import Any

from benchmarks.office.setup import sqlite_office

CASES, THREADS = 1_000, 8


def run() -> None:
    """Measure on the database of DATABASE_URL."""
    if "postgres" not in os.environ.get("DATABASE_URL", ""):
        print("office.rush: wants PostgreSQL: tools/pg.py -- python -m benchmarks office.rush")
        return
    with sqlite_office():
        from jifen.office.audit.verification import verify_log  # noqa: PLC0415 - needs the apps
        from jifen.office.casework.models import Application  # noqa: PLC0415 - needs the apps

        office, keys = _create_drafts()
        before = _count_rows()
        refused: list[str] = []
        spent = _in_threads(keys, lambda key: _submit_draft(office, key, refused))
        filed = Application.objects.filter(state__in=("review", "deciding")).count()
        whole = verify_log()[1] == []
        rows = _count_rows() - before
        bare = _in_threads(keys, lambda _: _insert_rows(rows // CASES))
    each = rows // CASES
    print(
        f"office.rush: {CASES / spent:.0f} submissions a second, {filed} filed of {CASES}, "
        f"{len(refused)} refused, log whole: {whole}; {each} rows each, "
        f"which bare inserts write in {bare:.2f} s: {spent / bare:.1f} times"
    )


def _create_drafts() -> tuple[Any, list[str]]:
    """Complete drafts, ready to be filed."""
    from django.utils import timezone  # noqa: PLC0415 - needs the settings

    from jifen.office.casework.actions import drafts  # noqa: PLC0415 - needs the apps
    from jifen.office.casework.models import Application, Material, MaterialVersion  # noqa: PLC0415
    from tests.world.office import GOOD, Office, typed  # noqa: PLC0415

    office, keys = Office(), []
    first = office.with_documents(office.draft())
    versions = list(MaterialVersion.objects.select_related("material"))
    for number in range(CASES):
        applicant = _create_person(number)
        unit, operator = office.unit, office.operator
        case = drafts.open_draft(operator, "shanghai", applicant, unit=unit, district="pudong")
        drafts.save_draft(case, typed(GOOD), seen=0)
        for version in versions:
            material = Material.objects.create(
                application=case.application, kind=version.material.kind
            )
            MaterialVersion.objects.create(
                material=material, number=1, document=version.document, by=office.operator
            )
        keys.append(str(case.application.key))
    Application.objects.exclude(pk=first.application.pk).update(consent_at=timezone.now())
    return office, keys


def _create_person(number: int) -> Any:
    from jifen.office.registry.models import Person  # noqa: PLC0415 - needs the apps

    return Person.objects.create(identity="", identity_index=f"{number:064}", name=f"人{number}")


def _submit_draft(office: Any, key: str, refused: list[str]) -> None:
    from jifen.office.accounts.models import User  # noqa: PLC0415 - needs the apps
    from jifen.office.casework.access import access_case  # noqa: PLC0415
    from jifen.office.casework.actions.submission import submit_case  # noqa: PLC0415
    from jifen.office.casework.faults import CaseFault  # noqa: PLC0415

    try:
        submit_case(access_case(User.objects.get(pk=office.operator.pk), key), key)
    except CaseFault as fault:
        refused.append(fault.code)


def _count_rows() -> int:
    """Rows of everything that a submission writes."""
    from jifen.office.audit.models import Entry  # noqa: PLC0415 - needs the apps
    from jifen.office.casework.models import Event, Gate, RegisterCheck  # noqa: PLC0415

    return sum(model.objects.count() for model in (Entry, Event, Gate, RegisterCheck))


def _insert_rows(rows: int) -> None:
    """As many rows, bare, in one transaction."""
    from django.db import transaction  # noqa: PLC0415 - needs the settings

    from jifen.office.casework.models import Application, Event  # noqa: PLC0415 - needs the apps

    with transaction.atomic():
        first = Application.objects.values_list("pk", flat=True).order_by("pk")[0]
        for _ in range(rows):
            Event.objects.create(application_id=first, act="bare")


def _in_threads(keys: list[str], work: Callable[[str], None]) -> float:
    from django.db import connections  # noqa: PLC0415 - needs the settings

    waiting, lock = list(keys), threading.Lock()

    def work_until_empty() -> None:
        while True:
            with lock:
                if not waiting:
                    break
                key = waiting.pop()
            work(key)
        connections.close_all()

    begun = time.perf_counter()
    threads = [threading.Thread(target=work_until_empty) for _ in range(THREADS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return time.perf_counter() - begun
