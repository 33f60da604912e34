"""`jifen audit`: whether the log is whole; `jifen migrate`: who may change what in the database."""

import json
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from jifen.cli.person import BAD_INPUT

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
    return f"第 {number} 条：{words}" if lang == "zh" else f"entry {number}: {words}"


def _format_summary(read: int, files: int | None, broken: int, lang: str) -> str:
    if lang == "zh":
        more = "" if files is None else f"、{files:,} 份摘要文件"
        return f"读取了 {read:,} 条记录{more}，发现 {broken} 处问题"
    more = "" if files is None else f" and {files:,} files of digests"
    return f"{read:,} entries{more} read, {broken} broken places"


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
        print(f"{len(pending)} 个迁移尚未执行 / {len(pending)} migrations are not applied")
        return
    began = time.monotonic()
    migrate_database()
    seconds = time.monotonic() - began
    print(f"已执行 {len(pending)} 个迁移 / {len(pending)} migrations applied, {seconds:.1f} s")
    if application:
        tables = grant_application_rights(application)
        print(f"{application}: {tables} 张表的权限已授予 / rights to {tables} tables were granted")


def _format_size(migration: "OpenMigration") -> str:
    """The table that takes longest, and whether that may be minutes."""
    if not migration.table:
        return ""
    rows = f"{migration.table} 约 {migration.rows:,} 行 / about {migration.rows:,} rows"
    return f": {rows}, 可能需要几分钟 / may take minutes" if migration.is_long else f": {rows}"
