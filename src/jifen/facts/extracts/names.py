"""Which column of a table is which fact: by its id, or by its label in either language."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from importlib import resources
from pathlib import Path
from typing import Any

import yaml

from jifen.facts.extracts.fault import ExtractFault
from jifen.facts.spelling import narrow
from jifen.policy.catalogue import join_list
from jifen.policy.vocabulary import Vocabulary

ASIDE = "_not_applicable"


def folded(name: str) -> str:
    """A name as it is compared: narrow, in small letters, blanks of any kind as nothing."""
    return "".join(narrow(name).split()).lower()


@cache
def register_names() -> Mapping[str, tuple[str, ...]]:
    """The columns of records (`person`, `from` …) with the labels that they have in registers."""
    return _words()["registers"]


@cache
def other_names() -> Mapping[str, tuple[str, ...]]:
    """What registers call a fact, beside its label: evidence for a mapping, no more."""
    return _words()["facts"]


@cache
def _words() -> Mapping[str, Mapping[str, tuple[str, ...]]]:
    text = resources.files(__package__).joinpath("words.yaml").read_text(encoding="utf-8")
    content: Mapping[str, Mapping[str, Sequence[str]]] = yaml.safe_load(text)
    return {part: {i: tuple(w) for i, w in words.items()} for part, words in content.items()}


@dataclass(frozen=True)
class Names:
    """The names under which columns are known: folded name → the ids that it may mean."""

    ids: Mapping[str, tuple[str, ...]]
    given: Mapping[str, str] = field(default_factory=dict)
    """Name in the file → id, as a mapping says; empty: no fact."""

    def before(self, other: "Names") -> "Names":
        """These names, and those of the other that are not among them."""
        return Names({**other.ids, **self.ids}, {**other.given, **self.given})

    def knows(self, name: str) -> bool:
        """Whether a cell is the name of a column."""
        return name in self.given or folded(name) in self.ids

    def resolve(self, columns: Sequence[str], path: Path | str) -> dict[str, str]:
        """Column of the file → what it is called from now on. Raises ExtractFault where a label
        belongs to two facts."""
        there = set(columns)
        return {name: self._one(name, there, path) for name in columns}

    def _one(self, name: str, there: set[str], path: Path | str) -> str:
        if name in self.given:
            return self.given[name] or name
        found = self.ids.get(folded(name), ())
        if name in found or not found:
            return name
        if len(found) > 1:
            raise ExtractFault("JF-F073", "two_facts", path, column=name, facts=join_list(found))
        return name if found[0] in there else found[0]


def names_for(vocabularies: Iterable[Vocabulary], given: Mapping[str, str] | None = None) -> Names:
    """The names of a city's facts, by id, `<city>.<id>` and label."""
    ids: dict[str, dict[str, None]] = {}

    def add(name: str, ident: str) -> None:
        ids.setdefault(folded(name), {}).setdefault(ident)

    for vocabulary in vocabularies:
        for fact in vocabulary:
            for name in (fact.id, fact.label.zh, fact.label.en):
                add(name, fact.id)
            add(f"{fact.id}{ASIDE}", f"{fact.id}{ASIDE}")
            add(f"{vocabulary.city}.{fact.id}", f"{vocabulary.city}.{fact.id}")
    return Names({name: tuple(found) for name, found in ids.items()}, given or {})


def names_of_registers(idents: Iterable[str], given: Mapping[str, str] | None = None) -> Names:
    """The names of some columns of records."""
    ids: dict[str, tuple[str, ...]] = {}
    for ident in idents:
        for word in dict.fromkeys(map(folded, (ident, *register_names().get(ident, ())))):
            ids[word] = (*ids.get(word, ()), ident)
    return Names(ids, given or {})


def is_key(name: str) -> bool:
    """Whether a column says who a row is about."""
    return folded(name) in {folded(word) for word in ("person", *register_names()["person"])}


def plain_text(value: Any) -> str:
    """A cell as it is compared with answers."""
    return "" if value is None else narrow(str(value))
