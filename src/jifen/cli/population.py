"""`jifen score`: a population file → a file of points."""

import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Annotated, Any

import typer

from jifen.cli.person import BAD_INPUT, NOT_IN_FORCE, _day, _readings, in_force_or_named

Progress = Any


def score(
    city: Annotated[str, typer.Argument(help="a city, see `jifen cities`")],
    people: Annotated[Path, typer.Argument(help="Parquet, CSV or Arrow; or a folder of parts")],
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
    strict: Annotated[bool, typer.Option("--strict", help="refuse a file with faults")] = False,
    check: Annotated[int, typer.Option(help="score so many again with the plain evaluator")] = 0,
    threads: Annotated[int, typer.Option(help="how many; default: all processors")] = 0,
    cluster: Annotated[
        str | None, typer.Option(metavar="ADDRESS", help="a dask scheduler, or local:N processes")
    ] = None,
    lang: Annotated[str, typer.Option(help="zh or en")] = "zh",
) -> None:
    """Score a population file, larger than memory if need be.

    One column per fact; a null is an unknown fact. Rows with values that cannot be used get no
    result and are listed in a second file beside the first.

    Example: jifen score shanghai --on 2025-06-01 people.parquet -o scored.parquet --lines
    """
    from jifen.cli.lab_errors import told

    with told(lang):
        from jifen.scoring.files.stream import Order, score_file

        day = parsed_day(on)
        policy = in_force_or_named(city, version, day)
        if policy is None:
            sys.exit(NOT_IN_FORCE)
        order = Order(
            policy,
            day,
            people,
            output,
            lines=lines,
            bounds=bounds,
            readings=_readings(reading or []),
            assume=_assumed(assume or []),
            keep=_kept(keep),
            strict=strict,
            check=check,
            threads=threads or None,
        )
        with progress_bar(people.name) as progress:
            summary = score_file(order, progress, _runner(cluster))
    _say(summary, lang)


def parsed_day(text: str) -> date:
    """A day as YYYY-MM-DD; ends the command with status 2 otherwise."""
    import argparse

    try:
        return _day(text)
    except argparse.ArgumentTypeError as error:
        print(f"--on: {error}", file=sys.stderr)
        sys.exit(BAD_INPUT)


def _runner(cluster: str | None) -> Any:
    from jifen.scoring.files.work import by_threads

    if cluster is None:
        return by_threads
    from jifen.lab.cluster import on_cluster

    return on_cluster(cluster)


def _kept(keep: str | None) -> Sequence[str] | None:
    if keep is None:
        return None
    return [] if keep in ("", "none") else [name.strip() for name in keep.split(",")]


def _assumed(given: Sequence[str]) -> dict[str, Any]:
    special = {"unknown": ..., "not_applicable": None}
    pairs = (word.partition("=") for word in given)
    return {fact: special.get(value, value) for fact, _, value in pairs}


def _say(summary: Any, lang: str) -> None:
    """One line on standard error: what was done, and what could not be."""
    s = summary
    checked_zh = f"，其中 {s.checked:,} 人经逐项复核一致" if s.checked else ""
    checked_en = f"; {s.checked:,} of them scored again, the same" if s.checked else ""
    not_reached = s.people - s.reached - s.perhaps - s.faulty_rows
    zh = (
        f"{s.people:,} 人：确定达到 {s.reached:,}，可能达到而尚不能确定 {s.perhaps:,}，"
        f"确定未达到 {not_reached:,}；{s.unknown:,} 人的总分尚不能确定{checked_zh}"
    )
    en = (
        f"{s.people:,} people: {s.reached:,} surely reach the line, {s.perhaps:,} could and are "
        f"not settled, {not_reached:,} surely do not; {s.unknown:,} without a definite total"
    )
    en += checked_en
    if s.faults:
        zh += f"\n{s.faulty_rows:,} 行有 {s.faults:,} 个无法使用的值，见 {s.faults_file}"
        en += f"\n{s.faults:,} values in {s.faulty_rows:,} rows cannot be used: see {s.faults_file}"
    if s.contradictions:
        zh += f"\n{s.contradictions:,} 处合计互相矛盾，仍按所填计算，见 {s.faults_file}"
        en += f"\n{s.contradictions:,} totals contradict another, and are scored as they are: "
        en += f"see {s.faults_file}"
    print(en if lang == "en" else zh, file=sys.stderr)


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

        def update(done: int, total: int | None) -> None:
            speed = bar.tasks[task].speed
            rate = f"{speed / 1e6:.1f} M/s" if speed else ""
            bar.update(task, completed=done, total=total, rate=rate)

        yield update
