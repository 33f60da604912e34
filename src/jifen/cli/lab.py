"""`jifen lab …`: synthetic people, packing, one population under one or several policies."""

from pathlib import Path
from typing import Annotated

import typer

from jifen.cli import (
    lab_fairness,
    lab_near,
    lab_people,
    lab_propose,
    lab_rake,
    lab_reform,
    lab_run,
    lab_sweep,
    lab_uncertainty,
    lab_years,
)
from jifen.cli.lab_errors import report_errors
from jifen.cli.lab_source import Weight
from jifen.cli.population import Map, parse_day_or_exit, progress_bar
from jifen.cli.words import say

app = typer.Typer(
    no_args_is_help=True,
    rich_markup_mode=None,
    help="Populations, reforms, sweeps and years ahead: what an analyst does before a measure.",
)

app.command()(lab_people.people)
app.command()(lab_rake.rake)
app.command()(lab_run.run)
app.command()(lab_run.quota)
app.command()(lab_run.compare)
app.command()(lab_reform.reform)
app.command()(lab_sweep.sweep)
app.command()(lab_years.years)
app.command()(lab_near.near)
app.command()(lab_propose.propose)
app.command()(lab_propose.sensitivity)
app.command()(lab_uncertainty.uncertainty)
app.command()(lab_fairness.fairness)


@app.command()
def pack(
    city: Annotated[str, typer.Argument(help="a city, see `jifen cities`")],
    people: Annotated[
        Path, typer.Argument(help="CSV, .xlsx, Parquet, Arrow; or a folder of parts")
    ],
    on: Annotated[str, typer.Option("--on", help="ages from birth dates are of this day")],
    output: Annotated[Path, typer.Option("-o", "--output", help="the folder of packed columns")],
    group: Annotated[
        list[str] | None, typer.Option(help="a further column by which to group later")
    ] = None,
    mapping: Map = None,
    weight: Weight = "",
    lang: Annotated[str, typer.Option(help="zh or en")] = "zh",
) -> None:
    """Decode people once into packed columns; every further run of the lab maps them.

    Example: jifen lab pack shanghai people.parquet --on 2025-06-01 -o people.packed
    """
    with report_errors(lang):
        from jifen import cities
        from jifen.facts.extracts.mapping import load_mapping
        from jifen.lab.population import pack_people

        vocabulary = cities.load_vocabulary(cities.resolve_city(city).city.folder)
        with progress_bar(people.name) as progress:
            faults = pack_people(
                vocabulary,
                people,
                output,
                counting_day=parse_day_or_exit(on),
                groups=group or (),
                mapping=load_mapping(mapping, vocabulary) if mapping else None,
                weight=weight,
                progress=progress,
            )
    words = say("lab.packed", output=output, faults=len(faults))
    typer.echo(words.en if lang == "en" else words.zh, err=True)
