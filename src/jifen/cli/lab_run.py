"""`jifen lab run`, `quota` and `compare`: one population under one or several policies."""

import json
import sys
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from datetime import date
from functools import partial
from pathlib import Path
from typing import Annotated, Any

import typer

from jifen.cli.lab_answer import print_answer, write_answer
from jifen.cli.lab_errors import report_errors
from jifen.cli.lab_reform import (
    City,
    Cluster,
    Exact,
    Folder,
    Html,
    Json,
    Kind,
    Lang,
    On,
    PeopleFile,
    Version,
    describe_worker_people,
    find_day_and_policy,
    print_labels,
)
from jifen.cli.lab_source import (
    Map,
    Weight,
    list_further_columns,
    open_people,
    refuse_with_cluster,
)
from jifen.cli.person import BAD_INPUT
from jifen.cli.population import parse_day_or_exit


def run(
    city: City,
    people: PeopleFile,
    on: On,
    by: Annotated[list[str] | None, typer.Option(help="group: education, age:10, …")] = None,
    version: Version = None,
    output: Folder = None,
    kind: Kind = "parquet",
    html: Html = None,
    mapping: Map = None,
    weight: Weight = "",
    cluster: Cluster = None,
    exact: Exact = False,
    as_json: Json = False,
    lang: Lang = "zh",
) -> None:
    """A whole population: distribution, groups, indicators, caps, and who is near the line.

    Example: jifen lab run shanghai people.packed --on 2025-06-01 --by education --html run.html
    """
    refuse_with_cluster(mapping, "--map", cluster)
    with report_errors(lang), ExitStack() as stack:
        from jifen.lab.analysis import analyse_people
        from jifen.lab.library.answers import answer_run

        day, policy = find_day_and_policy(city, version, on)
        if cluster:
            from jifen.lab.cluster import analyse_on_cluster

            groups = tuple(by or ())
            result, metadata = analyse_on_cluster(
                cluster, people, policy, day, groups=groups, weight=weight
            )
            population, faults = (
                describe_worker_people(policy, people, result.people, metadata, exact),
                result.faulty,
            )
        else:
            population, faults = _open_people(
                stack, people, policy, day, mapping, weight, lang, by or ()
            )
            result = analyse_people(population, policy, day, groups=by or ())
        population.exact = exact
        answer = answer_run(population, policy, result, day)
        write_answer(answer, html, lang, output, kind)
    print_answer(answer, population, faults, lang, as_json=as_json)


def quota(
    city: City,
    people: PeopleFile,
    on: On,
    admit: Annotated[int, typer.Option(help="how many people are to be admitted")],
    version: Version = None,
    html: Html = None,
    mapping: Map = None,
    weight: Weight = "",
    cluster: Cluster = None,
    exact: Exact = False,
    as_json: Json = False,
    lang: Lang = "zh",
) -> None:
    """The exact line that admits so many people, and the ties at it.

    Example: jifen lab quota chengdu people.packed --on 2019-06-01 --admit 5000 --html quota.html
    """
    refuse_with_cluster(mapping, "--map", cluster)
    with report_errors(lang), ExitStack() as stack:
        from jifen.lab.analysis import find_threshold_for_quota
        from jifen.lab.library.answers import answer_quota

        day, policy = find_day_and_policy(city, version, on)
        if cluster:
            from jifen.lab.cluster import find_quota_on_cluster

            result, metadata = find_quota_on_cluster(
                cluster, people, policy, day, admit, weight=weight
            )
            population: Any = describe_worker_people(policy, people, result.people, metadata)
            faults = 0
        else:
            population, faults = _open_people(stack, people, policy, day, mapping, weight, lang)
            result = find_threshold_for_quota(population, policy, day, admit)
        population.exact = exact
        answer = answer_quota(population, policy, result, day)
        write_answer(answer, html, lang)
    print_answer(answer, population, faults, lang, as_json=as_json)


def compare(
    people: PeopleFile,
    measures: Annotated[list[str], typer.Argument(metavar="CITY[@VERSION]...")],
    on: On,
    mapping: Map = None,
    weight: Weight = "",
    cluster: Cluster = None,
    exact: Exact = False,
    as_json: Json = False,
    lang: Lang = "zh",
) -> None:
    """The same people under several versions or cities: who reaches which line.

    Example: jifen lab compare people.parquet shanghai@2013 shanghai@2018 --on 2025-06-01
    """
    refuse_with_cluster(mapping, "--map", cluster)
    with report_errors(lang), ExitStack() as stack:
        from jifen.lab.analysis import compare_side_by_side
        from jifen.lab.analysis import side_by_side_serialization as words
        from jifen.lab.disclosure.protection import protect_result

        day, policies = parse_day_or_exit(on), [_find_measure(measure, on) for measure in measures]
        if not policies:
            print("name at least one measure", file=sys.stderr)
            sys.exit(BAD_INPUT)
        if cluster:
            from jifen.lab.cluster import compare_on_cluster

            result, metadata = compare_on_cluster(cluster, people, policies, day, weight=weight)
            population = describe_worker_people(policies[0], people, 0, metadata)
        else:
            opened: dict[Any, Any] = {}
            for policy in policies:
                if policy.vocabulary not in opened:
                    opened[policy.vocabulary] = _open_people(
                        stack, people, policy, day, mapping, weight, lang
                    )[0]
            populations = [opened[policy.vocabulary] for policy in policies]
            result = compare_side_by_side(populations, policies, day)
            population = populations[0]
        population.exact = exact
        result = protect_result(result, population)
    _print_result(
        population,
        0,
        lang,
        as_json,
        words.side_by_side_to_dict(result),
        partial(words.format_side_by_side, result),
    )


def _find_measure(measure: str, on: str) -> Any:
    return find_day_and_policy(measure, None, on)[1]


def _open_people(
    stack: ExitStack,
    people: Path,
    policy: Any,
    day: date,
    mapping: Path | None,
    weight: str,
    lang: str,
    by: Sequence[str] = (),
) -> tuple[Any, int]:
    """The people, open until the stack ends, and how many of their values cannot be used."""
    further = list_further_columns(by, policy.vocabulary)
    source = open_people(
        people, policy, day, mapping=mapping, weight=weight, groups=further, lang=lang
    )
    population, faults = stack.enter_context(source)
    return population, len(faults)


def _print_result(
    people: Any,
    faults: float,
    lang: str,
    as_json: bool,
    told_all: dict[str, Any],
    text: Callable[[Any], str],
) -> None:
    if as_json:
        from jifen.lab.disclosure.notes import mark_protection

        document = {**mark_protection(people), **told_all}
        typer.echo(json.dumps(document, ensure_ascii=False, indent=2))
        return
    print_labels(people, faults, lang)
    typer.echo(text("en" if lang == "en" else "zh"))
