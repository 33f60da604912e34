"""`jifen lab rake`: weights with which people have the shares of a margins file."""

import json
from pathlib import Path
from typing import Annotated, Any

import typer

from jifen.cli.lab_errors import report_errors
from jifen.cli.lab_reform import City, Json, Lang, On, PeopleFile, Version, find_day_and_policy
from jifen.cli.lab_source import Map, Weight, open_people


def rake(
    city: City,
    people: PeopleFile,
    on: On,
    output: Annotated[
        Path, typer.Option("-o", "--output", help=".parquet, .csv or .arrow, with a weight column")
    ],
    margins: Annotated[
        Path | None, typer.Option(help="a margins file; default: that of the city")
    ] = None,
    version: Version = None,
    mapping: Map = None,
    weight: Weight = "",
    as_json: Json = False,
    lang: Lang = "zh",
) -> None:
    """Weight people so that they have the shares of a margins file, and show the fit.

    Facts and columns that both have are used; `--weight` names weights to begin with. The output
    has the facts by id, the columns of the margins, and `weight`.

    Example: jifen lab rake shanghai people.csv --on 2025-06-01 --margins ours.yaml -o raked.parquet
    """
    with report_errors(lang):
        from jifen import cities
        from jifen.lab.people import load_margins, read_margins
        from jifen.lab.people.raking import format_fit, rake_people

        day, policy = find_day_and_policy(city, version, on)
        chosen_city = cities.find_city_of_policy(policy)
        shares = read_margins(margins, policy.vocabulary) if margins else load_margins(chosen_city)
        columns = _list_columns_present(people, policy, shares.list_further_columns())
        source = open_people(
            people, policy, day, mapping=mapping, weight=weight, groups=columns, lang=lang
        )
        with source as (population, _):
            result = rake_people(population, shares)
            _write_people(output, population, result.weights)
    if as_json:
        typer.echo(json.dumps(result.to_dict(), ensure_ascii=False, indent=2))
    else:
        typer.echo(format_fit(result, "en" if lang == "en" else "zh"))


def _list_columns_present(people: Path, policy: Any, names: list[str]) -> list[str]:
    """Those of some columns that a file has; a packed folder has those it was packed with."""
    from jifen.lab.population.store import is_packed
    from jifen.scoring.files.column_reading import build_reading
    from jifen.scoring.files.inputs import open_people as open_file

    if is_packed(people):
        return []
    present = open_file(people, build_reading((policy.vocabulary,))).schema.names
    return [name for name in names if name in present]


def _write_people(output: Path, population: Any, weights: Any) -> None:
    """The facts, the further columns and the weights; people with unusable values are left out."""
    from jifen.lab.people.raked_table import build_raked_tables
    from jifen.scoring.files.outputs import ResultFile

    schema, tables = build_raked_tables(population, weights)
    with ResultFile(output, schema) as target:
        target.open()
        for table in tables:
            target.write(table)
        target.finish()
        target.keep()
