"""`jifen lab fairness`: whom rules and a reform reach, by group, and what that costs."""

import json
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
from jifen.cli.lab_source import Map, Weight, open_people
from jifen.cli.population import load_mapping_file

if TYPE_CHECKING:
    from jifen.policy.text import Lang as Lang_


def fairness(
    city: City,
    people: PeopleFile,
    on: On,
    reform: Annotated[
        Path | None, typer.Option(help="a reform file; without it only today's rules")
    ] = None,
    by: Annotated[
        list[str] | None,
        typer.Option(help="group: sex, age:10, annual_income:100000,200000, …; default: the usual"),
    ] = None,
    costs: Annotated[
        Path | None, typer.Option(help="a file of costs; default: that of the city")
    ] = None,
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
    """Whom the rules reach: shares and ratios by group, the spread of points, places at school.

    Example: jifen lab fairness shanghai people.parquet --on 2025-06-01 --reform less.yaml --by sex
    """
    language: Lang_ = "en" if lang == "en" else "zh"
    with report_errors(lang):
        from jifen.lab.disclosure.notes import mark_protection
        from jifen.lab.disclosure.protection import protect_result
        from jifen.lab.fairness.questions import build_question
        from jifen.lab.fairness.serialization import format_fairness, to_dict, to_tables
        from jifen.lab.output import write_tables
        from jifen.lab.population.source import list_column_names
        from jifen.lab.proposals import check_proposals
        from jifen.lab.reforms import load_reform

        day, policy = find_day_and_policy(city, version, on)
        changed = [load_reform(reform, policy)] if reform else []
        checked = check_proposals(changed, [day], unchecked=unchecked)
        named = load_mapping_file(mapping, policy)
        columns = list_column_names(people, policy.vocabulary, named)
        question = build_question(policy, columns, by or (), costs)
        further = question.list_further_columns(policy.vocabulary)
        source = open_people(
            people, policy, day, mapping=mapping, weight=weight, groups=further, lang=lang
        )
        with source as (population, faults):
            population.exact = exact
            result = protect_result(question.ask(population, policy, day, *changed), population)
            if html:
                from jifen.lab.reports.fairness import build_report

                policies = [policy, *changed]
                report = build_report(population, policies, result, day, question.tiles)
                write_report(html, report, lang)
        if output:
            write_tables(output, checked.mark_tables(to_tables(result)), kind)
    print_faults(checked, language)
    if as_json:
        marks = {**mark_protection(population), **checked.to_dict(language)}
        typer.echo(json.dumps({**marks, **to_dict(result)}, ensure_ascii=False, indent=2))
        return
    print_labels(population, len(faults), lang, checked)
    typer.echo(format_fairness(result, language))
