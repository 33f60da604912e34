"""`jifen doctor`, `backup`, `restore`, `keys backup`: for the administrator of an installation."""

import json
import os
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NoReturn

import typer

from jifen.cli.person import BAD_INPUT

if TYPE_CHECKING:
    from jifen.policy.text import Lang

DIFFERS = 1
_SIGNS = {"good": "✓", "unset": "–", "warning": "!", "fault": "✗"}
_Lang = Annotated[str, typer.Option(help="zh or en")]
_Folder = Annotated[str, typer.Argument(help="the folder of one backup, or its s3:// place")]
_Identity = Annotated[Path, typer.Option("--identity", help="the file of the secret key")]


def backup(
    destination: Annotated[
        str, typer.Argument(help="a folder, or s3://bucket/folder; each backup is one inside")
    ],
    to: Annotated[str, typer.Option("--to", help="public key (age1…); or JIFEN_BACKUP_TO")] = "",
    keep: Annotated[int, typer.Option(help="remove all but the newest so many; 0: none")] = 0,
    lang: _Lang = "en",
) -> None:
    """Write a backup of the database and every document, sealed to a public key, while the site
    runs. The files of keys are not in it: keep them apart.

    Example: jifen backup /backups --to age1… --keep 14
    """
    from jifen.office.site.command import set_up_django

    set_up_django()
    from jifen.office.operate.backup.destinations import (
        finish_backup,
        open_destination,
        remove_older_backups,
    )
    from jifen.office.operate.backup.sealing import parse_recipient
    from jifen.office.operate.backup.writing import write_backup

    with _exit_on_bad_input(lang):
        recipient = parse_recipient(to or os.environ.get("JIFEN_BACKUP_TO", ""))
        began = time.monotonic()
        with open_destination(destination) as folder:
            written = write_backup(folder, recipient, datetime.now(UTC), _show_progress)
            place = finish_backup(written.folder, destination)
        seconds = time.monotonic() - began
        removed = remove_older_backups(destination, keep) if keep else []
    for older in removed:
        print(f"{older}: removed", file=sys.stderr)
    print(place)
    size = f"{written.documents:,} documents, {written.size:,} bytes, {seconds:.1f} s"
    print(size, file=sys.stderr)


def restore(
    folder: _Folder,
    identity: _Identity,
    drill: Annotated[
        bool, typer.Option("--drill", help="into a place that is removed afterwards")
    ] = False,
    lang: _Lang = "en",
) -> None:
    """Put a backup into an empty installation and prove it: the log, the kept states, every file,
    and a few decisions scored again. Status 1 where something differs.

    Example: jifen restore /backups/jifen-20261129T020000Z --identity secret.txt
    """
    if drill:
        from jifen.office.operate.backup.drill import run_drill
        from jifen.office.operate.backup.object_store import fetch_backup

        with _exit_on_bad_input(lang), fetch_backup(folder) as fetched:
            status = run_drill(fetched, identity, lang)
        sys.exit(status)
    from jifen.office.site.command import set_up_django

    set_up_django()
    from jifen.office.operate.backup.object_store import fetch_backup
    from jifen.office.operate.backup.restoring import restore_backup
    from jifen.office.operate.backup.verification import find_differences, sample_decisions

    with _exit_on_bad_input(lang), fetch_backup(folder) as fetched:
        began = time.monotonic()
        described = restore_backup(fetched, identity, _show_progress)
        restored = time.monotonic()
    differing = list(find_differences(described))
    for words in differing:
        print(words)
    times = f"restored in {restored - began:.1f} s, proved in {time.monotonic() - restored:.1f} s"
    replayed = f"{len(sample_decisions())} decisions scored again"
    print(f"{Path(folder).name}: {len(differing)} differences, {replayed}; {times}")
    sys.exit(DIFFERS if differing else 0)


def new_backup_keys(
    file: Annotated[Path, typer.Argument(help="where to write; must not exist")],
) -> None:
    """Write a secret key that opens backups, and print its public key. Keep the file away from the
    server: jifen keys backup FILE"""
    from jifen.office.operate.backup.sealing import generate_identity
    from jifen.office.vault.secret_files import write_once

    if file.exists():
        print(f"{file.name} exists: keys are not overwritten; name a new file", file=sys.stderr)
        sys.exit(BAD_INPUT)
    secret, public = generate_identity()
    write_once(file, f"# public key: {public}\n{secret}\n")
    print(public)
    words = "written. Take it away from the server; set JIFEN_BACKUP_TO to the line above."
    print(f"{file.name}: {words}", file=sys.stderr)


def doctor(
    as_json: Annotated[bool, typer.Option("--json", help="for a program")] = False,
    lang: _Lang = "en",
) -> None:
    """Whether everything is there that the site needs: database, keys, stores, fonts, services.
    Status 0: it can run; 1: it cannot, and the words say what to do.

    Example: jifen doctor --lang zh
    """
    from jifen.office.site.command import set_up_django

    set_up_django()
    from jifen.office.operate.doctor import run_checks

    chosen = _choose_language(lang)
    findings = list(run_checks())
    if as_json:
        documents = [
            {"check": f.check, "state": f.state, "zh": f.words.zh, "en": f.words.en}
            for f in findings
        ]
        print(json.dumps(documents, ensure_ascii=False, indent=2))
    else:
        for finding in findings:
            print(f"{_SIGNS[finding.state]} {finding.check}: {finding.words(chosen)}")
    sys.exit(DIFFERS if any(finding.is_fault for finding in findings) else 0)


@contextmanager
def _exit_on_bad_input(lang: str) -> Iterator[None]:
    """What cannot be done ends with status 2 and words, never with a traceback."""
    from jifen.office.operate.backup.faults import BackupFault

    chosen = _choose_language(lang)
    try:
        yield
    except BackupFault as fault:
        _exit_with_words(fault.to_sentence(chosen))


def _choose_language(lang: str) -> "Lang":
    if lang not in ("zh", "en"):
        _exit_with_words(f"--lang: '{lang[:20]}' is not a language of this program; write zh or en")
    return "zh" if lang == "zh" else "en"


def _exit_with_words(words: str) -> NoReturn:
    print(words, file=sys.stderr)
    sys.exit(BAD_INPUT)


def _show_progress(words: str) -> None:
    print(words, file=sys.stderr)
