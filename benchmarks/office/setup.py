"""A city with as many cases as asked for, on a database of its own."""

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from importlib import import_module
from pathlib import Path
from typing import Any

import django
from django.conf import settings


@contextmanager
def sqlite_office() -> Iterator[None]:
    """Django on a fresh SQLite file (or on DATABASE_URL, where one is given)."""
    with tempfile.TemporaryDirectory() as folder:
        os.environ.setdefault("DATABASE_URL", f"sqlite:///{folder}/office.sqlite3")
        os.environ["JIFEN_VAR"] = folder
        os.environ["DJANGO_SETTINGS_MODULE"] = "jifen.office.site.settings"
        django.setup()
        settings.JIFEN_KEYS = str(Path(folder, "keys.json"))
        settings.ALLOWED_HOSTS = ["*"]
        from django.core.management import call_command  # noqa: PLC0415 - needs the settings

        call_command("migrate", verbosity=0, interactive=False)
        call_command("createcachetable", verbosity=0)
        yield


def fill_cases(office: Any, first: int, last: int) -> None:
    """Cases `first` to `last` of one employer, of which every third waits for the clerk."""
    from django.apps import apps  # noqa: PLC0415 - needs the settings

    from jifen.office.casework.models import Application, Gate  # noqa: PLC0415 - needs the apps

    for start in range(first, last, 5_000):
        numbers = range(start, min(start + 5_000, last))
        people = _create_people(numbers)
        cases = Application.objects.bulk_create(
            [_build_case(office, number, who) for number, who in zip(numbers, people, strict=True)]
        )
        pairs = zip(numbers, cases, strict=True)
        Gate.objects.bulk_create([gate for n, case in pairs for gate in _build_gates(case, n)])
    import_module("jifen.office.waiting.migrations.0002_what_waits_already").fill(apps, None)


def _create_people(numbers: range) -> list[Any]:
    from jifen.office.registry.models import Person  # noqa: PLC0415 - needs the apps

    return Person.objects.bulk_create(
        [
            Person(identity=f"{n:018}", identity_index=f"{n:064}", name=f"人{n % 977:03}")
            for n in numbers
        ]
    )


def _build_case(office: Any, number: int, person: Any) -> Any:
    from django.utils import timezone  # noqa: PLC0415 - needs the settings

    from jifen.office.casework.models import Application  # noqa: PLC0415 - needs the apps

    received = date(2026, 1, 5) + timedelta(days=number % 300)
    return Application(
        number=f"SP2026{number:09}",
        city="shanghai",
        district="pudong",
        person=person,
        unit=office.unit,
        on=received,
        policy="shanghai-points",
        policy_version="2018",
        policy_hash="sha256:",
        state="review" if number % 3 == 0 else "decided",
        created_by=office.operator,
        submitted_at=timezone.now(),
        received_on=received,
        due_on=received + timedelta(days=28),
        overtakes_on=received + timedelta(days=21),
    )


def _build_gates(case: Any, number: int) -> Iterator[Any]:
    from django.utils import timezone  # noqa: PLC0415 - needs the settings

    from jifen.office.casework.models import Gate  # noqa: PLC0415 - needs the apps

    open_ = number % 3 == 0
    for order, (gate, department) in enumerate((("office", ""), ("police", "police"))):
        yield Gate(
            application=case,
            gate=gate,
            order=order,
            department=department,
            state="open" if open_ else "passed",
            city="shanghai",
            district="pudong",
            lane="expedited" if number % 50 == 0 else "normal",
            due_on=case.due_on,
            received_on=case.received_on,
            overtakes_on=case.overtakes_on,
            paused=not open_,
            passed_at=None if open_ else timezone.now(),
        )
