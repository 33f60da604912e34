"""The words of notices, read from `papers.yaml`, and how a person is named on them."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from jifen.office.vault.masks import mask_identity, mask_name
from jifen.policy.shapes import (
    BILINGUAL,
    IDENT,
    TEXT,
    WORD,
    Choice,
    Closed,
    Field,
    ListOf,
    Sink,
    optional,
)
from jifen.policy.source import decode_bytes, parse_yaml
from jifen.policy.text import Text

_SURE = Choice(("certain", "likely", "unsure"))
_PARAGRAPH = Closed(
    "a paragraph",
    {
        "for": Field(ListOf(IDENT), doc="where any of these holds; empty: always"),
        "words": Field(BILINGUAL),
        "cite": optional(TEXT, ""),
        "confidence": optional(_SURE, "certain"),
    },
)
_PAPER = Closed(
    "a paper",
    {
        "kind": Field(IDENT),
        "letter": Field(WORD, doc="in its number"),
        "title": Field(BILINGUAL),
        "paragraphs": Field(ListOf(_PARAGRAPH, 1)),
    },
    "kind",
)
_MASK = Closed(
    "a mask",
    {
        "city": Field(IDENT),
        "name": Field(Choice(("whole", "family"))),
        "identity": Field(Choice(("middle", "none"))),
        "confidence": Field(_SURE),
    },
    "city",
)
_FILE = Closed("papers", {"masks": Field(ListOf(_MASK)), "papers": Field(ListOf(_PAPER, 1))})


@dataclass(frozen=True, slots=True)
class TemplateParagraph:
    """Words of a notice, where any of `holds` does ('' : always)."""

    holds: frozenset[str]
    words: Text
    cite: str

    def fill(self, values: Mapping[str, str]) -> str:
        """With its clause. How sure a rule is stands in `papers.yaml`, not on a paper."""
        text = self.words.zh.format_map(values)
        if self.cite and not self.cite.startswith("S"):
            text += f"（{self.cite}）"
        return text


@dataclass(frozen=True, slots=True)
class NoticeTemplate:
    """A kind of notice."""

    kind: str
    letter: str
    title: Text
    paragraphs: tuple[TemplateParagraph, ...]

    def fill_paragraphs(self, holding: Iterable[str], values: Mapping[str, str]) -> list[str]:
        """Its paragraphs for one case."""
        holds = frozenset(holding)
        paragraphs = [p for p in self.paragraphs if not p.holds or p.holds & holds]
        return [paragraph.fill(values) for paragraph in paragraphs]


@cache
def _read_file() -> dict[str, Any]:
    path = Path(__file__).with_name("papers.yaml")
    sink, text = Sink(), decode_bytes(path.read_bytes(), path.name)
    entries: dict[str, Any] = _FILE.read(parse_yaml(text, path.name), sink)
    if sink.faults:
        raise ValueError(str(sink.faults[0]))
    return entries


@cache
def load_templates() -> Mapping[str, NoticeTemplate]:
    """All, by kind."""
    return {
        e["kind"]: NoticeTemplate(
            e["kind"],
            e["letter"],
            e["title"],
            tuple(
                TemplateParagraph(frozenset(p["for"]), p["words"], p["cite"])
                for p in e["paragraphs"]
            ),
        )
        for e in _read_file()["papers"]
    }


def mask_person(city: str, name: str, identity: str) -> tuple[str, str]:
    """A person's name and number as the city wants them on a notice."""
    mask = next((m for m in _read_file()["masks"] if m["city"] == city), None)
    shown_name = mask_name(name) if mask and mask["name"] == "family" else name
    return shown_name, "" if mask and mask["identity"] == "none" else mask_identity(identity)
