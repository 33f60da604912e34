"""Notices for as many decisions as asked for, issued and printed by workers that are killed again
and again: none twice, none missing, every series without a gap; then the public page that checks
one against a bare Django view.

    python -m benchmarks office.notices            # 400 decisions, a few minutes
    NOTICES=10000 python -m benchmarks office.notices
"""

import http.client
import os
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from typing import Any
from uuid import uuid4

from benchmarks.office.setup import sqlite_office
from benchmarks.timing import measure_ratio, print_ratio
from benchmarks.update_request import serve_site

WORKERS, REQUESTS = 2, 300
WORKER = """
import sys
import django
django.setup()
from datetime import timedelta
from django.conf import settings
settings.JIFEN_KEYS, settings.JIFEN_NOTICE_KEYS = sys.argv[1:3]
settings.STORAGES["documents"]["OPTIONS"]["location"] = sys.argv[3]
from jifen.office.notices.actions import events, printing
# a killed worker's batch waits for its lease: minutes in service, seconds here
printing.LEASE = timedelta(seconds=4)
while True:
    events.issue_for_case_events()
    printing.print_due_notices(most=40)
"""


def run() -> None:
    """Measure on a fresh SQLite file; with DATABASE_URL on that database."""
    many = int(os.environ.get("NOTICES", "400"))
    with tempfile.TemporaryDirectory() as files, sqlite_office():
        code = _issue_notices(many, files)
        measured = _measure_public_page(code, files)
    print_ratio("public verification page, against a bare view", measured, "a measure, no bound")


def _issue_notices(many: int, files: str) -> str:
    from django.conf import settings  # noqa: PLC0415 - needs the settings

    from jifen.office.notices.key_file import key_file  # noqa: PLC0415 - needs the settings

    storages: Any = settings.STORAGES
    storages["documents"]["OPTIONS"]["location"] = files
    settings.JIFEN_NOTICE_KEYS = f"{files}/notice-keys.json"
    key_file()
    decisions = _create_decisions(many)
    kills, spent = _print_despite_kills(decisions, files)
    return _print_counts(decisions, kills, spent)


def _create_decisions(many: int) -> set[int]:
    """As many signed decisions, each with its event, of one office."""
    from jifen.office.casework.models import Application, Decision, Event  # noqa: PLC0415
    from jifen.office.registry.models import Person  # noqa: PLC0415 - needs the apps
    from tests.world.office import Office  # noqa: PLC0415

    office = Office()
    first = Decision.objects.get(application=office.decided(office.submitted()))
    row = Application.objects.get(pk=first.application_id)
    for start in range(0, many - 1, 1_000):
        numbers = range(start, min(start + 1_000, many - 1))
        people = Person.objects.bulk_create(
            [Person(identity="", identity_index=f"{n:064}", name=f"人{n}") for n in numbers]
        )
        cases = Application.objects.bulk_create(
            [_copy_row(row, person=p, number=f"SH9{p.pk:09}", key=uuid4()) for p in people]
        )
        Decision.objects.bulk_create([_copy_row(first, application=case) for case in cases])
        Event.objects.bulk_create(
            [Event(application=case, act="decided", as_role="senior_clerk") for case in cases]
        )
    return set(Decision.objects.values_list("pk", flat=True))


def _copy_row(row: Any, **changes: Any) -> Any:
    copy = type(row)()
    for field in row._meta.concrete_fields:
        setattr(copy, field.attname, getattr(row, field.attname))
    copy.pk = None
    if hasattr(copy, "submit_key"):
        copy.submit_key = ""
    for name, value in changes.items():
        setattr(copy, name, value)
    return copy


def _print_despite_kills(decisions: set[int], files: str) -> tuple[int, float]:
    """Workers until all is printed; one of them is killed each time some more sheets are there."""
    from jifen.office.notices.models import Notice, Sheet  # noqa: PLC0415 - needs the apps

    draw, kills, begun, next_kill = random.Random(5), 0, time.perf_counter(), 5
    workers = [_start_worker(files) for _ in range(WORKERS)]
    rows = Sheet.objects.filter(notice__kind="notice")
    try:
        while (printed := rows.count()) < len(decisions):
            if printed >= next_kill:  # in the middle of whatever it does then
                hit = draw.randrange(WORKERS)
                workers[hit].kill()
                workers[hit].wait()
                workers[hit] = _start_worker(files)
                kills, next_kill = kills + 1, printed + draw.randrange(40, 160)
                if os.environ.get("PROGRESS"):
                    print(f"{Notice.objects.count()} issued, {printed} printed", file=sys.stderr)
            time.sleep(draw.uniform(0.2, 0.5))
    finally:
        for worker in workers:
            worker.kill()
            worker.wait()
    return kills, time.perf_counter() - begun


def _start_worker(files: str) -> "subprocess.Popen[bytes]":
    from django.conf import settings  # noqa: PLC0415 - needs the settings

    keys = [settings.JIFEN_KEYS, settings.JIFEN_NOTICE_KEYS, files]
    return subprocess.Popen([sys.executable, "-c", WORKER, *keys])


def _print_counts(decisions: set[int], kills: int, spent: float) -> str:
    from django.db.models import Count, Max  # noqa: PLC0415 - needs the settings

    from jifen.office.audit.verification import verify_log  # noqa: PLC0415 - needs the apps
    from jifen.office.notices.actions.printing import is_sheet_intact  # noqa: PLC0415 - needs the apps
    from jifen.office.notices.models import Notice, Printing, Series, Sheet  # noqa: PLC0415

    rows = Notice.objects.filter(kind="notice")
    printed_decisions = list(rows.values_list("decision", flat=True))
    missing, twice = (
        len(decisions - set(printed_decisions)),
        len(printed_decisions) - len(set(printed_decisions)),
    )
    gaps = 0
    for series in Series.objects.annotate(many=Count("notices"), top=Max("notices__sequence")):
        gaps += not series.many == series.top == series.last
    digests = list(Sheet.objects.values_list("sha256", flat=True))
    print(
        f"office.notices: {len(printed_decisions):,} notices issued and printed in {spent:.0f} s "
        f"({len(printed_decisions) / spent:.1f} a second) by {WORKERS} workers with {kills} kills; "
        f"missing {missing}, twice {twice}, series with a gap {gaps}, "
        f"waiting {Printing.objects.count()}, sheets {len(digests):,}, "
        f"files with another hash {sum(not is_sheet_intact(digest) for digest in digests)}, "
        f"log whole: {verify_log()[1] == []}"
    )
    code: str = rows.values_list("code", flat=True)[0]
    return code


def _measure_public_page(code: str, files: str) -> tuple[float, float, float]:
    with (
        serve_site("jifen.office.site.wsgi:application", files) as ours,
        serve_site("benchmarks.bare_site:application", files) as bare,
    ):
        a, b, times = measure_ratio(
            _build_getter(ours, f"/v/{code}"), _build_getter(bare, "/"), rounds=7
        )
    return a / REQUESTS, b / REQUESTS, times


def _build_getter(port: int, path: str) -> Callable[[], None]:
    connection = http.client.HTTPConnection("127.0.0.1", port)

    def get_all() -> None:
        for _ in range(REQUESTS):
            connection.request("GET", path)
            answer = connection.getresponse()
            text = answer.read()
            assert answer.status == 200, (answer.status, text[:300])

    return get_all
