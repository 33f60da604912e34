"""`jifen score`: a population file → a file of points."""

import sys
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from datetime import date
from pathlib import Path
from typing import Annotated, Any

import typer

from jifen.cli.file_summary import print_summary
from jifen.cli.person import (
    BAD_INPUT,
    NOT_IN_FORCE,
    find_policy,
    parse_day_argument,
    parse_readings,
)

Progress = Any
Map = Annotated[
    Path | None, typer.Option("--map", metavar="FILE", help="a mapping, see `jifen facts map`")
]


def score(
    city: Annotated[str, typer.Argument(help="a city, see `jifen cities`")],
    people: Annotated[
        Path, typer.Argument(help="CSV, .xlsx, Parquet, Arrow; or a folder of parts")
    ],
    on: Annotated[str, typer.Option("--on", help="the day, YYYY-MM-DD", metavar="DATE")],
    output: Annotated[Path, typer.Option("-o", "--output", help="the file of results")],
    version: Annotated[
        str | None, typer.Option(help="a version; default: the one in force")
    ] = None,
    lines: Annotated[
        bool, typer.Option("--lines", help="the points of every indicator too")
    ] = False,
    bounds: Annotated[
        bool | None,
        typer.Option(
            "--bounds/--no-bounds", help="least and most; default: where facts may be unknown"
        ),
    ] = None,
    keep: Annotated[
        str | None,
        typer.Option(help="columns to carry through, by commas, or none; default: all others"),
    ] = None,
    assume: Annotated[
        list[str] | None,
        typer.Option(
            metavar="FACT=VALUE", help="for a fact without a column; unknown, not_applicable"
        ),
    ] = None,
    reading: Annotated[
        list[str] | None,
        typer.Option(metavar="SWITCH=READING", help="another reading of an unclear rule"),
    ] = None,
    purpose: Annotated[
        str, typer.Option(help="what the points are for; default: the measure's first purpose")
    ] = "",
    strict: Annotated[bool, typer.Option("--strict", help="refuse a file with faults")] = False,
    check: Annotated[int, typer.Option(help="score so many again with the plain evaluator")] = 0,
    threads: Annotated[int, typer.Option(help="how many; default: all processors")] = 0,
    mapping: Map = None,
    resume: Annotated[
        bool,
        typer.Option("--resume", help="keep finished parts; the same command then goes on"),
    ] = False,
    cluster: Annotated[
        str | None, typer.Option(metavar="ADDRESS", help="a dask scheduler, or local:N processes")
    ] = None,
    lang: Annotated[str, typer.Option(help="zh or en")] = "zh",
) -> None:
    """Score a population file, larger than memory if need be.

    One column per fact, by its id or its label in Chinese or English; an empty cell is an unknown
    fact. CSV may be in UTF-8, GB18030 or UTF-16, under title rows. Rows with values that cannot be
    used get no result and are listed in a second file beside the first.

    Example: jifen score shanghai --on 2025-06-01 people.parquet -o scored.parquet --lines
    """
    from jifen.cli.lab_errors import report_errors

    with report_errors(lang), ExitStack() as stack:
        from jifen.policy.purposes import CHOICE
        from jifen.scoring.files.file_faults import FileFault
        from jifen.scoring.files.locations import RESUME_NEEDS_A_PATH, place_results, read_address
        from jifen.scoring.files.stream import ScoringOrder, score_file

        day = parse_day_or_exit(on)
        policy = find_policy(city, version, day)
        if policy is None:
            sys.exit(NOT_IN_FORCE)
        if resume and read_address(output):
            raise FileFault(str(output), RESUME_NEEDS_A_PATH)
        placed = stack.enter_context(place_results(output))
        order = ScoringOrder(
            policy,
            day,
            people,
            placed,
            lines=lines,
            bounds=bounds,
            readings=parse_readings(reading or []) | ({CHOICE: purpose} if purpose else {}),
            assume=_parse_assumptions(assume or []),
            keep=_parse_kept_columns(keep),
            strict=strict,
            check=check,
            threads=threads or None,
            mapping=load_mapping_file(mapping, policy),
            resume=resume,
        )
        with progress_bar(people.name) as progress:
            summary = score_file(order, progress, _choose_runner(cluster))
    print_summary(summary, lang)


def load_mapping_file(path: Path | None, policy: Any) -> Any:
    """The mapping of an extract, for the facts of a measure. Raises PolicyError, ExtractFault."""
    if path is None:
        return None
    from jifen.facts.extracts.mapping import load_mapping

    return load_mapping(path, policy.vocabulary)


def parse_day_or_exit(text: str) -> date:
    """A day as YYYY-MM-DD; ends the command with status 2 otherwise."""
    import argparse

    try:
        return parse_day_argument(text)
    except argparse.ArgumentTypeError as error:
        print(f"--on: {error}", file=sys.stderr)
        sys.exit(BAD_INPUT)


def _choose_runner(cluster: str | None) -> Any:
    from jifen.scoring.files.jobs import run_in_threads

    if cluster is None:
        return run_in_threads
    from jifen.lab.cluster import make_cluster_runner

    return make_cluster_runner(cluster)


def _parse_kept_columns(keep: str | None) -> Sequence[str] | None:
    if keep is None:
        return None
    return [] if keep in ("", "none") else [name.strip() for name in keep.split(",")]


def _parse_assumptions(given: Sequence[str]) -> dict[str, Any]:
    special = {"unknown": ..., "not_applicable": None}
    pairs = (word.partition("=") for word in given)
    return {fact: special.get(value, value) for fact, _, value in pairs}


@contextmanager
def progress_bar(what: str) -> Iterator[Progress]:
    """A bar with the rate on a terminal; nothing where standard error is not one."""
    if not sys.stderr.isatty():
        yield None
        return
    from rich.console import Console
    from rich.progress import (
        BarColumn,
        MofNCompleteColumn,
        Progress,
        TextColumn,
        TimeRemainingColumn,
    )

    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn("{task.fields[rate]}"),
        TimeRemainingColumn(),
    )
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task(what, total=None, rate="")

        def update_bar(done: int, total: int | None) -> None:
            speed = bar.tasks[task].speed
            rate = f"{speed / 1e6:.1f} M/s" if speed else ""
            bar.update(task, completed=done, total=total, rate=rate)

        yield update_bar
