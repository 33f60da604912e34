"""`jifen lab years`: a population year by year, under today's rules and reforms."""

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from jifen.cli.lab_errors import report_errors
from jifen.cli.lab_reform import Cluster, Exact, Unchecked, print_faults
from jifen.cli.lab_report import write_report
from jifen.cli.lab_source import (
    Map,
    Weight,
    list_further_columns,
    open_people,
    refuse_with_cluster,
)
from jifen.cli.person import BAD_INPUT, NOT_IN_FORCE, find_policy
from jifen.cli.population import parse_day_or_exit, progress_bar
from jifen.cli.words import say

if TYPE_CHECKING:
    from jifen.lab.proposals import CheckedRules
    from jifen.lab.uncertainty.years_range import YearsRange
    from jifen.lab.years import YearsResult


def years(
    city: Annotated[str, typer.Argument(help="a city, see `jifen cities`")],
    people: Annotated[Path, typer.Argument(help="Parquet, CSV or Arrow; or packed people")],
    on: Annotated[str, typer.Option("--on", help="the first day, YYYY-MM-DD", metavar="DATE")],
    count: Annotated[int, typer.Option("--years", help="how many years ahead")] = 10,
    version: Annotated[
        str | None, typer.Option(help="a version; default: the one in force")
    ] = None,
    reform: Annotated[
        list[Path] | None, typer.Option(help="a reform file; may be given several times")
    ] = None,
    by: Annotated[
        str | None, typer.Option(help="groups: education, age:10, age:25,35,45, a column")
    ] = None,
    assumptions: Annotated[
        Path | None, typer.Option(help="a file of assumptions; default: that of the city")
    ] = None,
    seed: Annotated[int, typer.Option(help="decides all that is drawn")] = 7,
    draws: Annotated[
        int, typer.Option(min=0, help="draw unsure assumptions again so often: a range a year")
    ] = 0,
    spread: Annotated[float, typer.Option(help="how far off an assumption may be")] = 0.1,
    output: Annotated[
        Path | None, typer.Option("-o", "--output", help="a folder for the tables")
    ] = None,
    html: Annotated[Path | None, typer.Option(help="a report to read and print")] = None,
    mapping: Map = None,
    weight: Weight = "",
    cluster: Cluster = None,
    unchecked: Unchecked = False,
    exact: Exact = False,
    as_json: Annotated[bool, typer.Option("--json", help="for a program")] = False,
    lang: Annotated[str, typer.Option(help="zh or en")] = "zh",
) -> None:
    """Who reaches the line in each of the coming years, today's rules and every reform beside.

    How people change rests on a file of assumptions; the result says how sure each is. Reforms are
    held to the static checks first, on every day that is counted: errors refuse them.

    Example: jifen lab years shanghai people.parquet --on 2026-01-15 --reform degrees.yaml --json
    """
    _refuse_options(count, lang)
    refuse_with_cluster(mapping, "--map", cluster)
    refuse_with_cluster("draws" if draws else None, "--draws", cluster)
    _refuse_spread(spread, lang)
    with report_errors(lang):
        from jifen.cities import find_city_of_policy
        from jifen.lab.proposals import check_proposals
        from jifen.lab.reforms.reform_loading import load_reform
        from jifen.lab.years import find_assumptions_file, load_assumptions, project_years
        from jifen.lab.years.projection import find_anniversary

        day = parse_day_or_exit(on)
        policy = find_policy(city, version, day)
        if policy is None:
            sys.exit(NOT_IN_FORCE)
        policies = [policy, *(load_reform(path, policy) for path in reform or ())]
        days = [find_anniversary(day, year) for year in range(count + 1)]
        checked = check_proposals(policies[1:], days, unchecked=unchecked)
        assumed = load_assumptions(
            assumptions or find_assumptions_file(find_city_of_policy(policy)), policy.vocabulary
        )
        if cluster:
            from jifen.lab.cluster import project_on_cluster

            result = project_on_cluster(
                cluster, people, policies, day, count, assumed, seed=seed, by=by, weight=weight
            )
            result.people.exact = exact
            _write_results(result, checked, output, html, day, as_json, lang)
            return
        column = list_further_columns([by] if by else [], policy.vocabulary)
        source = open_people(
            people, policy, day, mapping=mapping, weight=weight, groups=column, lang=lang
        )
        with (
            source as opened,
            progress_bar(people.name) as progress,
        ):
            result = project_years(
                opened[0], policies, day, count, assumed, seed=seed, by=by, progress=progress
            )
            ranges = None
            if draws:
                from jifen.lab.uncertainty.years_range import range_years

                ranges = range_years(
                    opened[0], policies, day, count, assumed, draws=draws, spread=spread, seed=seed
                )
            opened[0].exact = exact
            _write_results(result, checked, output, html, day, as_json, lang, ranges)


def _refuse_spread(spread: float, lang: str) -> None:
    if not 0 < spread < 1:
        words = say("lab_years.spread_out_of_range", spread=spread)
        print(words.en if lang == "en" else words.zh, file=sys.stderr)
        sys.exit(BAD_INPUT)


def _write_results(
    result: "YearsResult",
    checked: "CheckedRules",
    output: Path | None,
    html: Path | None,
    day: Any,
    as_json: bool,
    lang: Any,
    ranges: "YearsRange | None" = None,
) -> None:
    from jifen.lab.disclosure.protection import protect_result
    from jifen.lab.years.files import write_tables

    result = protect_result(result, result.people)
    ranges = protect_result(ranges, result.people) if ranges else None
    if output:
        write_tables(result, output, checked, ranges.to_tables() if ranges else {})
    if html:
        _write_report(html, result, day, checked, lang)
    _print_result(result, checked, as_json, lang, ranges)


def _write_report(
    path: Path, result: "YearsResult", day: Any, checked: "CheckedRules", lang: str
) -> None:
    from jifen.lab.reports.years import build_report

    report = build_report(result.people, list(result.policies), result, day, checked)
    write_report(path, report, lang)


def _refuse_options(count: int, lang: str) -> None:
    if lang not in ("zh", "en"):
        print(f"--lang is '{lang[:20]}'; write zh or en", file=sys.stderr)
        sys.exit(BAD_INPUT)
    if not 0 <= count <= 60:
        words = say("lab_years.years_out_of_range", count=count)
        print(words.en if lang == "en" else words.zh, file=sys.stderr)
        sys.exit(BAD_INPUT)


def _print_result(
    result: "YearsResult",
    checked: "CheckedRules",
    as_json: bool,
    lang: Any,
    ranges: "YearsRange | None",
) -> None:
    from jifen.lab.disclosure.notes import mark_protection
    from jifen.lab.years.messages import list_cautions, summarize_projection

    print_faults(checked, lang)
    if as_json:
        document = result.to_dict() | mark_protection(result.people) | checked.to_dict(lang)
        document |= {"range": ranges.to_dict()} if ranges else {}
        print(json.dumps(document, ensure_ascii=False, indent=2))
    else:
        for label in checked.list_labels():
            print(label(lang))
        print("\n".join(summarize_projection(result, lang)))
        if ranges:
            print("\n".join(ranges.format_lines(lang)))
    for line in list_cautions(result):
        print(line(lang), file=sys.stderr)
