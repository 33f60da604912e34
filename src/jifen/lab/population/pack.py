"""A file of people → a packed folder, part by part."""

import json
from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from jifen.drafts import Folder, Workspace
from jifen.facts.extracts.mapping import ExtractMapping
from jifen.facts.extracts.rows import SkippedRows
from jifen.facts.values import BadValue, coerce_value
from jifen.lab.population.further_columns import (
    number_bands,
    read_answers,
    refuse_too_many,
    split_bands,
)
from jifen.lab.population.people import NOT_APPLICABLE_NUMBER
from jifen.lab.population.store import (
    FORMAT,
    MANIFEST,
    WEIGHTS,
    StoreFault,
    column_dtype,
    describe_column,
    gap_of,
    is_packed,
)
from jifen.lab.words import say
from jifen.policy.fault import shorten_text
from jifen.policy.text import Text
from jifen.policy.vocabulary import Fact, Vocabulary
from jifen.scoring.files.column_reading import build_reading
from jifen.scoring.files.inputs import FilePart, open_people, place_fault
from jifen.scoring.files.inputs import PeopleFile as Input
from jifen.scoring.files.outputs import unwritable_file_fault
from jifen.scoring.population.axis import NOT_APPLICABLE, Axis, is_wide
from jifen.scoring.population.coding import CellFault, Coder
from jifen.scoring.population.columns import find_source_columns, name_not_applicable_column
from jifen.scoring.population.scorer import encode_assumed
from jifen.scoring.population.source_columns import CountingRule

MOST_LABELS = 32
Progress = Callable[[int, int | None], None]


def pack_people(
    vocabulary: Vocabulary,
    source: Path,
    folder: Path,
    *,
    counting_day: date | CountingRule,
    groups: Sequence[str] = (),
    mapping: ExtractMapping | None = None,
    weight: str = "",
    progress: Progress | None = None,
) -> list[CellFault]:
    """Pack people into a new folder: every fact of the city that has a column, and the columns
    named in `groups` (at most 32 different values). Ages from birth dates are those of the
    counting day. Returns the values that could not be used; raises FileFault."""
    people = open_people(source, build_reading((vocabulary,), mapping))
    _refuse_other_folder(folder)
    with Folder(folder.parent) as parent, Workspace(folder) as workspace:
        try:
            parent.make_folder()
            packed = workspace.make_folder() / folder.name
            packed.mkdir()
            counting = (
                counting_day
                if isinstance(counting_day, CountingRule)
                else CountingRule(counting_day)
            )
            packer = _Packer(vocabulary, people, packed, counting, groups, weight)
            faults = packer.pack_parts(progress)
            workspace.move_into_place(packed)
        except OSError as error:
            raise unwritable_file_fault(folder, error) from error
    return faults


def _refuse_other_folder(folder: Path) -> None:
    if folder.exists() and not is_packed(folder):
        raise StoreFault(folder, say("population.pack.is_there_already_and_holds"))


class _Packer:
    def __init__(
        self,
        vocabulary: Vocabulary,
        people: Input,
        folder: Path,
        counting: CountingRule,
        groups: Sequence[str],
        weight: str,
    ) -> None:
        self._vocabulary, self._people, self._folder = vocabulary, people, folder
        names = people.schema.names
        self._sources = sources_of(vocabulary, names)
        assumed = people.reading.mapping.assume if people.reading.mapping else {}
        self._same = {i: v for i, v in assumed.items() if not self._sources.get(i)}
        self._same = {i: v for i, v in self._same.items() if _is_kept(vocabulary[i])}
        self._sources |= dict.fromkeys(self._same, ())
        facts = {ident: vocabulary[ident] for ident in self._sources}
        # wide numbers: one stretch, which tells absent, not applicable and faulty from the rest
        self._axes = {i: Axis(fact, () if is_wide(fact) else None) for i, fact in facts.items()}
        same = {i: encode_assumed(self._axes[i], v) for i, v in self._same.items()}
        self._coder = Coder(self._axes, counting, self._sources, same)
        self._out = SkippedRows()
        # the bands of a number are numbered in rising order, answers as they come
        self._groups = {
            split_bands(group)[0]: (group, number_bands(group)) for group in dict.fromkeys(groups)
        }
        self._weight = weight
        self._refuse_missing(
            [name for name in (*self._groups, *filter(None, [weight])) if name not in names]
        )
        self._read = [*columns_of(self._sources, names), *self._groups, *filter(None, [weight])]

    def _refuse_missing(self, names: Sequence[str]) -> None:
        if names:
            raise StoreFault(
                self._people.files[0], say("population.pack.has_no_column", names=names[0])
            )

    def pack_parts(self, progress: Progress | None) -> list[CellFault]:
        files = {ident: self._open_column(n, ident) for n, ident in enumerate(self._axes)}
        others = [(self._folder / f"other-{n}.column").open("wb") for n in range(len(self._groups))]
        faulty = (self._folder / "faulty.column").open("wb")
        weights = (self._folder / WEIGHTS).open("wb")
        done, faults = 0, list[CellFault]()
        try:
            for part in self._people.split_into_parts():
                faults += self._pack_part(part, files, others, faulty, done)
                weights.write(self._weights.tobytes())
                done += self._rows
                if progress:
                    progress(done, self._people.people)
        finally:
            for file in (*files.values(), *others, faulty, weights):
                file.close()
        self._write_manifest(done, faults)
        return faults

    def _coded_text(self) -> list[str]:
        return [name for name in self._read if name not in self._groups]

    def _open_column(self, position: int, ident: str) -> BinaryIO:
        file = (self._folder / f"{ident}.column").open("wb")
        file.write(bytes(gap_of(position)))
        return file

    def _pack_part(
        self,
        part: FilePart,
        files: dict[str, BinaryIO],
        others: Sequence[BinaryIO],
        faulty: BinaryIO,
        before: int,
    ) -> list[CellFault]:
        table = part.read_columns(list(dict.fromkeys(self._read)), self._coded_text())
        self._rows = table.num_rows
        if part.left_out:
            self._out.add(part.left_out)
        coded = self._coder.encode(table)
        nothing = np.zeros(0, np.float64)
        self._weights = weights_of(table, self._weight, part, before) if self._weight else nothing
        for ident, codes in coded.columns.items():
            wide = is_wide(self._vocabulary[ident])
            data = self._read_numbers(ident, table, codes) if wide else codes
            data.astype(column_dtype(self._vocabulary, ident), copy=False).tofile(files[ident])
        for (name, (group, known)), file in zip(self._groups.items(), others, strict=True):
            self._encode_group(table.column(name), known, group).tofile(file)
        marks = coded.faulty if coded.faulty is not None else np.zeros(self._rows, bool)
        marks.tofile(faulty)
        return [place_fault(fault, part, before) for fault in coded.faults]

    def _read_numbers(self, ident: str, table: pa.Table, codes: Any) -> Any:
        """A wide number of everybody, by its column or the same for all."""
        if self._sources[ident]:
            return numbers_of(table.column(self._sources[ident][0]), codes, self._axes[ident])
        value = self._same[ident]
        if value is ... or value is None:
            return np.full(len(codes), np.nan if value is ... else NOT_APPLICABLE_NUMBER)
        return np.full(len(codes), float(coerce_value(self._vocabulary[ident], value)))

    def _encode_group(self, column: Any, known: dict[str, int], group: str) -> Any:
        """Codes of a further column; its values are numbered as they come."""
        encoded = read_answers(column, group).dictionary_encode()
        table = np.zeros(len(encoded.dictionary), np.int64)
        for n, value in enumerate(encoded.dictionary.to_pylist()):
            table[n] = known.setdefault(value, len(known))
        if len(known) > MOST_LABELS:
            words = refuse_too_many(split_bands(group)[0], MOST_LABELS)
            raise StoreFault(self._people.files[0], Text(words.zh, f"has {words.en}"))
        return table.astype(np.uint8)[encoded.indices.to_numpy(zero_copy_only=False)]

    def _write_manifest(self, people: int, faults: Sequence[CellFault]) -> None:
        labels = {
            key.decode(): value.decode()
            for key, value in (self._people.schema.metadata or {}).items()
            if key.startswith(b"jifen.")
        }
        manifest = {
            "format": FORMAT,
            "city": self._vocabulary.city,
            "people": people,
            "facts": {ident: describe_column(self._vocabulary, ident) for ident in self._axes},
            "other": {name: list(known) for name, (_, known) in self._groups.items()},
            "faulty": bool(faults),
            "labels": labels,
            "weight": self._weight,
            "left_out": {"blank": self._out.blank, "totals": self._out.totals}
            | {"ragged": len(self._out.ragged)},
            "source": [file.name for file in self._people.files],
        }
        text = json.dumps(manifest, ensure_ascii=False, indent=1)
        (self._folder / MANIFEST).write_text(text, encoding="utf-8")


def sources_of(vocabulary: Vocabulary, names: Sequence[str]) -> dict[str, tuple[str, ...]]:
    """The columns of every fact that a table gives."""
    sources = {fact.id: _list_sources(fact.id, vocabulary, names) for fact in vocabulary}
    return {ident: present for ident, present in sources.items() if present}


def _list_sources(ident: str, vocabulary: Vocabulary, names: Sequence[str]) -> tuple[str, ...]:
    if not _is_kept(vocabulary[ident]):
        return ()
    return find_source_columns(vocabulary, ident, names)


def _is_kept(fact: Fact) -> bool:
    """Whether a fact is a column of its own: not a record, nor days of which a number follows."""
    return not fact.is_record and fact.type not in ("date", "dates")


def columns_of(sources: dict[str, tuple[str, ...]], names: Sequence[str]) -> list[str]:
    """The columns to read: those of the facts, and those that say where they do not apply."""
    read = [name for names_present in sources.values() for name in names_present]
    return read + [
        not_applicable
        for name in read
        if (not_applicable := name_not_applicable_column(name)) in names
    ]


def weights_of(table: pa.Table, name: str, part: FilePart, before: int) -> Any:
    """How many people each row stands for. Raises StoreFault for what is no number from 0 on."""
    column = table.column(name)
    try:
        values = pc.cast(column, pa.float64()).to_numpy(zero_copy_only=False)
    except pa.ArrowInvalid:
        values = np.array([_plain_number(cell) for cell in column.to_pylist()], np.float64)
    wrong = np.flatnonzero(~(np.isfinite(values) & (values >= 0)))
    if len(wrong):
        row = int(wrong[0])
        line = part.line_number_of(row) or before + row + 1
        shown = shorten_text(str(column[row].as_py()), 20)
        raise StoreFault(
            part.file,
            say("population.pack.row_the_weight_in_must", line=line, name=name, shown=shown),
        )
    return values.astype(np.float64)


def _plain_number(cell: Any) -> float:
    try:
        return float(cell)
    except (TypeError, ValueError):
        return float("nan")


def _as_digits(column: Any, fact: Fact) -> pa.Array:
    """Numbers as people write them (154,485 元), each different text once, as digits; those that
    do not apply or cannot be used as nothing: their codes say so."""
    encoded = pc.dictionary_encode(column).combine_chunks()
    digits = list[str | None]()
    for text in encoded.dictionary.to_pylist():
        try:
            value = coerce_value(fact, text)
        except BadValue:
            value = None
        digits.append(None if value is None else str(value))
    return pa.array(digits, pa.string()).take(encoded.indices)


def numbers_of(column: Any, codes: Any, axis: Axis) -> Any:
    """A column of wide numbers as float64: every figure that a policy compares is exact in it."""
    absent = codes == axis.absent
    clean = pc.if_else(pa.array(absent), None, column)
    if pa.types.is_dictionary(column.type):
        clean = pc.cast(clean, column.type.value_type)
    if pa.types.is_string(clean.type):
        clean = pa.chunked_array([_as_digits(clean, axis.fact)])
    if pa.types.is_float32(clean.type) or pa.types.is_decimal(clean.type):
        # by way of the digits: 0.1 in 32 bits is written 0.1, and a cast of the exact decimal
        # 663851.7 gives the float beside the nearest one
        clean = pc.cast(clean, pa.string())
    values = pc.cast(clean, pa.float64()).to_numpy(zero_copy_only=False).copy()
    values[absent] = np.nan
    values[codes == NOT_APPLICABLE] = NOT_APPLICABLE_NUMBER
    return values
