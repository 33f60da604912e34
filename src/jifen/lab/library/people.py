"""People of a city in memory or in a file, decoded once for every question."""

from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from datetime import date
from pathlib import Path
from typing import Any
from weakref import finalize

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from jifen.facts.extracts.mapping import load_mapping
from jifen.lab.library.text_columns import decode_categories
from jifen.lab.population.further_columns import (
    list_further_columns,
    number_bands,
    read_answers,
    refuse_too_many,
    split_bands,
)
from jifen.lab.population.pack import weights_of
from jifen.lab.population.people import MOST_GROUPS
from jifen.lab.population.source import list_column_names, open_population
from jifen.lab.population.table import decode_people
from jifen.lab.population.unpack import tables_of
from jifen.lab.words import say
from jifen.policy.policy import Policy
from jifen.policy.vocabulary import Vocabulary
from jifen.scoring.files.column_reading import build_reading
from jifen.scoring.files.inputs import FilePart
from jifen.scoring.notebook_table import build_html_table
from jifen.scoring.population.coding import CellFault
from jifen.scoring.population.columns import TableError
from jifen.scoring.population.scorer import build_counting_rule

_FACT = say("library.people.fact")


class Population:
    """People of a city, decoded once: from a file as it comes (CSV in any encoding, .xlsx, Parquet,
    Arrow, a packed folder) or from any dataframe that has the Arrow interface.

    Columns are facts by id or by label, answers by id or label; `weight` names a column that says
    how many people each row stands for, `by` further columns by which to group. Values that cannot
    be used are in `problems`; their people take no part. Gives itself through the Arrow interface,
    a column for each fact (pandas, polars, DuckDB and pyarrow take it).
    """

    def __init__(
        self,
        policy: Policy,
        source: Any,
        on: date,
        *,
        weight: str = "",
        by: Sequence[str] = (),
        mapping: str | Path | None = None,
        exact: bool = False,
    ) -> None:
        """Ages from dates of birth are those of the day. `exact`: of real people counts below five
        are shown too, for a check of one's own. Raises FileFault, PolicyError (a mapping),
        TableError."""
        self._open = ExitStack()
        self._ends = finalize(self, self._open.close)
        vocabulary = policy.vocabulary
        column_mapping = load_mapping(Path(mapping), vocabulary) if mapping else None
        counting = build_counting_rule(policy.rules_on(on), on)
        if isinstance(source, str | Path):
            opened = open_population(
                Path(source), vocabulary, counting, groups=by, mapping=column_mapping, weight=weight
            )
            self.people, self._faults = self._open.enter_context(opened)
            self.people.exact = exact
            return
        table = to_arrow_table(source)
        reading = build_reading((vocabulary,), column_mapping)
        called = reading.resolve_columns(tuple(table.column_names), "table")
        table = reading.build_columns(called).read_columns(table, list(called.values()))
        self.people, self._faults = decode_people(vocabulary, table, counting)
        self.people.exact = exact
        self.people.other = {split_bands(group)[0]: _encode_groups(table, group) for group in by}
        if weight:
            _refuse_missing(table, weight)
            part = FilePart(Path("table"), table.num_rows)
            self.people.weights, self.people.weight = weights_of(table, weight, part, 0), weight

    @property
    def city(self) -> str:
        """The id of the city."""
        return self.people.vocabulary.city

    @property
    def facts(self) -> tuple[str, ...]:
        """The facts that have a column."""
        return self.people.facts

    @property
    def problems(self) -> pa.Table:
        """The values that cannot be used: row (from 0), column, value, reason in both languages."""
        rows = [_problem_to_dict(fault) for fault in self._faults]
        names = ("row", "column", "value", "code", "reason_zh", "reason_en")
        kinds = [pa.field("row", pa.int64()), *(pa.field(n, pa.string()) for n in names[1:])]
        return pa.Table.from_pylist(rows, pa.schema(kinds))

    def __len__(self) -> int:
        return self.people.count

    def __repr__(self) -> str:
        people = self.people
        weighted = f", weighted by {people.weight!r}" if people.weight else ""
        problems = f", {len(self._faults):,} problems" if self._faults else ""
        return (
            f"<Population of {self.city}: {people.count:,} rows, {len(self.facts)} facts"
            f"{weighted}{problems}>"
        )

    def _repr_html_(self) -> str:
        labels = [(fact, self.people.vocabulary[fact].label) for fact in self.facts]
        rows = [(fact, label.zh, label.en) for fact, label in labels]
        return build_html_table(repr(self)[1:-1], ("id", _FACT.zh, _FACT.en), rows)

    def to_arrow(self) -> pa.Table:
        """Everybody whose values can be used, a column for each fact, nulls where it is unknown."""
        tables = [table for table, _ in tables_of(self.people)]
        return pa.concat_tables(tables, promote_options="default") if tables else pa.table({})

    def to_pandas(self) -> Any:
        """The same as a pandas DataFrame."""
        return self.to_arrow().to_pandas()

    def __arrow_c_stream__(self, requested_schema: object = None) -> object:
        return self.to_arrow().__arrow_c_stream__(requested_schema)


def open_people(policy: Policy, source: Any, on: date, by: Sequence[str] = ()) -> Population:
    """A population as it is, or made of what holds people, with those columns of `by` that are no
    facts. Raises as `Population`."""
    if isinstance(source, Population):
        return source
    return Population(policy, source, on, by=list_further_columns(by, policy.vocabulary))


def list_columns(source: Any, vocabulary: Vocabulary) -> frozenset[str]:
    """The columns of a file or a table by which people can be grouped: facts by id, others as they
    are called. Raises FileFault, TableError."""
    if isinstance(source, str | Path):
        return list_column_names(Path(source), vocabulary)
    names = tuple(to_arrow_table(source).column_names)
    return frozenset((*names, *build_reading((vocabulary,)).resolve_columns(names, "table")))


def rename_to_facts(vocabulary: Vocabulary, source: Any) -> pa.Table:
    """A dataframe with its columns by the ids of facts. Raises TableError, ExtractFault."""
    table, reading = to_arrow_table(source), build_reading((vocabulary,))
    if len(set(table.column_names)) < table.num_columns:
        return table  # two columns of one name: the plan of columns says so
    called = reading.resolve_columns(tuple(table.column_names), "table")
    return reading.build_columns(called).read_columns(table, list(called.values()))


def to_arrow_table(source: Any) -> pa.Table:
    """Any dataframe as an Arrow table, its texts as strings. Raises TableError for what is none."""
    try:
        if isinstance(source, pa.Table):
            return decode_categories(source)
        return decode_categories(pa.table(dict(source) if isinstance(source, Mapping) else source))
    except (TypeError, ValueError, pa.ArrowException) as error:
        kind = type(source).__name__
        why = str(error).splitlines()[0][:120] if str(error) else kind
        raise TableError(
            [say("library.people.is_no_table_of_people", kind=kind, why=why)]
        ) from None


def _encode_groups(table: pa.Table, group: str) -> tuple[Any, tuple[str, ...]]:
    """The codes and labels of a column by which to group."""
    name, _ = split_bands(group)
    _refuse_missing(table, name)
    encoded = pc.dictionary_encode(read_answers(table.column(name), group))
    known, answers = number_bands(group), encoded.dictionary.to_pylist()
    numbers = [known.setdefault(answer, len(known)) for answer in answers]
    if len(known) > MOST_GROUPS:
        raise TableError([refuse_too_many(name, MOST_GROUPS)])
    codes = np.array(numbers, np.uint8)[encoded.indices.to_numpy(zero_copy_only=False)]
    return codes, tuple(known)


def _refuse_missing(table: pa.Table, name: str) -> None:
    if name not in table.column_names:
        raise TableError([say("library.people.there_is_no_column", name=name)])


def _problem_to_dict(fault: CellFault) -> dict[str, Any]:
    return {
        "row": fault.row,
        "column": fault.column,
        "value": fault.value,
        "code": fault.fault.code,
        "reason_zh": fault.fault.to_sentence("zh"),
        "reason_en": fault.fault.to_sentence("en"),
    }
