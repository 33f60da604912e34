"""`jifen lab uncertainty`: the people at the line as a range, and what widens it."""

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

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
    Unchecked,
    Version,
    find_day_and_policy,
    print_faults,
    print_labels,
)
from jifen.cli.lab_report import write_report
from jifen.cli.lab_source import Map, Weight, list_further_columns, open_people
from jifen.cli.person import BAD_INPUT

if TYPE_CHECKING:
    from jifen.policy.text import Lang as Lang_


def uncertainty(
    city: City,
    people: PeopleFile,
    on: On,
    reform: Annotated[
        Path | None, typer.Option(help="a reform file: who gains and loses, as ranges")
    ] = None,
    admit: Annotated[int | None, typer.Option(min=1, help="a quota: its line as a range")] = None,
    by: Annotated[
        list[str] | None, typer.Option(help="groups: their shares and ratios as ranges")
    ] = None,
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
    unchecked: Unchecked = False,
    exact: Exact = False,
    as_json: Json = False,
    lang: Lang = "zh",
) -> None:
    """The people at the line as a range over unknown facts, readings, margins and sampling; with
    --reform, --admit and --by also what a reform does, the line for a quota, shares of groups.

    Example: jifen lab uncertainty shanghai people.packed --on 2025-06-01 --html range.html
    """
    if not 0 < spread < 1:
        print(f"--spread is {spread}; expected a share above 0 and below 1", file=sys.stderr)
        sys.exit(BAD_INPUT)
    with report_errors(lang):
        from jifen.cities import find_city_of_policy
        from jifen.lab.disclosure.notes import mark_protection
        from jifen.lab.disclosure.protection import protect_figures, protect_result
        from jifen.lab.output import write_tables
        from jifen.lab.people import load_margins, read_margins
        from jifen.lab.proposals import check_proposals
        from jifen.lab.reforms import load_reform
        from jifen.lab.uncertainty import measure_uncertainty
        from jifen.lab.uncertainty.figure_choice import choose_figures
        from jifen.lab.uncertainty.figure_ranges import range_figures
        from jifen.lab.uncertainty.figure_texts import (
            figures_to_dicts,
            figures_to_tables,
            format_figure_ranges,
        )
        from jifen.lab.uncertainty.serialization import format_uncertainty, to_dict, to_tables

        day, policy = find_day_and_policy(city, version, on)
        changed = load_reform(reform, policy) if reform else None
        checked = check_proposals([changed] if changed else [], [day], unchecked=unchecked)
        further = list_further_columns(by or (), policy.vocabulary)
        source = open_people(
            people, policy, day, mapping=mapping, weight=weight, groups=further, lang=lang
        )
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
            figures, left_out = choose_figures(
                population, policy, day, reform=changed, admit=admit, by=by or ()
            )
            ranges = protect_figures(
                range_figures(
                    population, policy, day, figures, reform=changed, margins=shares,
                    spread=spread, draws=draws, seed=seed,
                ) if figures else [],
                population,
            )  # fmt: skip
            if html:
                from jifen.lab.reports.uncertainty import build_report

                report = build_report(
                    population, policy, result, day, ranges=ranges, checked=checked, reform=changed
                )
                write_report(html, report, lang)
        if output:
            tables = to_tables(result) | figures_to_tables(ranges)
            write_tables(output, checked.mark_tables(tables), kind)
    language: Lang_ = "en" if lang == "en" else "zh"
    print_faults(checked, language)
    if as_json:
        document = {**mark_protection(population), **checked.to_dict(language), **to_dict(result)}
        document["figures"] = figures_to_dicts(ranges)
        document["left_out"] += [{"zh": text.zh, "en": text.en} for text in left_out]
        typer.echo(json.dumps(document, ensure_ascii=False, indent=2))
        return
    print_labels(population, len(faults), lang, checked)
    lines = [format_uncertainty(result, language), *format_figure_ranges(ranges, language)]
    typer.echo("\n".join([*lines, *(text(language) for text in left_out)]))
