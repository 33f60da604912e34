"""Arrow columns → columns of codes. Whole columns are encoded at once where possible; other values
are read one by one with the reader of one person's facts, so that both accept the same values.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from jifen.facts.fault import FactFault
from jifen.facts.relations import describe_contradiction
from jifen.facts.values import BadValue
from jifen.policy.fault import shorten_text
from jifen.policy.relations import Relation
from jifen.policy.vocabulary import Fact, Vocabulary
from jifen.scoring.population.axis import NOT_APPLICABLE, Axis
from jifen.scoring.population.columns import name_not_applicable_column
from jifen.scoring.population.kernel import allocate_aligned
from jifen.scoring.population.number_codes import encode_numbers
from jifen.scoring.population.source_columns import CountingRule, build_value_reader
from jifen.scoring.words import say

Codes = NDArray[Any]
Mask = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class CellFault:
    """A value that cannot be used: its row (from 0), its column, and the words of the fault. `line`
    is its row as a spreadsheet counts it, where the table is one of text."""

    row: int
    column: str
    value: str
    fault: FactFault
    line: int | None = None


MOST_CONTRADICTIONS = 1_000
"""The most contradictions named in one batch: a column with another meaning may have millions."""


@dataclass(frozen=True, slots=True)
class ContradictingRows:
    """Rows in which a first total is above what a second allows: `count` of them, the first
    MOST_CONTRADICTIONS as arrays. Their words are composed only where somebody reads them;
    `values` and `limits` are the two totals, row by row."""

    lower: Fact
    higher: Fact
    plus: int
    count: int
    rows: NDArray[np.intp]
    values: NDArray[np.int64]
    limits: NDArray[np.int64]

    def list_faults(self, most: int) -> Iterator[CellFault]:
        """The first of them, in words."""
        for row, value, limit in zip(
            self.rows[:most].tolist(),
            self.values[:most].tolist(),
            self.limits[:most].tolist(),
            strict=True,
        ):
            fault = describe_contradiction(self.lower, self.higher, self.plus, value, limit)
            yield CellFault(row, self.lower.id, str(value), fault)


def list_contradictions(groups: Sequence[ContradictingRows]) -> list[CellFault]:
    """The first contradictions of a batch in words, at most MOST_CONTRADICTIONS."""
    faults: list[CellFault] = []
    for group in groups:
        faults.extend(group.list_faults(MOST_CONTRADICTIONS - len(faults)))
    return faults


@dataclass(slots=True)
class CodedPeople:
    """People as columns of codes. `unknown` marks rows in which a fact is absent, `faulty` rows
    in which a value cannot be used (None: no such row)."""

    people: int
    columns: dict[str, Codes]
    unknown: Mask | None = None
    faulty: Mask | None = None
    faults: list[CellFault] = field(default_factory=list)
    contradicting_rows: list[ContradictingRows] = field(default_factory=list)
    """Totals that contradict one another: scored as they are."""

    @property
    def contradicting(self) -> int:
        """How many of them there are."""
        return sum(group.count for group in self.contradicting_rows)

    def marked_rows(self, mask: Mask | None) -> NDArray[np.intp]:
        """The numbers of the marked rows."""
        return np.zeros(0, np.intp) if mask is None else np.flatnonzero(mask)


class Coder:
    """Codes batches of people under the axes of a program, on one counting day."""

    def __init__(
        self,
        axes: Mapping[str, Axis],
        counting: CountingRule,
        sources: Mapping[str, tuple[str, ...]],
        same: Mapping[str, int],
        vocabulary: Vocabulary | None = None,
    ) -> None:
        """`sources` names, for each fact, the columns that it is read from: its own, or one from
        which it follows (`birth_date` for the age), or several, which must then agree. A fact may
        have a column `<fact>_not_applicable` beside it. `same` are the codes of facts that have
        no column and are the same for everybody. `vocabulary` says which totals contradict one
        another; without it none are compared."""
        self._axes, self._counting, self._sources, self._assumed_codes = (
            axes,
            counting,
            sources,
            same,
        )
        relations = vocabulary.relations if vocabulary else ()
        comparable = [relation for relation in relations if _can_compare(relation, axes, sources)]
        self._relations = [
            relation for relation in comparable if not _is_implied(relation, comparable)
        ]
        self._consequences = [
            relation for relation in comparable if _is_implied(relation, comparable)
        ]

    def encode(self, batch: pa.RecordBatch | pa.Table) -> CodedPeople:
        """Code a batch; nothing of it is kept."""
        coded = CodedPeople(batch.num_rows, {})
        for stagger, (fact_id, axis) in enumerate(self._axes.items()):
            codes = coded.columns[fact_id] = allocate_aligned(batch.num_rows, axis.dtype, stagger)
            if not self._sources[fact_id]:
                self._fill_assumed(coded, axis, codes)
                continue
            first, *others = self._sources[fact_id]
            self._encode_column(coded, axis, batch, first, codes)
            for other in others:
                other_codes = np.empty_like(codes)
                self._encode_column(coded, axis, batch, other, other_codes)
                _refuse_disagreement(coded, axis, codes, other_codes, other)
        for relation in self._relations:
            self._collect_contradictions(coded, relation)
        # where a fact is not known those on both sides of it may contradict one another
        for relation in self._consequences if coded.unknown is not None else ():
            self._collect_contradictions(coded, relation)
        return coded

    def _collect_contradictions(self, coded: CodedPeople, relation: Relation) -> None:
        """Rows in which the first of two totals is above what the second allows."""
        lower, higher = self._axes[relation.fact], self._axes[relation.other]
        first, second = coded.columns[relation.fact], coded.columns[relation.other]
        offset = int(lower.fact.least) - int(higher.fact.least) - relation.plus
        above = first > second if offset == 0 else first.astype(np.int32) + offset > second
        if not above.any():
            return
        rows = np.flatnonzero(above & (first != lower.absent) & (second != NOT_APPLICABLE))
        if not len(rows):
            return
        named = rows[:MOST_CONTRADICTIONS].copy()
        coded.contradicting_rows.append(
            ContradictingRows(
                lower.fact,
                higher.fact,
                relation.plus,
                len(rows),
                named,
                first[named].astype(np.int64) + (int(lower.fact.least) - 1),
                second[named].astype(np.int64) + (int(higher.fact.least) - 1),
            )
        )

    def _fill_assumed(self, coded: CodedPeople, axis: Axis, codes: Codes) -> None:
        codes[:] = self._assumed_codes[axis.fact.id]
        if self._assumed_codes[axis.fact.id] == axis.absent:
            coded.unknown = np.ones(coded.people, bool)

    def _encode_column(
        self, coded: CodedPeople, axis: Axis, batch: Any, column: str, codes: Codes
    ) -> None:
        flag_column = name_not_applicable_column(column)
        flags = _true_mask(batch.column(flag_column)) if flag_column in batch.schema.names else None
        read, start = self._build_code_reader(axis, column), 0
        for chunk in _list_chunks(batch.column(column)):
            chunk_rows = slice(start, start + len(chunk))
            wrong = _encode_chunk(axis, chunk, codes[chunk_rows], read)
            if flags is not None and flags[chunk_rows].any():
                _mark_not_applicable(axis, codes[chunk_rows], flags[chunk_rows], wrong)
            for row, fault in wrong.items():
                shortened_value = shorten_text(str(chunk[row].as_py()), 40)
                coded.faults.append(CellFault(start + row, column, shortened_value, fault))
            self._mark_rows(coded, axis, chunk, codes, start, wrong)
            start += len(chunk)

    def _mark_rows(
        self, coded: CodedPeople, axis: Axis, chunk: pa.Array, codes: Codes, start: int, wrong: Any
    ) -> None:
        chunk_rows = slice(start, start + len(chunk))
        if chunk.null_count or wrong:
            if coded.unknown is None:
                coded.unknown = np.zeros(coded.people, bool)
            coded.unknown[chunk_rows] |= codes[chunk_rows] == axis.absent
        if wrong:
            if coded.faulty is None:
                coded.faulty = np.zeros(coded.people, bool)
            coded.faulty[[start + row for row in wrong]] = True

    def _build_code_reader(self, axis: Axis, column: str) -> Callable[[Any], int]:
        """A value as it stands in the table → its code. Raises BadValue."""
        read = build_value_reader(axis.fact, column, self._counting)
        return lambda value: axis.encode(read(value))


def _can_compare(
    relation: Relation, axes: Mapping[str, Axis], sources: Mapping[str, tuple[str, ...]]
) -> bool:
    """Whether both facts have columns, and a code for every value."""
    pair = relation.fact, relation.other
    return all(
        fact_id in axes and axes[fact_id].cuts is None and bool(sources[fact_id])
        for fact_id in pair
    )


def _is_implied(relation: Relation, others: Sequence[Relation]) -> bool:
    """Whether two other relations say the same together."""
    allowed_excess = {(other.fact, other.other): other.plus for other in others}
    return any(
        first == relation.fact
        and allowed_excess.get((middle, relation.other), relation.plus + 1) + plus <= relation.plus
        for (first, middle), plus in allowed_excess.items()
    )


def _refuse_disagreement(
    coded: CodedPeople, axis: Axis, codes: Codes, other_codes: Codes, column: str
) -> None:
    """Two columns that give one fact: what only one of them knows is taken from it."""
    only_in_other = codes == axis.absent
    codes[only_in_other] = other_codes[only_in_other]
    for row in np.flatnonzero((codes != other_codes) & (other_codes != axis.absent)).tolist():
        if coded.faulty is None:
            coded.faulty = np.zeros(coded.people, bool)
        coded.faulty[row] = True
        coded.faults.append(CellFault(row, column, "", _disagreement_fault(axis.fact, column)))


def _disagreement_fault(fact: Fact, column: str) -> FactFault:
    return FactFault(
        "JF-F040",
        fact.id,
        say("population.coding.and_that_disagree", fact_id=fact.id, column=column),
        say("population.coding.the_two_to_agree"),
        say("population.coding.correct_one_of_them"),
    )


def _list_chunks(column: pa.Array | pa.ChunkedArray) -> list[pa.Array]:
    return column.chunks if isinstance(column, pa.ChunkedArray) else [column]


def _encode_chunk(
    axis: Axis, chunk: pa.Array, codes: Codes, read: Callable[[Any], int]
) -> dict[int, FactFault]:
    """Fill codes; returns the faults by row."""
    kind = chunk.type
    if pa.types.is_dictionary(kind):
        return _encode_dictionary(axis, chunk, codes, read)
    if pa.types.is_boolean(kind) and axis.fact.type == "bool":
        codes[:] = _unpack_bits(chunk)
        doubtful = None
    elif axis.fact.is_number and (quick := encode_numbers(axis, chunk, codes)):
        doubtful = quick.doubtful
    else:
        return _encode_text(axis, chunk, codes, read)
    if chunk.null_count:
        absent = _null_mask(chunk)
        codes[absent] = axis.absent
        doubtful = None if doubtful is None else doubtful & ~absent
    return (
        {}
        if doubtful is None
        else _encode_single_values(axis, chunk, codes, np.flatnonzero(doubtful), read)
    )


def _encode_text(
    axis: Axis, chunk: pa.Array, codes: Codes, read: Callable[[Any], int]
) -> dict[int, FactFault]:
    """Text (and any other type): numbers written as text are read as numbers where all are."""
    if pa.types.is_string(chunk.type) and axis.fact.is_number:
        for kind in (pa.int64(), pa.float64()):
            try:
                return _encode_chunk(axis, pc.cast(chunk, kind), codes, read)
            except pa.ArrowInvalid:
                continue
    return _encode_dictionary(axis, _to_dictionary(chunk), codes, read)


def _unpack_bits(chunk: pa.Array) -> Codes:
    """The values of a boolean column as bytes."""
    buffer = chunk.buffers()[1]
    bits = np.frombuffer(buffer, np.uint8)
    first = chunk.offset // 8
    last = (chunk.offset + len(chunk) + 7) // 8
    unpacked = np.unpackbits(bits[first:last], bitorder="little")
    return unpacked[chunk.offset % 8 :][: len(chunk)]


def _null_mask(chunk: pa.Array) -> Mask:
    return _unpack_bits(pc.is_null(chunk)).view(bool)


def _true_mask(flags: Any) -> Mask:
    """Where a boolean column is true (null: not)."""
    flat = flags.combine_chunks() if isinstance(flags, pa.ChunkedArray) else flags
    if not pa.types.is_boolean(flat.type):
        flat = pc.cast(flat, pa.bool_())
    return _unpack_bits(pc.fill_null(flat, False)).view(bool)


def _to_dictionary(chunk: pa.Array) -> pa.Array:
    """Any column as a dictionary column, so that each different value is read once."""
    try:
        return chunk.dictionary_encode()
    except (pa.ArrowNotImplementedError, pa.ArrowInvalid):
        values = [None if v is None else str(v) for v in chunk.to_pylist()]
        return pa.array(values, pa.string()).dictionary_encode()


def _written_values(values: pa.Array) -> list[Any]:
    """Values as they were written: 0.1 in 32 bits is 0.1, not 0.10000000149."""
    if pa.types.is_float32(values.type):
        return [None if v is None else Decimal(str(np.float32(v))) for v in values.to_pylist()]
    return list(values.to_pylist())


def _encode_dictionary(
    axis: Axis, chunk: pa.Array, codes: Codes, read: Callable[[Any], int]
) -> dict[int, FactFault]:
    """Each value of the dictionary is read once."""
    table = np.full(len(chunk.dictionary) + 1, axis.absent, axis.dtype)
    wrong: dict[int, BadValue] = {}
    for number, value in enumerate(_written_values(chunk.dictionary)):
        if value is None:
            continue
        try:
            table[number] = read(value)
        except BadValue as error:
            wrong[number] = error
    indices = _raw_integers(chunk.indices)
    if chunk.null_count:
        indices = np.where(_null_mask(chunk), len(chunk.dictionary), indices)
    codes[:] = look_up_codes(table, indices)
    if not wrong:
        return {}
    rows = np.flatnonzero(np.isin(indices, list(wrong)))
    return {int(row): wrong[int(indices[row])].to_fault(axis.fact.id) for row in rows}


def look_up_codes(table: Codes, indices: Codes) -> Codes:
    """`table[indices]`; for tables of bytes by the translation of bytes, ten times as fast."""
    if table.dtype == np.uint8 and len(table) <= _BYTE_VALUES:
        keys = indices.astype(np.uint8).tobytes()
        return np.frombuffer(keys.translate(table.tobytes().ljust(_BYTE_VALUES, b"\0")), np.uint8)
    return table[indices]


_BYTE_VALUES = 256


def _raw_integers(array: pa.Array) -> Codes:
    """The values of a column of whole numbers as they lie in memory (nulls: anything)."""
    dtype = array.type.to_pandas_dtype()
    return np.frombuffer(array.buffers()[1], dtype)[array.offset : array.offset + len(array)]


def _encode_single_values(
    axis: Axis, chunk: pa.Array, codes: Codes, rows: NDArray[np.intp], read: Callable[[Any], int]
) -> dict[int, FactFault]:
    """Read single values as those of one person; equal ones once."""
    seen: dict[Any, int | FactFault] = {}
    wrong: dict[int, FactFault] = {}
    for row, value in zip(rows.tolist(), chunk.take(pa.array(rows)).to_pylist(), strict=True):
        key = value if value == value else "nan"  # noqa: PLR0124 - nan differs from itself
        if key not in seen:
            try:
                seen[key] = read(value)
            except BadValue as error:
                seen[key] = error.to_fault(axis.fact.id)
        code_or_fault = seen[key]
        if isinstance(code_or_fault, FactFault):
            wrong[row] = code_or_fault
            codes[row] = axis.absent
        else:
            codes[row] = code_or_fault
    return wrong


def _mark_not_applicable(
    axis: Axis, codes: Codes, flags: Mask, wrong: dict[int, FactFault]
) -> None:
    """Facts that do not apply; a value beside the flag is a contradiction."""
    for row in np.flatnonzero(flags & (codes != axis.absent)).tolist():
        if row not in wrong:
            wrong[row] = _value_and_flag_fault(axis.fact)
            codes[row] = axis.absent
    if axis.fact.always_applies:
        for row in np.flatnonzero(flags).tolist():
            wrong.setdefault(row, _always_applies_fault(axis.fact))
        return
    applicable_flags = flags.copy()
    applicable_flags[list(wrong)] = False
    codes[applicable_flags] = NOT_APPLICABLE


def _value_and_flag_fault(fact: Fact) -> FactFault:
    return FactFault(
        "JF-F040",
        fact.id,
        say("population.coding.a_value_and_the_mark"),
        say("population.coding.one_of_the_two"),
        say("population.coding.leave_one_of_them_empty"),
    )


def _always_applies_fault(fact: Fact) -> FactFault:
    return FactFault(
        "JF-F005",
        fact.id,
        say("population.coding.does_not_apply"),
        say("population.coding.a_value_always_applies", fact_label=fact.label),
        say("population.coding.give_the_value_or_leave"),
    )
