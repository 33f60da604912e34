"""`jifen lab reform` and `jifen lab sweep`: other rules on the same people."""

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from jifen.cli.lab_errors import report_errors
from jifen.cli.lab_report import write_reform_report
from jifen.cli.lab_source import Map, Weight, list_further_columns, open_people, refuse_with_cluster
from jifen.cli.person import NOT_IN_FORCE, find_policy
from jifen.cli.population import parse_day_or_exit
from jifen.cli.words import say

if TYPE_CHECKING:
    from jifen.lab.population.people import People
    from jifen.lab.proposals import CheckedRules
    from jifen.policy.text import Lang as Lang_

City = Annotated[str, typer.Argument(help="a city, see `jifen cities`")]
PeopleFile = Annotated[Path, typer.Argument(help="a packed folder, or a file of people")]
On = Annotated[str, typer.Option("--on", help="the day, YYYY-MM-DD", metavar="DATE")]
Version = Annotated[str | None, typer.Option(help="a version; default: the one in force")]
Html = Annotated[Path | None, typer.Option(help="a report to read and print, one file")]
Folder = Annotated[Path | None, typer.Option("-o", "--output", help="a folder for the tables")]
Kind = Annotated[str, typer.Option("--format", help="of the tables: parquet or csv")]
Json = Annotated[bool, typer.Option("--json", help="for a program")]
Lang = Annotated[str, typer.Option(help="zh or en")]
Unchecked = Annotated[
    bool, typer.Option("--unchecked", help="simulate rules that fail the static checks too")
]
Exact = Annotated[
    bool, typer.Option("--exact", help="real people: counts below 5 too, not to be passed on")
]
Cluster = Annotated[
    str | None, typer.Option(metavar="ADDRESS", help="a dask scheduler, or local:N processes")
]


def reform(
    city: City,
    people: PeopleFile,
    on: On,
    reforms: Annotated[list[Path], typer.Option("--reform", help="a reform file; repeat for more")],
    by: Annotated[list[str] | None, typer.Option(help="group: education, age:10, …")] = None,
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
    """Today's rules and reforms on the same people: winners, losers, who crosses the line.

    A reform is held to the static checks of `jifen policy check` first: errors refuse it.

    Example: jifen lab reform shanghai people.packed --on 2025-06-01 --reform less.yaml
    """
    refuse_with_cluster(mapping, "--map", cluster)
    with report_errors(lang):
        from jifen.lab.disclosure.notes import mark_protection
        from jifen.lab.disclosure.protection import protect_comparisons
        from jifen.lab.output import write_tables
        from jifen.lab.proposals import check_proposals
        from jifen.lab.reforms import cases as worked
        from jifen.lab.reforms import compare_reforms, load_reform
        from jifen.lab.reforms import serialization as words

        day, policy = find_day_and_policy(city, version, on)
        changed = [load_reform(path, policy) for path in reforms]
        checked = check_proposals(changed, [day], unchecked=unchecked)
        cases = [worked.find_changed_cases(policy, changed_policy) for changed_policy in changed]
        if cluster:
            results, population = _compare_on_cluster(
                cluster, people, policy, changed, day, by, weight, html, checked, exact, lang
            )
            faults: Any = []
        else:
            further = list_further_columns(by or (), policy.vocabulary)
            source = open_people(
                people, policy, day, mapping=mapping, weight=weight, groups=further, lang=lang
            )
            with source as (population, faults):
                population.exact = exact
                compared = compare_reforms(population, policy, changed, day, groups=by or ())
                results = protect_comparisons(compared, population)
                if html:
                    given = (population, policy, changed, results, day, checked)
                    write_reform_report(html, lang, *given)
        if output:
            tables = words.reforms_to_tables(results) | worked.cases_to_tables(changed, cases)
            write_tables(output, checked.mark_tables(tables), kind)
    language: Lang_ = "en" if lang == "en" else "zh"
    print_faults(checked, language)
    if as_json:
        told_all = {
            **mark_protection(population),
            **checked.to_dict(language),
            "reforms": [
                words.reform_to_dict(comparison) | {"cases": worked.cases_to_dicts(changes)}
                for comparison, changes in zip(results, cases, strict=True)
            ],
        }
        typer.echo(json.dumps(told_all, ensure_ascii=False, indent=2))
        return
    print_labels(population, len(faults), lang, checked)
    for comparison, changes in zip(results, cases, strict=True):
        lines = [words.format_reform(comparison, language), *worked.format_cases(changes, language)]
        typer.echo("\n".join(lines) + "\n")


def _compare_on_cluster(
    cluster: str,
    source: Path,
    policy: Any,
    changed: list[Any],
    day: Any,
    by: list[str] | None,
    weight: str,
    html: Path | None,
    checked: Any,
    exact: bool,
    lang: str,
) -> tuple[Any, Any]:
    """The comparison on a cluster, over the parts of a file or folder."""
    from jifen.lab.cluster import compare_reforms_on_cluster
    from jifen.lab.disclosure.protection import protect_comparisons

    results, metadata = compare_reforms_on_cluster(
        cluster, source, policy, changed, day, groups=by or (), weight=weight
    )
    people_seen = describe_worker_people(policy, source, results[0].people, metadata, exact)
    results = protect_comparisons(results, people_seen)
    if html:
        write_reform_report(html, lang, people_seen, policy, changed, results, day, checked)
    return results, people_seen


def describe_worker_people(
    policy: Any, source: Path, count: float, metadata: Any, exact: bool = False
) -> Any:
    """What a report says of people that were seen by workers only."""
    from jifen.lab.population.people import People

    labels = {k.decode(): v.decode() for k, v in metadata.items() if k.startswith(b"jifen.")}
    return People(policy.vocabulary, int(count), {}, labels=labels, name=source.name, exact=exact)


def find_day_and_policy(city: str, version: str | None, on: str) -> tuple[Any, Any]:
    """The day and the policy in force; ends the command with status 3 where there is none."""
    day = parse_day_or_exit(on)
    policy = find_policy(city, version, day)
    if policy is None:
        sys.exit(NOT_IN_FORCE)
    return day, policy


def print_faults(checked: "CheckedRules", lang: "Lang_") -> None:
    """What the static checks say of rules that are simulated all the same."""
    for fault in checked.faults:
        typer.echo(str(fault.in_language(lang)) + "\n", err=True)


def print_labels(
    people: "People", faults: float, lang: str, checked: "CheckedRules | None" = None
) -> None:
    """What must be known before the figures are read."""
    from jifen.lab.disclosure.notes import describe_protection

    language: Any = "zh" if lang == "zh" else "en"
    for label in checked.list_labels() if checked else ():
        typer.echo(label(language))
    note = describe_protection(people) or say("lab_reform.synthetic_people_not_real_data")
    typer.echo(note(language))
    if faults:
        unusable = say("lab_reform.values_cannot_be_used", faults=faults)(language)
        typer.echo(unusable, err=True)
