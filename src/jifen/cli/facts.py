"""`jifen facts`: from the registers of a city to the facts that its measure asks for."""

import signal
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NoReturn

import typer

if TYPE_CHECKING:
    from jifen.facts.registers import Summary
    from jifen.policy.model import Rules

BAD_INPUT, NOT_IN_FORCE = 2, 3
app = typer.Typer(
    no_args_is_help=True,
    rich_markup_mode=None,
    help="Facts of many people: derive them from register extracts.",
)


@app.callback()
def _group() -> None:
    """Facts of many people: derive them from register extracts."""


@app.command()
def derive(
    city: Annotated[str, typer.Argument(help="a city, see `jifen cities`", show_default=False)],
    extracts: Annotated[
        list[Path],
        typer.Argument(
            metavar="EXTRACT...",
            help="contributions: person, from, to (or month), base, status, schemes; "
            "Parquet, CSV, Arrow, or a folder of parts",
            show_default=False,
        ),
    ],
    on: Annotated[str, typer.Option("--on", help="the day of assessment, YYYY-MM-DD")],
    output: Annotated[Path, typer.Option("-o", "--output", help="a Parquet file")],
    people: Annotated[
        Path | None, typer.Option(help="one row per person; its other columns pass through")
    ] = None,
    records: Annotated[
        Path | None, typer.Option(help="dated records: person, fact (detention_dates …), date")
    ] = None,
    record_facts: Annotated[
        str,
        typer.Option(help="the lists that RECORDS covers, by commas; default: those that it names"),
    ] = "",
    version: Annotated[
        str, typer.Option("--version", help="a version; default: the one in force")
    ] = "",
    strict: Annotated[bool, typer.Option("--strict", help="refuse any faulty row")] = False,
) -> None:
    """Turn register extracts into the fact columns of a population table.

    Example: jifen facts derive shanghai --on 2025-06-01 parts/ --people people.parquet -o
    facts.parquet
    """
    with _refusals():
        day = _day(on)
        rules = _rules(city, version, day)
        covers = [name.strip() for name in record_facts.split(",")] if record_facts else None
        run = _needed()
        start = time.monotonic()
        with _progress() as tell:
            done = run(
                rules,
                day,
                extracts,
                output,
                people=people,
                records=records,
                record_facts=covers,
                strict=strict,
                progress=tell,
            )
        print(_words(done, time.monotonic() - start), file=sys.stderr)


@contextmanager
def _refusals() -> Iterator[None]:
    """Bad input ends with status 2 and words; a stop by the system clears up as Ctrl-C does."""
    from jifen.policy.fault import DocumentError

    before = signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        yield
    except DocumentError as error:
        _refuse(str(error))
    finally:
        signal.signal(signal.SIGTERM, before)


def _refuse(words: str, status: int = BAD_INPUT) -> NoReturn:
    print(words, file=sys.stderr)
    raise typer.Exit(status)


def _needed() -> "Callable[..., Summary]":
    try:
        from jifen.facts.registers import derive as run
    except ModuleNotFoundError as error:
        _refuse(
            f"`jifen facts derive` needs the lab ({error.name} is missing): "
            "pip install 'jifen[lab]'"
        )
    return run


def _day(text: str) -> date:
    from jifen.policy.months import parse_date

    try:
        return parse_date(text)
    except ValueError:
        _refuse(f"--on: '{text[:40]}' is not a date; write YYYY-MM-DD, such as 2025-06-01")


def _rules(city: str, version: str, on: date) -> "Rules":
    from jifen.cities import find, in_force, load

    policy = load(city, version) if version else in_force(city, on)
    if policy is None:
        spans = ", ".join(f"{v.version}: {v.since} – {v.until or '…'}" for v in find(city).versions)
        _refuse(
            f"no policy of {city} is in force on {on}; versions: {spans}. "
            "Choose another day, or name a version with --version.",
            NOT_IN_FORCE,
        )
    return policy.at(on)


@contextmanager
def _progress() -> Iterator[Callable[[str, float], None] | None]:
    """A bar on a terminal, nothing elsewhere."""
    if not sys.stderr.isatty():
        yield None
        return
    from rich.console import Console
    from rich.progress import Progress, TaskID

    with Progress(console=Console(stderr=True), transient=True) as bars:
        known: dict[str, TaskID] = {}

        def tell(stage: str, done: float) -> None:
            if stage not in known:
                known[stage] = bars.add_task(stage, total=1.0)
            bars.update(known[stage], completed=done)

        yield tell


def _words(done: "Summary", seconds: float) -> str:
    rate = done.rows / max(seconds, 1e-9)
    lines = [
        f"{done.target}: {done.persons:,} persons from {done.rows:,} rows in {seconds:.1f} s "
        f"({rate:,.0f} rows/s); {len(done.derived)} facts: {', '.join(done.derived)}"
    ]
    if done.faults:
        lines.append(
            f"{done.faults:,} faults of {done.faulty_persons:,} persons, whose derived facts are "
            f"left unknown: see {done.faults_table}"
        )
    if done.strangers:
        lines.append(f"{done.strangers:,} rows are of persons who are not in PEOPLE: left out")
    if done.unrecorded:
        lines.append(
            f"left unknown, since RECORDS names none: {', '.join(done.unrecorded)} "
            "(--record-facts says that it covers them)"
        )
    return "\n".join(lines)
