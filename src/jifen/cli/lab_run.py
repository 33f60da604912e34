"""`jifen lab run`, `quota` and `compare`: one population under one or several policies."""

import json
import sys
from contextlib import ExitStack
from typing import Annotated, Any

import typer

from jifen.cli.lab_errors import told
from jifen.cli.lab_reform import (
    City,
    Folder,
    Html,
    Json,
    Kind,
    Lang,
    On,
    PeopleFile,
    Version,
    label_of,
    policy_on,
)
from jifen.cli.person import BAD_INPUT
from jifen.cli.population import parsed_day, progress_bar


def run(
    city: City,
    people: PeopleFile,
    on: On,
    by: Annotated[list[str] | None, typer.Option(help="group: education, age:10, …")] = None,
    version: Version = None,
    output: Folder = None,
    kind: Kind = "parquet",
    html: Html = None,
    as_json: Json = False,
    lang: Lang = "zh",
) -> None:
    """A whole population: distribution, groups, indicators, caps, and who is near the line.

    Example: jifen lab run shanghai people.packed --on 2025-06-01 --by education --html run.html
    """
    with told(lang):
        from jifen.lab.analysis import analyse
        from jifen.lab.analysis import told as words
        from jifen.lab.output import write_tables, write_text
        from jifen.lab.population import open_population

        day, policy = policy_on(city, version, on)
        counting_day = policy.at(day).reference.day_for(day)
        with progress_bar(people.name) as progress:
            source = open_population(people, policy.vocabulary, counting_day, progress=progress)
            with source as (population, faults):
                result = analyse(population, policy, day, groups=by or ())
                if html:
                    from jifen.lab.report import render
                    from jifen.lab.reports.run import report

                    write_text(html, render(report(population, policy, result, day)))
        if output:
            write_tables(output, words.tables(result), kind)
    if as_json:
        said = {"synthetic": population.synthetic, **words.to_dict(result)}
        typer.echo(json.dumps(said, ensure_ascii=False, indent=2))
        return
    label_of(population.synthetic, len(faults), lang)
    typer.echo(words.text(result, "en" if lang == "en" else "zh"))


def quota(
    city: City,
    people: PeopleFile,
    on: On,
    admit: Annotated[int, typer.Option(help="how many people are to be admitted")],
    version: Version = None,
    as_json: Json = False,
    lang: Lang = "zh",
) -> None:
    """The exact line that admits so many people, and the ties at it.

    Example: jifen lab quota chengdu people.packed --on 2019-06-01 --admit 5000
    """
    with told(lang):
        from jifen.lab.analysis import line_for_quota
        from jifen.lab.analysis import told as words
        from jifen.lab.population import open_population

        day, policy = policy_on(city, version, on)
        counting_day = policy.at(day).reference.day_for(day)
        with open_population(people, policy.vocabulary, counting_day) as (population, faults):
            result = line_for_quota(population, policy, day, admit)
    if as_json:
        said = {"synthetic": population.synthetic, **words.quota_dict(result)}
        typer.echo(json.dumps(said, ensure_ascii=False, indent=2))
        return
    label_of(population.synthetic, len(faults), lang)
    typer.echo(words.quota_text(result, "en" if lang == "en" else "zh"))


def compare(
    people: PeopleFile,
    measures: Annotated[list[str], typer.Argument(metavar="CITY[@VERSION]...")],
    on: On,
    as_json: Json = False,
    lang: Lang = "zh",
) -> None:
    """The same people under several versions or cities: who reaches which line.

    Example: jifen lab compare people.parquet shanghai@2013 shanghai@2018 --on 2025-06-01
    """
    with told(lang), ExitStack() as stack:
        from jifen.lab.analysis import side_by_side
        from jifen.lab.analysis import told as words
        from jifen.lab.population import open_population

        day = parsed_day(on)
        policies, populations, opened = [], [], dict[str, Any]()
        for measure in measures:
            city, at, version = measure.partition("@")
            policy = policy_on(city, version if at else None, on)[1]
            policies.append(policy)
            if city not in opened:
                counting_day = policy.at(day).reference.day_for(day)
                source = open_population(people, policy.vocabulary, counting_day)
                opened[city] = stack.enter_context(source)[0]
            populations.append(opened[city])
        if not policies:
            print("name at least one measure", file=sys.stderr)
            sys.exit(BAD_INPUT)
        result = side_by_side(populations, policies, day)
        synthetic = populations[0].synthetic
    if as_json:
        said = {"synthetic": synthetic, **words.side_dict(result)}
        typer.echo(json.dumps(said, ensure_ascii=False, indent=2))
        return
    label_of(synthetic, 0, lang)
    typer.echo(words.side_text(result, "en" if lang == "en" else "zh"))
