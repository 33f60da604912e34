"""The people of a run of the lab: opened as they come, with what was left out told."""

import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from jifen.cli.file_summary import describe_skipped_counts
from jifen.cli.person import BAD_INPUT
from jifen.cli.population import Map, load_mapping_file, progress_bar
from jifen.cli.words import say

if TYPE_CHECKING:
    from jifen.lab.population.people import People

__all__ = ["Map", "Weight", "list_further_columns", "open_people", "refuse_with_cluster"]

Weight = Annotated[
    str, typer.Option("--weight", metavar="COLUMN", help="how many people each row stands for")
]


@contextmanager
def open_people(
    people: Path,
    policy: Any,
    day: date,
    *,
    mapping: Path | None = None,
    weight: str = "",
    groups: Sequence[str] = (),
    lang: str = "zh",
) -> Iterator[tuple["People", list[Any]]]:
    """The people of a file or a packed folder, and the values that cannot be used. Ends the command
    with status 2 where nobody's values can be used."""
    from jifen.facts.extracts.fault import ExtractFault
    from jifen.lab.population import open_population
    from jifen.scoring.population.scorer import build_counting_rule

    with (
        progress_bar(people.name) as progress,
        open_population(
            people,
            policy.vocabulary,
            build_counting_rule(policy.rules_on(day), day),
            groups=groups,
            mapping=load_mapping_file(mapping, policy),
            weight=weight,
            progress=progress,
        ) as (population, faults),
    ):
        for line in describe_skipped_counts(population.left_out):
            typer.echo(line("en" if lang == "en" else "zh"), err=True)
        if population.weight:
            typer.echo(_describe_weight(population)("en" if lang == "en" else "zh"), err=True)
        if not population.count:
            raise ExtractFault("JF-F077", "no_rows", people)
        if population.faulty is not None and population.faulty.all():
            raise _nobody_error(people, population.count, faults)
        yield population, faults


def list_further_columns(groups: Sequence[str], vocabulary: Any) -> list[str]:
    """Of some groups those that are no fact (a district, bands of an income): columns to be read
    beside the facts."""
    from jifen.lab.population import further_columns

    return further_columns.list_further_columns(groups, vocabulary)


def _describe_weight(people: "People") -> Any:
    """That counts are sums of weights, which a reader of the figures must know."""
    count, total = f"{people.count:,}", f"{people.all_people:,}"
    return say("lab_source.weighted_by_rows_stand", weight=people.weight, count=count, total=total)


def _nobody_error(people: Path, count: int, faults: Sequence[Any]) -> Exception:
    """Nobody can be scored: the first fault stands for all of them."""
    from jifen.facts.extracts.fault import ExtractFault
    from jifen.policy.text import Text

    first = Text(people.name, people.name)
    if faults:
        fault, column = faults[0].fault, faults[0].column
        first = say(
            "lab_source.column_and_fault",
            column=column,
            sentence=Text(fault.to_sentence("zh"), fault.to_sentence("en")),
        )
    return ExtractFault("JF-F077", "nobody", people, people=count, faults=first)


def refuse_with_cluster(given: Path | str | None, option: str, cluster: str | None) -> None:
    """What workers are not told of: they read packed or plain files by ids and labels."""
    if given and cluster:
        words = say("lab_source.not_with_cluster")
        print(f"{option}：{words.zh} / {words.en}", file=sys.stderr)
        sys.exit(BAD_INPUT)
