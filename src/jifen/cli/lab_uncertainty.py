"""`jifen lab uncertainty`: the people at the line as a range, and what widens it."""

import json
import sys
from pathlib import Path
from typing import Annotated

import typer

from jifen.cli.lab_errors import report_errors
from jifen.cli.lab_reform import (
    City,
    Exact,
    Folder,
    Html,
    Json,
    Kind,
    Lang,
    On,
    PeopleFile,
    Version,
    find_day_and_policy,
    print_labels,
)
from jifen.cli.lab_report import write_report
from jifen.cli.lab_source import Map, Weight, open_people
from jifen.cli.person import BAD_INPUT


def uncertainty(
    city: City,
    people: PeopleFile,
    on: On,
    margins: Annotated[
        Path | None, typer.Option(help="of synthetic people; default: those of the city")
    ] = None,
    spread: Annotated[float, typer.Option(help="how far off an assumed share may be")] = 0.1,
    draws: Annotated[int, typer.Option(min=1, help="how often margins are drawn again")] = 100,
    seed: Annotated[int, typer.Option(help="the same seed gives the same draws")] = 7,
    version: Version = None,
    output: Folder = None,
    kind: Kind = "parquet",
    html: Html = None,
    mapping: Map = None,
    weight: Weight = "",
    exact: Exact = False,
    as_json: Json = False,
    lang: Lang = "zh",
) -> None:
    """The people at the line as a range over unknown facts, readings, margins and sampling.

    Example: jifen lab uncertainty shanghai people.packed --on 2025-06-01 --html range.html
    """
    if not 0 < spread < 1:
        print(f"--spread is {spread}; expected a share above 0 and below 1", file=sys.stderr)
        sys.exit(BAD_INPUT)
    with report_errors(lang):
        from jifen.cities import find_city_of_policy
        from jifen.lab.disclosure.notes import mark_protection
        from jifen.lab.disclosure.protection import protect_result
        from jifen.lab.output import write_tables
        from jifen.lab.people import load_margins, read_margins
        from jifen.lab.uncertainty import measure_uncertainty
        from jifen.lab.uncertainty.serialization import format_uncertainty, to_dict, to_tables

        day, policy = find_day_and_policy(city, version, on)
        source = open_people(people, policy, day, mapping=mapping, weight=weight, lang=lang)
        with source as (population, faults):
            shares = None
            if margins:
                shares = read_margins(margins, policy.vocabulary)
            elif population.synthetic:
                shares = load_margins(find_city_of_policy(policy))
            result = measure_uncertainty(
                population, policy, day, margins=shares, spread=spread, draws=draws, seed=seed
            )
            population.exact = exact
            result = protect_result(result, population)
            if html:
                from jifen.lab.reports.uncertainty import build_report

                write_report(html, build_report(population, policy, result, day), lang)
        if output:
            write_tables(output, to_tables(result), kind)
    if as_json:
        document = {**mark_protection(population), **to_dict(result)}
        typer.echo(json.dumps(document, ensure_ascii=False, indent=2))
        return
    print_labels(population, len(faults), lang)
    typer.echo(format_uncertainty(result, "en" if lang == "en" else "zh"))
