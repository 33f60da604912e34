"""`jifen lab sweep`: very many variants of some figures on the same people."""

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
    Unchecked,
    Version,
    describe_worker_people,
    find_day_and_policy,
)
from jifen.cli.lab_source import Map, Weight, list_further_columns, open_people, refuse_with_cluster
from jifen.cli.population import progress_bar


def sweep(
    city: City,
    people: PeopleFile,
    variants: Annotated[Path, typer.Argument(help="a sweep file: what varies, and how")],
    on: On,
    by: Annotated[str | None, typer.Option(help="group: education, age:10, …")] = None,
    version: Version = None,
    output: Folder = None,
    kind: Kind = "parquet",
    html: Html = None,
    mapping: Map = None,
    weight: Weight = "",
    cluster: Cluster = None,
    unchecked: Unchecked = False,
    exact: Exact = False,
    as_json: Json = False,
    lang: Lang = "zh",
) -> None:
    """Very many variants on the same people: who reaches the line under each, and the frontier.

    Every value of every figure is held to the static checks first: errors refuse the sweep.

    Example: jifen lab sweep shanghai people.packed grid.yaml --on 2025-06-01 -o out
    """
    refuse_with_cluster(mapping, "--map", cluster)
    with report_errors(lang):
        from jifen.lab.library.answers import answer_sweep
        from jifen.lab.proposals import check_sweep
        from jifen.lab.sweeps.sweep_loading import load_sweep
        from jifen.lab.sweeps.sweeper import run_sweep as run

        day, policy = find_day_and_policy(city, version, on)
        plan = load_sweep(variants, policy)
        checked = check_sweep(plan, policy, day, unchecked=unchecked)
        if cluster:
            from jifen.lab.cluster import sweep_on_cluster

            result, metadata = sweep_on_cluster(
                cluster, people, policy, plan, day, group=by, weight=weight
            )
            population = describe_worker_people(policy, people, result.people, metadata, exact)
            faults = list[Any]()
            answer = answer_sweep(population, policy, plan, result, day, checked)
        else:
            changed = list(plan.list_variants(policy))
            further = list_further_columns([by] if by else [], policy.vocabulary)
            source = open_people(
                people, policy, day, mapping=mapping, weight=weight, groups=further, lang=lang
            )
            with source as (population, faults):
                with progress_bar(variants.name) as progress:
                    result = run(population, changed, day, group=by, progress=progress)
                population.exact = exact
                answer = answer_sweep(population, policy, plan, result, day, checked)
        write_answer(answer, html, lang, output, kind)
    print_answer(answer, population, len(faults), lang, as_json=as_json, checked=checked)
