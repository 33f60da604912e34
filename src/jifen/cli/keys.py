"""`jifen keys`: the keys of an installation, new ones and others in their place."""

import os
import sys
from collections.abc import Callable
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Never, TypeVar

import typer

from jifen.cli.person import BAD_INPUT

app = typer.Typer(help="keys of an installation", no_args_is_help=True)
UNFINISHED = 1
T = TypeVar("T")
_Suite = Annotated[
    str,
    typer.Option(help="default (AES, P-256) or sm (SM4, SM2); where not said, JIFEN_SUITE"),
]


@app.command("new")
def new_keys(
    file: Annotated[Path, typer.Argument(help="where to write; must not exist")],
    suite: _Suite = "",
) -> None:
    """Write a file of new keys, readable by its user only. Keep a copy apart from the database."""
    from jifen.office.vault.keys import new_keys as made
    from jifen.office.vault.secret_files import write_once

    if file.exists():
        print(f"{file.name} exists: keys are not overwritten; name a new file", file=sys.stderr)
        sys.exit(BAD_INPUT)
    write_once(file, made(_choose_suite(suite)))
    print(f"{file.name}: written; set JIFEN_KEYS to it, and keep a copy apart from the database")


@app.command("notices")
def new_notice_keys(
    file: Annotated[Path, typer.Argument(help="where to write; must not exist")],
    name: Annotated[str, typer.Option(help="whom the certificate names")],
    suite: _Suite = "",
) -> None:
    """Write new keys that seal notices and sign their square codes: jifen keys notices FILE --name
    OFFICE. The certificate is signed by itself; a city puts its certified one in its place."""
    from jifen.office.notices.key_file import generate_key_file
    from jifen.office.vault.secret_files import write_once
    from jifen.statements.faults import StatementFault

    if file.exists():
        print(f"{file.name} exists: keys are not overwritten; name a new file", file=sys.stderr)
        sys.exit(BAD_INPUT)
    try:
        text = generate_key_file(name, suite=_choose_suite(suite))
    except StatementFault as fault:
        _exit_with_words(f"{fault.words.zh}\n{fault}")
    write_once(file, text)
    print(f"{file.name}: written; set JIFEN_NOTICE_KEYS to it, and keep a copy apart")


class KeyKind(StrEnum):
    """What a key is for."""

    SEAL = "seal"
    INDEX = "index"
    SIGNATURE = "signature"
    STATEMENT = "statement"
    CERTIFICATE = "certificate"


@app.command()
def rotate(
    kind: Annotated[
        KeyKind,
        typer.Argument(
            help=(
                "seal: what is sealed; index: what people are found by; signature: the digests of "
                "the log; statement: square codes of notices; certificate: the seal of their PDF "
                "files"
            )
        ),
    ],
    announce: Annotated[
        bool,
        typer.Option(
            "--announce",
            help=(
                "stop before the new key is used: for several machines, and so that "
                "those who check papers offline have it first"
            ),
        ),
    ] = False,
    name: Annotated[str, typer.Option(help="certificate: whom it names")] = "",
) -> None:
    """Put a new key in the place of the one in use, while the site runs. What the older one sealed
    is sealed anew, and what it signed can still be checked. Stopped in the middle, it goes on when
    it is run again; status 1 where something could not be read and was left as it is."""
    if (kind is KeyKind.CERTIFICATE) != bool(name):
        _exit_with_words(
            "--name goes with `jifen keys rotate certificate`: it names whose seal it is"
        )
    if announce and kind is KeyKind.CERTIFICATE:
        _exit_with_words(
            "--announce: a certificate stands in every paper and needs no announcement"
        )
    from jifen.office.site.command import set_up_django

    set_up_django()
    from jifen.office.site.rotation import notices, steps

    if kind in notices.KINDS:
        _run_or_exit(
            lambda: notices.rotate_notice_key(kind, announce_only=announce, name=name, say=print)
        )
        return
    outcome = _run_or_exit(
        lambda: steps.rotate_key(kind, announce_only=announce, say=print, progress=_show_progress)
    )
    for fault in outcome.faults:
        print(fault, file=sys.stderr)
    if outcome.faults:
        print(f"{kind}: NOT done; mend these rows and run it again", file=sys.stderr)
        sys.exit(UNFINISHED)
    if not announce:
        print(f"{kind}: done, {outcome.done:,} values written anew")


@app.command("seal-files")
def seal_files() -> None:
    """Seal the files of documents and papers that a release before 0.2 kept plain, while the site
    runs. Stopped in the middle, it goes on when it is run again; status 1 where a file could not be
    opened and was left as it is."""
    from jifen.office.site.command import set_up_django

    set_up_django()
    from jifen.office.site.rotation import steps

    outcome = _run_or_exit(lambda: steps.seal_stored_files(_show_progress))
    for fault in outcome.faults:
        print(fault, file=sys.stderr)
    print(f"files: {outcome.done:,} sealed")
    if outcome.faults:
        sys.exit(UNFINISHED)


@app.command()
def forget() -> None:
    """Remove the older keys to seal with, once nothing is sealed with them. A backup of the
    database from before then needs a backup of the file of keys from before."""
    from jifen.office.site.command import set_up_django

    set_up_django()
    from jifen.office.site.rotation import steps

    names = _run_or_exit(steps.forget_seals)
    print(f"forgotten: {', '.join(names) or 'none, there is only the key in use'}")


def _choose_suite(suite: str) -> str:
    from jifen.office.vault.ciphers import DEFAULT, SUITES

    chosen = suite or os.environ.get("JIFEN_SUITE") or DEFAULT
    if chosen not in SUITES:
        _exit_with_words(f"--suite: '{chosen[:20]}' is none; write one of: {', '.join(SUITES)}")
    return chosen


def _run_or_exit(act: Callable[[], T]) -> T:
    from jifen.office.site.rotation.lock import REFUSALS

    try:
        return act()
    except REFUSALS as fault:
        _exit_with_words(str(fault))


def _exit_with_words(words: str) -> Never:
    print(words, file=sys.stderr)
    sys.exit(BAD_INPUT)


def _show_progress(place: str, done: int, total: int) -> None:
    """One line for each place: counting on a terminal, the last count elsewhere."""
    ended = done >= total
    if sys.stderr.isatty():
        print(f"\r{place}: {done:,} of {total:,}", end="\n" if ended else "", file=sys.stderr)
    elif ended:
        print(f"{place}: {done:,} of {total:,}", file=sys.stderr)
