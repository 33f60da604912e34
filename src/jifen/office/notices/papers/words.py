"""The words of papers, read from `papers.yaml`, and how a person is named on them."""

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
UNSURE = "（来源未见规定，为本系统的规则）"


@dataclass(frozen=True, slots=True)
class Paragraph:
    """Words of a paper, where any of `holds` does ('' : always)."""

    holds: frozenset[str]
    words: Text
    cite: str
    confidence: str

    def said(self, values: Mapping[str, str]) -> str:
        """With its clause; a rule that no source tells says so."""
        found = self.words.zh.format_map(values)
        if self.cite and not self.cite.startswith("S"):
            found += f"（{self.cite}）"
        return found + (UNSURE if self.confidence == "unsure" else "")


@dataclass(frozen=True, slots=True)
class Paper:
    """A kind of paper."""

    kind: str
    letter: str
    title: Text
    paragraphs: tuple[Paragraph, ...]

    def said(self, holding: Iterable[str], values: Mapping[str, str]) -> list[str]:
        """Its paragraphs for one case."""
        holds = frozenset(holding)
        rows = [p for p in self.paragraphs if not p.holds or p.holds & holds]
        return [row.said(values) for row in rows]


@cache
def _read() -> dict[str, Any]:
    path = Path(__file__).with_name("papers.yaml")
    sink, text = Sink(), decode_bytes(path.read_bytes(), path.name)
    found: dict[str, Any] = _FILE.read(parse_yaml(text, path.name), sink)
    if sink.faults:
        raise ValueError(str(sink.faults[0]))
    return found


@cache
def papers() -> Mapping[str, Paper]:
    """All, by kind."""
    return {
        e["kind"]: Paper(
            e["kind"],
            e["letter"],
            e["title"],
            tuple(
                Paragraph(frozenset(p["for"]), p["words"], p["cite"], p["confidence"])
                for p in e["paragraphs"]
            ),
        )
        for e in _read()["papers"]
    }


def named(city: str, name: str, identity: str) -> tuple[str, str]:
    """A person's name and number as the city wishes them on paper."""
    mask = next((m for m in _read()["masks"] if m["city"] == city), None)
    said = mask_name(name) if mask and mask["name"] == "family" else name
    return said, "" if mask and mask["identity"] == "none" else mask_identity(identity)
