"""Which column of a table is which fact: by its id, or by its label in either language."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from jifen.facts.extracts.fault import ExtractFault
from jifen.facts.spelling import normalize_text
from jifen.policy.catalogue import join_list, load_own_yaml
from jifen.policy.vocabulary import Vocabulary

ASIDE = "_not_applicable"


def fold_name(name: str) -> str:
    """A name as it is compared: narrow, in small letters, blanks of any kind as nothing."""
    return "".join(normalize_text(name).split()).lower()


@cache
def load_register_names() -> Mapping[str, tuple[str, ...]]:
    """The columns of records (`person`, `from` …) with the labels that they have in registers."""
    return _load_words()["registers"]


@cache
def load_other_names() -> Mapping[str, tuple[str, ...]]:
    """What registers call a fact, beside its label: evidence for a mapping, no more."""
    return _load_words()["facts"]


@cache
def _load_words() -> Mapping[str, Mapping[str, tuple[str, ...]]]:
    text = (Path(__file__).parent / "words.yaml").read_text(encoding="utf-8")
    content: Mapping[str, Mapping[str, Sequence[str]]] = load_own_yaml(text)
    return {part: {i: tuple(w) for i, w in words.items()} for part, words in content.items()}


@dataclass(frozen=True)
class ColumnNames:
    """The names under which columns are known: folded name → the ids that it may mean."""

    ids: Mapping[str, tuple[str, ...]]
    given: Mapping[str, str] = field(default_factory=dict)
    """Name in the file → id, as a mapping says; empty: no fact."""

    def merge_before(self, other: "ColumnNames") -> "ColumnNames":
        """These names, and those of the other that are not among them."""
        return ColumnNames({**other.ids, **self.ids}, {**other.given, **self.given})

    def is_known(self, name: str) -> bool:
        """Whether a cell is the name of a column."""
        return name in self.given or fold_name(name) in self.ids

    def resolve_columns(self, columns: Sequence[str], path: Path | str) -> dict[str, str]:
        """Column of the file → what it is called from now on. Raises ExtractFault where a label
        belongs to two facts."""
        file_columns = set(columns)
        return {name: self._resolve_name(name, file_columns, path) for name in columns}

    def _resolve_name(self, name: str, file_columns: set[str], path: Path | str) -> str:
        if name in self.given:
            return self.given[name] or name
        candidates = self.ids.get(fold_name(name), ())
        if name in candidates or not candidates:
            return name
        if len(candidates) > 1:
            raise ExtractFault(
                "JF-F073", "two_facts", path, column=name, facts=join_list(candidates)
            )
        return name if candidates[0] in file_columns else candidates[0]


def build_fact_names(
    vocabularies: Iterable[Vocabulary], given: Mapping[str, str] | None = None
) -> ColumnNames:
    """The names of a city's facts, by id, `<city>.<id>` and label."""
    ids: dict[str, dict[str, None]] = {}

    def add_name(name: str, fact_id: str) -> None:
        ids.setdefault(fold_name(name), {}).setdefault(fact_id)

    for vocabulary in vocabularies:
        for fact in vocabulary:
            for name in (fact.id, fact.label.zh, fact.label.en):
                add_name(name, fact.id)
            add_name(f"{fact.id}{ASIDE}", f"{fact.id}{ASIDE}")
            add_name(f"{vocabulary.city}.{fact.id}", f"{vocabulary.city}.{fact.id}")
    return ColumnNames({name: tuple(fact_ids) for name, fact_ids in ids.items()}, given or {})


def build_register_names(
    column_ids: Iterable[str], given: Mapping[str, str] | None = None
) -> ColumnNames:
    """The names of some columns of records."""
    ids: dict[str, tuple[str, ...]] = {}
    for column_id in column_ids:
        for word in dict.fromkeys(
            map(fold_name, (column_id, *load_register_names().get(column_id, ())))
        ):
            ids[word] = (*ids.get(word, ()), column_id)
    return ColumnNames(ids, given or {})


def is_key_column(name: str) -> bool:
    """Whether a column says who a row is about."""
    return fold_name(name) in {
        fold_name(word) for word in ("person", *load_register_names()["person"])
    }


def normalize_cell(value: Any) -> str:
    """A cell as it is compared with answers."""
    return "" if value is None else normalize_text(str(value))
