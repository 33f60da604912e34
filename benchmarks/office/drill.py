"""A backup of an office and a drill with it: how long they take, and how large it is. Takes long,
and is run where it is asked for:

    python -m benchmarks office.drill
    python tools/pg.py -- python -m benchmarks office.drill

10,000 decided cases, each with one document of 50,000 bytes; JIFEN_CASES asks for others.
"""

import os
import secrets
import subprocess
import sys
import tempfile
import time
from datetime import UTC, date, datetime, timedelta
from hashlib import sha256
from pathlib import Path
from typing import Any
from uuid import uuid4

from benchmarks.office.setup import sqlite_office

CASES = int(os.environ.get("JIFEN_CASES", "10000"))
DOCUMENT_BYTES, BATCH = 50_000, 1_000
RECEIVED_ON = date(2024, 3, 1)


def run() -> None:
    """Fill the office, back it up, restore it into a place that is removed; print the seconds."""
    with sqlite_office(), tempfile.TemporaryDirectory() as folder:
        _fill_office()
        from jifen.office.operate.backup.sealing import (  # noqa: PLC0415 - needs the apps
            generate_identity,
            parse_recipient,
        )
        from jifen.office.operate.backup.writing import write_backup  # noqa: PLC0415 - as above

        secret, public = generate_identity()
        identity = Path(folder, "secret.txt")
        identity.write_text(f"{secret}\n", encoding="utf-8")
        begun = time.perf_counter()
        backup = write_backup(Path(folder, "backups"), parse_recipient(public), datetime.now(UTC))
        seconds = time.perf_counter() - begun
        print(
            f"office.drill: {CASES:,} cases, {backup.documents:,} documents: backup of "
            f"{backup.size / 1e6:,.0f} MB in {seconds:.1f} s"
        )
        command = [sys.executable, "-m", "jifen", "restore", str(backup.folder), "--drill"]
        begun = time.perf_counter()
        subprocess.run([*command, "--identity", str(identity)], check=True)
        print(f"  the drill, from the command to its end: {time.perf_counter() - begun:.1f} s")


def _fill_office() -> None:
    """One decision on a worked case of Chengdu, and copies of it for other people."""
    from jifen.office.casework.models import Application, Decision  # noqa: PLC0415 - needs the apps
    from jifen.office.registry.models import Person  # noqa: PLC0415 - as above
    from tests.world.town import Town, facts_of  # noqa: PLC0415 - as above

    town = Town()
    # papers of what was signed within the hour may still be on their way
    signed_on = datetime.now(UTC).date() + timedelta(days=1)
    first = town.decided(facts_of("2024", "33"), RECEIVED_ON, signed_on=signed_on)
    for start in range(2, CASES + 1, BATCH):
        numbers = range(start, min(start + BATCH, CASES + 1))
        people = Person.objects.bulk_create(
            Person(identity=f"{n:018}", identity_index=f"{n:064}", name=f"人{n % 977:03}")
            for n in numbers
        )
        cases = Application.objects.bulk_create(
            _copy_row(first.application, key=uuid4(), number=f"CH2024{n:09}", person_id=who.pk)
            for n, who in zip(numbers, people, strict=True)
        )
        Decision.objects.bulk_create(_copy_row(first, application_id=case.pk) for case in cases)
    for _ in range(CASES):
        _store_document(town.clerk)


def _copy_row(row: Any, **changes: Any) -> Any:
    fields = [field for field in row._meta.concrete_fields if not field.primary_key]
    return type(row)(**{field.attname: getattr(row, field.attname) for field in fields} | changes)


def _store_document(uploaded_by: Any) -> None:
    from django.core.files.storage import storages  # noqa: PLC0415 - needs the settings

    from jifen.office.documents.actions import content_path  # noqa: PLC0415 - needs the apps
    from jifen.office.documents.content_files import write_sealed  # noqa: PLC0415 - as above
    from jifen.office.documents.models import Document, Scan  # noqa: PLC0415 - as above

    content = b"%PDF-1.7\n" + secrets.token_bytes(DOCUMENT_BYTES)
    digest = sha256(content).hexdigest()
    write_sealed(storages["documents"], content_path(digest), content)
    Document.objects.create(
        sha256=digest,
        name="学位证书.pdf",
        kind="pdf",
        size=len(content),
        pages=1,
        uploaded_by=uploaded_by,
        scan=Scan.UNNEEDED,
    )
