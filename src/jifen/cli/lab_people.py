"""`jifen lab people`: a synthetic population, and how it compares with its margins."""

import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Any

import typer

from jifen.cli.lab_errors import report_errors
from jifen.cli.lab_reform import Cluster
from jifen.cli.person import BAD_INPUT
from jifen.cli.population import progress_bar
from jifen.cli.words import say

MOST_PEOPLE = 10_000_000_000


def people(
    city: Annotated[str, typer.Argument(help="a city, see `jifen cities`")],
    output: Annotated[Path, typer.Option("-o", "--output", help=".parquet, .csv or .arrow")],
    count: Annotated[int, typer.Option("-n", help="how many people")] = 1_000_000,
    seed: Annotated[int, typer.Option(help="the same seed gives the same people")] = 7,
    margins: Annotated[Path | None, typer.Option(help="another margins file")] = None,
    unknown: Annotated[float, typer.Option(help="the share of facts to leave unknown")] = 0.0,
    report: Annotated[bool, typer.Option("--report", help="compare with the margins")] = False,
    report_json: Annotated[Path | None, typer.Option(help="the same for a program")] = None,
    cluster: Cluster = None,
    lang: Annotated[str, typer.Option(help="zh or en")] = "zh",
) -> None:
    """Synthetic people from a margins file, with dependence between their facts; always labelled.

    Example: jifen lab people shanghai -n 1_000_000 --seed 7 -o people.parquet --report
    """
    with report_errors(lang):
        from jifen import cities
        from jifen.lab.people import load_margins, read_margins
        from jifen.lab.people.check import check_population, format_report
        from jifen.lab.people.draw import draw_people

        _refuse_numbers(count, seed, unknown)
        chosen_city = cities.resolve_city(city).city
        facts = cities.load_vocabulary(chosen_city.folder) if margins else None
        spread = read_margins(margins, facts) if margins else load_margins(chosen_city)
        if cluster:
            from jifen.lab.cluster import generate_on_cluster

            cluster_tables = generate_on_cluster(
                cluster, spread, count, seed, file=margins, unknown=unknown, city=chosen_city
            )
            _write_people(spread, output, count, seed, cluster_tables)
        else:
            _write_people(spread, output, count, seed, _draw_tables(spread, count, seed, unknown))
        if report or report_json:
            comparison = check_population(
                spread, draw_people(spread, min(count, 200_000), seed, unknown=unknown)
            )
            if report:
                typer.echo(format_report(comparison, "en" if lang == "en" else "zh"))
            if report_json:
                from jifen.lab.output import write_text

                write_text(
                    report_json, json.dumps(comparison.to_dict(), ensure_ascii=False, indent=1)
                )
    words = say("lab_people.synthetic", count=count, unsure=spread.unsure)
    typer.echo(words.en if lang == "en" else words.zh, err=True)


def _refuse_numbers(count: int, seed: int, unknown: float) -> None:
    if not 0 < count <= MOST_PEOPLE:
        _exit_with_words(f"-n is {count}; expected 1 to {MOST_PEOPLE:,}")
    if not 0 <= seed < 2**63:
        _exit_with_words(f"--seed is {seed}; expected a whole number from 0 on")
    if not 0 <= unknown < 1:
        _exit_with_words(f"--unknown is {unknown}; expected a share from 0 to below 1")


def _exit_with_words(words: str) -> None:
    print(words, file=sys.stderr)
    sys.exit(BAD_INPUT)


def _write_people(spread: Any, output: Path, count: int, seed: int, tables: Iterator[Any]) -> None:
    """Row group by row group, so that memory does not grow with the number."""
    from jifen.lab.people.draw import schema_of
    from jifen.scoring.files.outputs import ResultFile

    done = 0
    with (
        ResultFile(output, schema_of(spread, seed)) as target,
        progress_bar(output.name) as progress,
    ):
        target.open()
        for table in tables:
            target.write(table)
            done += table.num_rows
            if progress:
                progress(done, count)
        target.finish()
        target.keep()


def _draw_tables(spread: Any, count: int, seed: int, unknown: float) -> Iterator[Any]:
    """About a million people at a time."""
    import pyarrow as pa

    from jifen.lab.people.draw import BLOCK, generate_batches

    step = 16 * BLOCK
    for start in range(0, count, step):
        many = min(step, count - start)
        batches = generate_batches(spread, many, seed, start=start, unknown=unknown)
        yield pa.Table.from_batches(batches).combine_chunks()
