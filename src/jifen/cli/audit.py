"""`jifen audit`: whether the log is whole; `jifen migrate`: who may change what in the database."""

import json
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from jifen.cli.person import BAD_INPUT
from jifen.cli.words import say
from jifen.policy.text import EMPTY, Text

if TYPE_CHECKING:
    from jifen.office.operate.open_migrations import OpenMigration

app = typer.Typer(help="the audit log", no_args_is_help=True)
BROKEN = 1


@app.callback()
def _keep_group() -> None:
    """Keeps `verify` a word of its own."""


@app.command()
def verify(
    anchors: Annotated[
        Path | None, typer.Option(help="the folder of JIFEN_ANCHORS, or better: a copy of it")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="for a program")] = False,
    lang: Annotated[str, typer.Option(help="zh or en")] = "zh",
) -> None:
    """Whether the log is whole: each change, gap or reorder is named; status 1 for any. With
    --anchors also a log that was cut, emptied or hashed anew by whoever owns the database.

    Example: jifen audit verify --anchors /mnt/elsewhere/anchors --lang en
    """
    if lang not in ("zh", "en"):
        print(f"--lang is '{lang[:20]}'; write zh or en", file=sys.stderr)
        sys.exit(BAD_INPUT)
    from jifen.office.site.command import set_up_django

    set_up_django()
    from jifen.office.audit.anchors import Anchor, read_anchors
    from jifen.office.audit.faults import LogFault
    from jifen.office.audit.faults import build_log_fault as found
    from jifen.office.audit.verification import verify_log as check

    files: list[Anchor] | None = None
    unreadable: list[LogFault] = []
    if anchors is not None:
        try:
            files, unreadable = read_anchors(anchors)
        except OSError:
            print(found("JF-J009", "no_folder", folder=anchors).in_both_languages, file=sys.stderr)
            sys.exit(BAD_INPUT)
    read, broken = check(files)
    broken = [*unreadable, *broken]
    if as_json:
        rows = [
            {
                "number": b.number,
                "code": b.code,
                "why": b.why,
                "zh": b.explanation.zh,
                "en": b.explanation.en,
            }
            for b in broken
        ]
        counts = {"entries": read, "anchors": len(files) if files is not None else None}
        print(json.dumps(counts | {"broken": rows}, ensure_ascii=False, indent=2))
        sys.exit(BROKEN if broken else 0)
    for finding in broken:
        print(
            _format_finding(
                finding.number,
                finding.explanation.zh if lang == "zh" else finding.explanation.en,
                lang,
            )
        )
    print(_format_summary(read, None if files is None else len(files), len(broken), lang))
    sys.exit(BROKEN if broken else 0)


def _format_finding(number: int, words: str, lang: str) -> str:
    if not number:
        return words
    return say("audit.entry", number=number, words=words)("zh" if lang == "zh" else "en")


def _format_summary(read: int, files: int | None, broken: int, lang: str) -> str:
    digests = EMPTY if files is None else say("audit.and_files_of_digests", files=files)
    return say("audit.entries_read", read=read, digests=digests, broken=broken)(
        "zh" if lang == "zh" else "en"
    )


def migrate(
    application: Annotated[
        str, typer.Option(help="the role of the site and the worker (PostgreSQL)")
    ] = "",
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="list what would be done, and do nothing")
    ] = False,
) -> None:
    """Bring the database up to date, with the DATABASE_URL of its owner; with --application also
    give that role what the site needs, and nothing else. Only one process does it at a time.

    Example: DATABASE_URL=postgresql://jifen_owner@db/jifen jifen migrate --application jifen_site
    """
    from jifen.office.site.command import migrate_database, set_up_django

    set_up_django()
    from jifen.office.audit.roles import grant_application_rights, refuse_application
    from jifen.office.operate.open_migrations import list_open_migrations

    if application and (refused := refuse_application(application)):
        print(refused.in_both_languages, file=sys.stderr)
        sys.exit(BAD_INPUT)
    pending = list_open_migrations()
    for migration in pending:
        print(f"{migration.name}{_format_size(migration)}")
    if dry_run:
        print(_format_both(say("audit.migrations_not_applied", count=len(pending))))
        return
    began = time.monotonic()
    migrate_database()
    seconds = time.monotonic() - began
    applied = say("audit.migrations_applied", count=len(pending))
    print(f"{_format_both(applied)}, {seconds:.1f} s")
    if application:
        tables = grant_application_rights(application)
        print(f"{application}: {_format_both(say('audit.rights_granted', tables=tables))}")


def _format_size(migration: "OpenMigration") -> str:
    """The table that takes longest, and whether that may be minutes."""
    if not migration.table:
        return ""
    rows = f"{migration.table} {_format_both(say('audit.about_rows', rows=migration.rows))}"
    minutes = f", {_format_both(say('audit.may_take_minutes'))}" if migration.is_long else ""
    return f": {rows}{minutes}"


def _format_both(words: Text) -> str:
    return f"{words.zh} / {words.en}"
