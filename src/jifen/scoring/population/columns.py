"""Which columns of a table give which facts; what is missing, and what it would be for."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from jifen.policy.fault import find_nearest
from jifen.policy.text import EMPTY, Text, join_texts
from jifen.policy.vocabulary import Vocabulary
from jifen.scoring.population.program import Program
from jifen.scoring.words import say


class TableError(ValueError):
    """A table that cannot be scored at all; `faults` are sentences in both languages."""

    def __init__(self, faults: Sequence[Text]) -> None:
        self.faults = tuple(faults)
        super().__init__("\n".join(fault.en for fault in faults))


@dataclass(frozen=True, slots=True)
class ColumnPlan:
    """For each fact its columns; the columns that are kept through; facts the same for all."""

    sources: Mapping[str, tuple[str, ...]]
    kept: tuple[str, ...]
    assumed: Mapping[str, Any]


def plan_columns(
    program: Program,
    names: Sequence[str],
    *,
    assumed: Mapping[str, Any],
    keep: Sequence[str] | None,
    results: Sequence[str],
) -> ColumnPlan:
    """Find the columns of a table. `assumed` gives facts a value for everybody (Ellipsis:
    unknown); `keep` names the columns to carry through (None: all that are not read).
    Raises TableError that names every missing column with the indicators that need it."""
    faults = [*_doubled_column_faults(names), *_unknown_assumption_faults(program, assumed)]
    sources: dict[str, tuple[str, ...]] = {}
    for fact_id in program.facts:
        source_columns = find_source_columns(program.rules.vocabulary, fact_id, names)
        if source_columns or fact_id in assumed:
            sources[fact_id] = source_columns
        else:
            faults.append(describe_missing_column(program, fact_id, names))
    columns_read = {name for source_columns in sources.values() for name in source_columns}
    columns_read |= {name_not_applicable_column(name) for name in columns_read}
    columns_read -= _identity_facts(program.rules.vocabulary)
    kept_columns = (
        tuple(name for name in names if name not in columns_read) if keep is None else tuple(keep)
    )
    faults += [_missing_kept_column(name, names) for name in kept_columns if name not in names]
    faults += [_result_name_clash(name) for name in kept_columns if name in results]
    if faults:
        raise TableError(faults)
    return ColumnPlan(sources, kept_columns, assumed)


def find_source_columns(
    vocabulary: Vocabulary, fact_id: str, names: Sequence[str]
) -> tuple[str, ...]:
    """The columns of a table that give a fact: its own, and those from which it follows: a date of
    birth or an identity number for an age, a list of dates for a count. A column `<city>.<fact>`
    comes before one without the city: several cities may give one id different meanings
    (`award`)."""
    own_column = f"{vocabulary.city}.{fact_id}"
    wanted = [own_column if own_column in names else fact_id]
    derive = vocabulary[fact_id].derive
    while derive and derive.measure in _MEASURES_OF_SOURCES:
        wanted.append(derive.source)
        source_fact = vocabulary.get(derive.source)
        derive = source_fact.derive if source_fact and not source_fact.is_record else None
    return tuple(name for name in wanted if name in names)


_MEASURES_OF_SOURCES = ("completed_years", "records_in_window", "birth_date", "sex")


def _identity_facts(vocabulary: Vocabulary) -> set[str]:
    """The facts that say who somebody is: read, and carried through all the same."""
    return {fact.id for fact in vocabulary if fact.type == "identity"}


def name_not_applicable_column(column: str) -> str:
    """The column that says where a fact does not apply."""
    return f"{column}_not_applicable"


def list_uses_of_fact(program: Program, fact_id: str) -> tuple[Text, ...]:
    """The labels of what a fact decides."""
    rules = program.rules
    labels = {indicator.id: indicator.label for indicator in rules.indicators}
    labels |= {requirement.id: requirement.label for requirement in rules.requirements}
    labels |= {way.id: way.label for way in rules.ways}
    tables = (*program.points, *program.conditions, *program.vetoes, *program.ways)
    readers = (table for table in tables if fact_id in program.facts_read_by(table))
    return tuple(dict.fromkeys(labels[table.id] for table in readers))


def describe_missing_column(program: Program, fact_id: str, names: Sequence[str]) -> Text:
    """A column that is not there, with what it would be for."""
    fact = program.axes[fact_id].fact
    needed = list_uses_of_fact(program, fact_id)
    words = Text("、".join(t.zh for t in needed), ", ".join(t.en for t in needed))
    hint = find_nearest(fact_id, [name for name in names if name not in program.axes])
    derive = fact.derive
    source_columns = [derive.source] if derive and derive.measure in _MEASURES_OF_SOURCES else []
    others = [say("population.columns.or_the_column", name=name) for name in source_columns]
    like = say("population.columns.is_it_the_column", hint=hint) if hint else EMPTY
    return say(
        "population.columns.the_column_is_missing",
        fact_id=fact_id,
        fact_label=fact.label,
        words=words,
        like=like,
        other=join_texts(others),
    )


def _doubled_column_faults(names: Sequence[str]) -> list[Text]:
    twice = dict.fromkeys(name for name in names if names.count(name) > 1)
    return [say("population.columns.the_column_is_there_twice", name=name) for name in twice]


def _missing_kept_column(name: str, names: Sequence[str]) -> Text:
    hint = find_nearest(name, names)
    return say(
        "population.columns.no_column_to_keep",
        name=name,
        part=say("population.columns.did_you_mean", hint=hint)
        if hint
        else say("population.columns.full_stop"),
    )


def _result_name_clash(name: str) -> Text:
    return say("population.columns.the_column_has_the_name", name=name)


def _unknown_assumption_faults(program: Program, assumed: Mapping[str, Any]) -> list[Text]:
    vocabulary = program.rules.vocabulary
    wrong = {
        fact_id: find_nearest(fact_id, vocabulary.ids)
        for fact_id in assumed
        if fact_id not in vocabulary
    }
    return [
        say(
            "population.columns.assume_there_is_no_fact",
            fact_id=fact_id,
            part=say("population.columns.did_you_mean", hint=hint)
            if hint
            else say("population.columns.full_stop"),
        )
        for fact_id, hint in wrong.items()
    ]
