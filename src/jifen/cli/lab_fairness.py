"""`jifen lab fairness`: whom rules and a reform reach, by group, and what that costs."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from jifen.cli.lab_answer import print_answer, write_answer
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
)
from jifen.cli.lab_source import Map, Weight, open_people
from jifen.cli.population import load_mapping_file

if TYPE_CHECKING:
    pass


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
    with report_errors(lang):
        from jifen.lab.fairness.questions import build_question
        from jifen.lab.library.answers import answer_fairness
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
            counted = question.ask(population, policy, day, *changed)
            policies = [policy, *changed]
            answer = answer_fairness(population, policies, counted, day, checked, question.tiles)
            write_answer(answer, html, lang, output, kind)
    print_answer(answer, population, len(faults), lang, as_json=as_json, checked=checked)
