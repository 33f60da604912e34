"""Make the database of a release, with the code of that release, for the tests of upgrades.

    git worktree add /tmp/release 77745ac5
    pg.py -- release_database.py /tmp/release tests/office/upgrade/jifen-0.1.0.tar.xz

CHECKOUT is the source of the release; nothing in it is changed. It runs in this Python, beside the
throw-away PostgreSQL of tools/pg.py, whose DATABASE_URL is read. Its sandbox is filled (invented
people only), its background work is done once, and the first papers are printed; the others wait,
as they do when somebody upgrades in the middle of a day. The rows are then copied into a PostgreSQL
database of the same release. OUTPUT is one archive: the SQLite file, the PostgreSQL database as
statements, the files of keys, and the documents.
"""

import os
import re
import subprocess
import sys
import tarfile
import tempfile
from pathlib import Path

FILL = """
from jifen.office.site.command import ready
ready()
from django.core.management import call_command
call_command("migrate", verbosity=0)
from jifen.office.notices.actions import printing
from jifen.office.sandbox.seed import seed
from jifen.office.site import due, worker
seed()
printing.BATCH = PAPERS
steps = [step for step in [*due.SLOWLY, *due.QUICKLY] if step is not printing.print_due]
failed = [worker._run(steps, None)[1] for _ in range(3)]
printing.print_due(most=PAPERS)
assert not any(failed), failed
"""
COPY = """
import os
from jifen.office.site.command import ready
ready()
from django.apps import apps
from django.core.management import call_command
from django.core.management.color import no_style
from django.db import connections, transaction
from jifen.office.site.settings.database import parse
defaults = {name: value for name, value in connections["default"].settings_dict.items()}
connections.databases["copy"] = defaults | parse(os.environ["COPY_URL"])
call_command("migrate", database="copy", verbosity=0)
models = apps.get_models(include_auto_created=True)
tables = ", ".join(f'"{model._meta.db_table}"' for model in models)
with transaction.atomic("copy"), connections["copy"].cursor() as cursor:
    cursor.execute("SET LOCAL session_replication_role = replica")
    cursor.execute(f"TRUNCATE {tables}")
    for model in models:
        for row in model._base_manager.using("default").all().iterator(500):
            row.save_base(raw=True, force_insert=True, using="copy")
    for statement in connections["copy"].ops.sequence_reset_sql(no_style(), models):
        cursor.execute(statement)
"""
PAPERS = 2
_OF_THE_SERVER = re.compile(r"^(--.*|\\.*|SET (transaction|idle)\w* = .*|)\n", re.MULTILINE)
"""Lines of a dump that say nothing, or that older servers do not know."""


def make_archive(checkout: Path, output: Path, server_url: str) -> None:
    """Run the release, copy its rows, and pack both."""
    with tempfile.TemporaryDirectory(prefix="jifen-release-") as folder:
        place = Path(folder) / "var"
        environment = {
            **{name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ},
            "PYTHONPATH": str(checkout / "src"),
            "JIFEN_VAR": str(place),
            "JIFEN_MODE": "sandbox",
        }
        _run(environment, "-c", FILL.replace("PAPERS", str(PAPERS)))
        _run(environment, "-m", "jifen", "audit", "verify")
        _run(environment, "-m", "jifen", "check")
        database = f"release_{os.getpid()}"
        _server_program("createdb", database)
        try:
            url = server_url.replace("/postgres?", f"/{database}?")
            _run(environment | {"COPY_URL": url}, "-c", COPY)
            dump = _dump(database)
        finally:
            _server_program("dropdb", database)
        sandbox = place / "sandbox"
        (sandbox / "postgresql.sql").write_text(dump, encoding="utf-8")
        (sandbox / "secret-key").unlink()
        _vacuum(sandbox / "jifen.sqlite3")
        with tarfile.open(output, "w:xz", preset=9) as archive:
            for file in sorted(sandbox.rglob("*")):
                if file.is_file():
                    archive.add(file, str(file.relative_to(sandbox)), filter=_without_owner)
    print(f"{output}: {output.stat().st_size:,} bytes")


def _run(environment: dict[str, str], *arguments: str) -> None:
    subprocess.run([sys.executable, *arguments], env=environment, check=True)


def _server_program(*command: str) -> None:
    subprocess.run(command, check=True)


def _dump(database: str) -> str:
    """The database as statements that any client sends."""
    command = ["pg_dump", "--inserts", "--rows-per-insert=100", "--no-owner", "--no-privileges"]
    dumped = subprocess.run([*command, database], check=True, capture_output=True, text=True)
    return _OF_THE_SERVER.sub("", dumped.stdout)


def _vacuum(file: Path) -> None:
    program = "import sqlite3, sys; c = sqlite3.connect(sys.argv[1]); c.execute('VACUUM');"
    _run(dict(os.environ), "-c", f"{program} c.execute('PRAGMA journal_mode = DELETE')", str(file))


def _without_owner(entry: tarfile.TarInfo) -> tarfile.TarInfo:
    entry.uid = entry.gid = entry.mtime = 0
    entry.uname = entry.gname = ""
    return entry


if __name__ == "__main__":
    if len(sys.argv) != 3 or "DATABASE_URL" not in os.environ:
        sys.exit(__doc__)
    make_archive(Path(sys.argv[1]), Path(sys.argv[2]).absolute(), os.environ["DATABASE_URL"])
