"""`jifen lab propose` and `jifen lab sensitivity`: figures are looked for; what decides is told."""

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from jifen.cli.lab_errors import report_errors
from jifen.cli.lab_reform import (
    City,
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
from jifen.cli.lab_source import Map, Weight, open_people
from jifen.cli.population import progress_bar

if TYPE_CHECKING:
    from jifen.lab.search import SearchResult
    from jifen.policy.text import Lang as Lang_

NONE_FOUND = 1


def propose(
    city: City,
    people: PeopleFile,
    brief: Annotated[Path, typer.Argument(help="a brief: what may change, how many to admit")],
    on: On,
    seconds: Annotated[float, typer.Option(min=0.1, help="the longest that a search lasts")] = 60.0,
    variants: Annotated[
        int, typer.Option(min=1, help="the most variants that are scored")
    ] = 1_000_000,
    version: Version = None,
    output: Folder = None,
    kind: Kind = "parquet",
    html: Html = None,
    mapping: Map = None,
    weight: Weight = "",
    unchecked: Unchecked = False,
    as_json: Json = False,
    lang: Lang = "zh",
) -> None:
    """Look for figures that admit about so many people, change little and hurt no group too much.

    Ends with status 1 where no choice that meets the brief was found. With -o the folder holds the
    tables and each proposal as a reform file for `jifen lab reform`.

    Example: jifen lab propose shanghai people.packed brief.yaml --on 2025-06-01 -o out
    """
    language: Lang_ = "en" if lang == "en" else "zh"
    with report_errors(lang):
        from jifen.lab.proposals import check_sweep
        from jifen.lab.search import propose_changes
        from jifen.lab.search.budget import Budget
        from jifen.lab.search.files import load_brief, sweep_of

        day, policy = find_day_and_policy(city, version, on)
        wanted = load_brief(brief, policy)
        checked = check_sweep(sweep_of(wanted), policy, day, unchecked=unchecked)
        source = open_people(people, policy, day, mapping=mapping, weight=weight, lang=lang)
        with source as (population, faults):
            with progress_bar(brief.name) as progress:
                result = propose_changes(
                    population,
                    policy,
                    wanted,
                    day,
                    budget=Budget(seconds, variants),
                    progress=(lambda scored: progress(scored, variants)) if progress else None,
                )
            population.exact = True  # nothing is hidden here, and the output says so
            if html:
                from jifen.lab.reports.proposals import build_report

                write_report(html, build_report(population, policy, result, day, checked), lang)
        if output:
            _write_folder(output, result, checked, kind)
    print_faults(checked, language)
    _print_result(result, checked, population, len(faults), language, as_json=as_json)
    raise typer.Exit(0 if result.proposals else NONE_FOUND)


def _print_result(
    result: "SearchResult",
    checked: Any,
    population: Any,
    faults: int,
    lang: "Lang_",
    *,
    as_json: bool,
) -> None:
    from jifen.lab.disclosure.notes import mark_protection
    from jifen.lab.search.serialization import to_dict
    from jifen.lab.search.texts import format_result

    if as_json:
        document = {**mark_protection(population), **checked.to_dict(lang), **to_dict(result)}
        typer.echo(json.dumps(document, ensure_ascii=False, indent=2))
        return
    print_labels(population, faults, lang, checked)
    typer.echo(format_result(result, lang))


def _write_folder(output: Path, result: "SearchResult", checked: Any, kind: str) -> None:
    """The tables, and a reform file for each proposal."""
    from jifen.lab.output import write_tables, write_text
    from jifen.lab.search.serialization import reform_file, to_tables

    write_tables(output, checked.mark_tables(to_tables(result)), kind)
    for proposal in result.proposals:
        write_text(output / f"proposal-{proposal.number}.yaml", reform_file(result, proposal))


def sensitivity(
    city: City,
    people: PeopleFile,
    on: On,
    brief: Annotated[
        Path | None, typer.Option(help="a brief or its figures: what each of them moves alone")
    ] = None,
    pairs: Annotated[int, typer.Option(min=2, help="pairs of random orders")] = 64,
    seed: Annotated[int, typer.Option(help="the same seed gives the same orders")] = 7,
    version: Version = None,
    output: Folder = None,
    kind: Kind = "parquet",
    html: Html = None,
    mapping: Map = None,
    weight: Weight = "",
    as_json: Json = False,
    lang: Lang = "zh",
) -> None:
    """What decides who reaches the line: the share of each indicator, the swing of each figure.

    Example: jifen lab sensitivity shanghai people.packed --on 2025-06-01 --brief brief.yaml
    """
    language: Lang_ = "en" if lang == "en" else "zh"
    with report_errors(lang):
        from jifen.lab.output import write_tables
        from jifen.lab.search.files import load_brief
        from jifen.lab.sensitivity import figure_swings, indicator_shares
        from jifen.lab.sensitivity.texts import format_shares, to_dict, to_tables

        day, policy = find_day_and_policy(city, version, on)
        wanted = load_brief(brief, policy) if brief else None
        source = open_people(people, policy, day, mapping=mapping, weight=weight, lang=lang)
        with source as (population, faults):
            with progress_bar(people.name) as progress:
                shares = indicator_shares(
                    population, policy, day, pairs=pairs, seed=seed, progress=progress
                )
            swings = figure_swings(population, policy, wanted, day) if wanted else []
            population.exact = True  # nothing is hidden here, and the output says so
            if html:
                from jifen.lab.reports.sensitivity import build_report

                write_report(html, build_report(population, policy, shares, swings, day), lang)
        if output:
            write_tables(output, to_tables(shares, swings), kind)
    from jifen.lab.disclosure.notes import mark_protection

    if as_json:
        document = {**mark_protection(population), **to_dict(shares, swings)}
        typer.echo(json.dumps(document, ensure_ascii=False, indent=2))
        return
    print_labels(population, len(faults), lang)
    typer.echo(format_shares(shares, swings, language))
