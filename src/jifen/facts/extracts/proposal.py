"""A mapping proposed for an extract: the fact of each column and the answer of each value, with how
sure that is and why. What is not clear is left open (?) for a person; nothing is guessed."""

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

import pyarrow as pa

from jifen.facts.extracts.cells import convert_day_number
from jifen.facts.extracts.column_names import (
    build_fact_names,
    fold_name,
    is_key_column,
    load_other_names,
    load_register_names,
    normalize_cell,
)
from jifen.facts.extracts.layout import Layout
from jifen.facts.extracts.mapping import UNDECIDED
from jifen.facts.extracts.table import Extract, TableReading, inspect_table
from jifen.facts.identity import read_identity
from jifen.facts.spelling import DOES_NOT_APPLY, NO_DATES, AmbiguousSpelling, read_month
from jifen.facts.values import BadValue, coerce_value
from jifen.policy.vocabulary import ChoiceOption, Fact, Vocabulary

LOOKED_AT = 100_000
"""So many rows are looked at for the values of a column."""
MOST_VALUES = 60
"""A column of answers has no more different ones."""
CERTAIN, LIKELY, UNSURE = "certain", "likely", "unsure"
_FITS = 0.8
_NONE_WORDS = NO_DATES | {"否", "no", "未评", "未获得"}
_SPLIT = re.compile(r"[、，,/（）()；;]")


@dataclass(frozen=True, slots=True)
class ProposedColumn:
    """One column. `fact` is empty for none, ? where several fit; `answers` hold only what has to be
    said: a value that is an answer by its id or label needs no word."""

    column: str
    fact: str
    confidence: str
    because: str
    answers: Mapping[str, str] = field(default_factory=dict)
    candidates: tuple[str, ...] = ()

    @property
    def open_count(self) -> int:
        """How many places wait for a person."""
        return (self.fact == UNDECIDED) + sum(a == UNDECIDED for a in self.answers.values())


@dataclass(frozen=True, slots=True)
class MappingProposal:
    """A mapping that is proposed: the table as it was read, its columns, the facts it lacks."""

    extract: Extract
    city: str
    columns: tuple[ProposedColumn, ...]
    key: str
    lacking: tuple[str, ...]
    rows: int
    day_numbers: int

    @property
    def layout(self) -> Layout:
        """How the table is written."""
        return self.extract.layout

    @property
    def open_count(self) -> int:
        """How many places wait for a person."""
        return sum(column.open_count for column in self.columns)

    @property
    def known_count(self) -> int:
        """How many columns are a fact or a part of a record."""
        return sum(bool(column.fact) for column in self.columns)

    @property
    def is_register(self) -> bool:
        """Whether it is a register of records: who, and from when or which month."""
        facts = {column.fact for column in self.columns}
        return "person" in facts and bool(facts & {"from", "month", "date"})


def propose_mapping(path: Path, vocabulary: Vocabulary) -> MappingProposal:
    """Look at an extract and propose its mapping. Raises FileFault, ExtractFault."""
    extract = inspect_table(path, TableReading(build_fact_names([vocabulary])))
    values, rows = _count_values(extract)
    columns = [_propose_column(name, counts, vocabulary) for name, counts in values.items()]
    if _is_register(columns):
        columns = [replace(c, fact="person") if is_key_column(c.column) else c for c in columns]
    else:
        columns = _resolve_rivals(columns)
    key = next((c.column for c in columns if c.fact in ("person", "identity_number")), "")
    given_facts = {c.fact for c in columns}
    days = {c.column for c in columns if c.fact in vocabulary and vocabulary[c.fact].type == "date"}
    numbers = sum(
        count
        for name in days
        for text, count in values[name].items()
        if convert_day_number(text, 1900)
    )
    key = key or next((c.column for c in columns if is_key_column(c.column)), "")
    lacking = () if _is_register(columns) else tuple(_list_lacking(vocabulary, given_facts))
    return MappingProposal(extract, vocabulary.city, tuple(columns), key, lacking, rows, numbers)


def _is_register(columns: Sequence[ProposedColumn]) -> bool:
    facts = {column.fact for column in columns}
    return bool(facts & {"from", "month", "to"})


def _count_values(extract: Extract) -> tuple[dict[str, Counter[str]], int]:
    """How often each text stands in each column, in the first rows."""
    names = extract.layout.names
    value_counts = {name: Counter[str]() for name in names}
    rows = 0
    for persons in extract.read_rows():
        table = persons.block.table.slice(0, LOOKED_AT - rows)
        rows += table.num_rows
        for name in names:
            counts = table.column(name).cast(pa.string()).value_counts()
            for entry in counts.to_pylist():
                text = normalize_cell(entry["values"])
                if text:
                    value_counts[name][text] += entry["counts"]
        if rows >= LOOKED_AT:
            break
    return value_counts, rows


def _propose_column(name: str, values: Counter[str], vocabulary: Vocabulary) -> ProposedColumn:
    """The fact of one column by its name, and by whether its values fit."""
    if is_key_column(name):
        identity = next((f.id for f in vocabulary if f.type == "identity"), "")
        if identity and _share_of_values(values, _is_identity) >= _FITS:
            return ProposedColumn(name, identity, CERTAIN, "values")
        return ProposedColumn(name, "person", CERTAIN, "key")
    exact = build_fact_names([vocabulary]).ids.get(fold_name(name), ())
    registers = [
        i for i, words in load_register_names().items() if fold_name(name) in _fold_words(i, words)
    ]
    if registers and not exact:
        return ProposedColumn(name, registers[0], CERTAIN, "label")
    if len(exact) == 1:
        return _propose_answers(name, exact[0], CERTAIN, "label", values, vocabulary)
    return _propose_likely(name, exact, values, vocabulary)


def _propose_likely(
    name: str, exact: Sequence[str], values: Counter[str], vocabulary: Vocabulary
) -> ProposedColumn:
    """The fact of a column by another name of it, by what its name resembles, by its values."""
    others = [
        i
        for i, words in load_other_names().items()
        if i in vocabulary and fold_name(name) in _fold_words(i, words)
    ]
    candidates = [i for i in (*exact, *others) if _fits_fact(vocabulary[i], values)]
    if len(candidates) == 1:
        return _propose_answers(name, candidates[0], LIKELY, "name", values, vocabulary)
    if candidates:
        return ProposedColumn(name, UNDECIDED, UNSURE, "several", candidates=tuple(candidates))
    near = [f.id for f in vocabulary if _resembles_label(name, f) and _fits_fact(f, values)]
    if len(near) == 1:
        return _propose_answers(name, near[0], UNSURE, "resembles", values, vocabulary)
    by_values = [f.id for f in vocabulary if f.type == "choice" and _is_choice_of(f, values)]
    if len(by_values) == 1:
        return _propose_answers(name, by_values[0], UNSURE, "values", values, vocabulary)
    return ProposedColumn(name, "", CERTAIN if not near else UNSURE, "none")


def _fold_words(fact_id: str, words: Iterable[str]) -> set[str]:
    return {fold_name(fact_id), *map(fold_name, words)}


def _resembles_label(name: str, fact: Fact) -> bool:
    """Most of the pairs of characters of a name stand in a label."""
    pairs, label = (
        _split_pairs(fold_name(name)),
        _split_pairs(fold_name(fact.label.zh)) | _split_pairs(fold_name(fact.label.en)),
    )
    return bool(pairs) and len(pairs & label) >= max(2, round(0.75 * len(pairs)))


def _split_pairs(text: str) -> set[str]:
    return {text[at : at + 2] for at in range(len(text) - 1)}


def _fits_fact(fact: Fact, values: Counter[str]) -> bool:
    """Whether the values may be those of a fact. Of answers some must be known by their words."""
    if not values:
        return True
    if fact.type == "choice":
        return (
            len(values) <= MOST_VALUES
            and _share_of_values(values, lambda v: bool(_match_options(fact, v))) > 0.2
        )
    return not fact.is_record and _share_of_values(values, lambda v: _is_readable(fact, v)) >= _FITS


def _is_choice_of(fact: Fact, values: Counter[str]) -> bool:
    """Whether values by themselves show the fact: most are answers by their whole label."""
    return (
        1 < len(values) <= MOST_VALUES
        and _share_of_values(values, lambda v: _is_readable(fact, v)) >= 0.5
    )


def _share_of_values(values: Counter[str], holds: object) -> float:
    total = sum(values.values())
    return (
        sum(count for value, count in values.items() if holds(value)) / total
        if total and callable(holds)
        else 0
    )


def _is_identity(text: str) -> bool:
    try:
        read_identity(text)
    except BadValue:
        return False
    return True


def _is_readable(fact: Fact, text: str) -> bool:
    if fact.type == "date" and (convert_day_number(text, 1900) or _is_month(text)):
        return True
    try:
        coerce_value(fact, text)
    except BadValue:
        return False
    return True


def _is_month(text: str) -> bool:
    try:
        return read_month(text) is not None
    except AmbiguousSpelling:
        return False


def _propose_answers(
    name: str, fact_id: str, sure: str, why: str, values: Counter[str], vocabulary: Vocabulary
) -> ProposedColumn:
    """A column with an answer for each value that is none by its id or label."""
    fact = vocabulary.get(fact_id)
    if fact is None or fact.type not in ("choice", "bool") or len(values) > MOST_VALUES:
        return ProposedColumn(name, fact_id, sure, why)
    answers = {}
    for value, _ in values.most_common():
        if _is_readable(fact, value) or value.lower() in DOES_NOT_APPLY:
            continue
        options = _match_options(fact, value)
        answers[value] = options[0].id if len(options) == 1 else UNDECIDED
    return ProposedColumn(name, fact_id, sure, why, answers)


def _match_options(fact: Fact, value: str) -> list[ChoiceOption]:
    """The answers that a value may mean: by a part of a label, then by standing in one."""
    plain = value.lower()
    exact = [o for o in fact.options if plain in _split_labels(o)]
    if exact or not plain:
        return exact
    if plain in _NONE_WORDS:
        return [o for o in fact.options if o.id == "none"]
    return [o for o in fact.options if plain in normalize_cell(o.label.zh).lower()]


def _split_labels(option: ChoiceOption) -> set[str]:
    labels = (option.id, option.label.zh, option.label.en)
    return {
        normalize_cell(part).lower() for label in labels for part in (label, *_SPLIT.split(label))
    }


def _resolve_rivals(columns: Sequence[ProposedColumn]) -> list[ProposedColumn]:
    """A fact has one column: the surest; of equally sure ones a person decides."""
    best: dict[str, list[ProposedColumn]] = {}
    for column in columns:
        if column.fact not in ("", UNDECIDED):
            best.setdefault(column.fact, []).append(column)
    resolved = list[ProposedColumn]()
    for column in columns:
        rivals = best.get(column.fact, [])
        if len(rivals) < 2:
            resolved.append(column)
            continue
        order = (CERTAIN, LIKELY, UNSURE)
        first = min(rivals, key=lambda rival: order.index(rival.confidence))
        tied = [rival for rival in rivals if rival.confidence == first.confidence]
        if column.confidence == first.confidence and len(tied) > 1:
            fact = column.fact
            resolved.append(
                ProposedColumn(column.column, UNDECIDED, UNSURE, "double", candidates=(fact,))
            )
        else:
            resolved.append(
                column if column is first else ProposedColumn(column.column, "", UNSURE, "double")
            )
    return resolved


def _list_lacking(vocabulary: Vocabulary, given_facts: set[str]) -> list[str]:
    """Facts of the city that no column gives, by itself or as what it follows from."""
    lacking = list[str]()
    for fact in vocabulary:
        sources = {fact.id}
        derive = fact.derive
        while derive:
            sources.add(derive.source)
            behind = vocabulary.get(derive.source)
            derive = behind.derive if behind else None
        if not fact.is_record and not sources & given_facts:
            lacking.append(fact.id)
    return lacking
