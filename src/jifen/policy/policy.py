"""One version of a measure: its document, overlays and readings; `at` gives the rules of a day."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import Any

from jifen.policy.catalogue import POLICY, join_list
from jifen.policy.fault import Fault, Place, PolicyError, find_nearest, shorten_text
from jifen.policy.model import Basis, Purpose, Rules, Series, Source
from jifen.policy.months import first_day
from jifen.policy.own_facts import KEY as OWN_FACTS
from jifen.policy.own_facts import read_own_facts
from jifen.policy.patch import apply_changes
from jifen.policy.purposes import CHOICE, select_purpose
from jifen.policy.rules_builder import build_rules
from jifen.policy.series_multiples import Figures, find_figures, find_series_named
from jifen.policy.shapes import Sink
from jifen.policy.source import Node
from jifen.policy.text import EMPTY, Text
from jifen.policy.vocabulary import Vocabulary


@dataclass(frozen=True, slots=True)
class Overlay:
    """A dated change to the rules, inside a version."""

    id: str
    label: Text
    since: date
    until: date | None
    change: Mapping[str, Node]
    basis: Basis

    def covers(self, day: date) -> bool:
        """Whether the overlay is in force on a day."""
        return self.since <= day and (self.until is None or day <= self.until)


@dataclass(frozen=True, slots=True)
class Reading:
    """One way to read an unclear rule."""

    id: str
    label: Text
    change: Mapping[str, Node]
    note: Text


@dataclass(frozen=True, slots=True)
class Switch:
    """A point on which the sources disagree: its default reading and the alternatives."""

    id: str
    question: Text
    default: str
    readings: tuple[Reading, ...]
    basis: Basis

    def find_reading(self, reading_id: str) -> Reading:
        """The reading with an id; KeyError where there is none."""
        for reading in self.readings:
            if reading.id == reading_id:
                return reading
        raise KeyError(reading_id)


@dataclass(frozen=True, slots=True)
class Reform:
    """A proposed change to the rules of a version, for simulation: made last, after overlays and
    readings. It touches nothing but the policy that `Policy.apply_reform` returns. `lines` is the
    text of `file`, in which its values stand: faults quote it."""

    id: str
    label: Text
    change: Mapping[str, Node]
    note: Text = EMPTY
    file: str = field(default="", compare=False)
    lines: tuple[str, ...] = field(default=(), compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Instrument:
    """The legal text: title, number (None: not known), authority, day of issue."""

    title: Text
    number: str | None
    number_confidence: str
    authority: Text
    issued_on: date | None
    note: Text


_MOST_CACHED_DAYS = 10_000


@dataclass(frozen=True)
class Policy:
    """A version of a city's measure. Immutable; two policies with one hash are the same."""

    id: str
    version: str
    edition: int
    recorded_on: date
    city: str
    title: Text
    purpose: Text
    instrument: Instrument
    since: date
    until: date | None
    accepts_from: date | None
    period_basis: tuple[str, Text]
    overlays: tuple[Overlay, ...]
    switches: tuple[Switch, ...]
    notes: tuple[Text, ...]
    sources: tuple[Source, ...]
    hash: str
    document: Node = field(repr=False, compare=False)
    vocabulary: Vocabulary = field(repr=False, compare=False)
    series: tuple[Series, ...] = field(repr=False, compare=False)
    lines: tuple[str, ...] = field(default=(), repr=False, compare=False)
    purposes: tuple[Purpose, ...] = ()
    """What the points may be asked for; empty where the measure has one purpose. The first counts
    where none is chosen."""
    reforms: tuple[Reform, ...] = ()
    path: Path | None = field(default=None, repr=False, compare=False)
    """The file that it was read from; its city stands beside it."""
    _rules: dict[Any, Rules] = field(default_factory=dict, repr=False, compare=False)

    def __repr__(self) -> str:
        return f"<Policy {self.id} {self.version}: {self.since} – {self.until or '…'}>"

    def in_force_on(self, day: date) -> bool:
        """Whether the version is in force on a day."""
        return self.since <= day and (self.until is None or day <= self.until)

    def nearest_day(self, day: date) -> date:
        """The day of the version that is nearest to a day: its last one where it has ended before,
        its first where it begins after."""
        if self.until is not None and self.until < day:
            return self.until
        return max(day, self.since)

    def rules_on(self, on: date, readings: Mapping[str, str] | None = None) -> Rules:
        """The rules on a day under the chosen readings (defaults where none is chosen). Where the
        measure serves several purposes, `purpose` is chosen beside the readings."""
        if not readings and on in self._rules:
            return self._rules[on]
        purpose = self._choose_purpose(readings or {})
        chosen = self._choose_readings(readings or {})
        overlays = tuple(overlay for overlay in self.overlays if overlay.covers(on))
        figures = find_figures(self.document, self._series_named, self.series, on)
        names = tuple(overlay.id for overlay in overlays)
        key = (names, chosen, purpose and purpose.id, tuple(figures.items()))
        if key not in self._rules:
            self._rules[key] = self._build_rules(overlays, chosen, purpose, figures)
        if not readings and len(self._rules) < _MOST_CACHED_DAYS:
            self._rules[on] = self._rules[key]
        return self._rules[key]

    def apply_reform(self, reform: Reform) -> "Policy":
        """This policy with a reform on top; this one stays as it is. Its faults show in `at`."""
        written = json.dumps({path: node.to_plain() for path, node in reform.change.items()})
        digest = hashlib.sha256(f"{self.hash} {written}".encode()).hexdigest()
        reforms = (*self.reforms, reform)
        vocabulary = self._read_facts(reforms)
        return replace(
            self, hash=f"sha256:{digest}", reforms=reforms, vocabulary=vocabulary, _rules={}
        )

    def _read_facts(self, reforms: tuple[Reform, ...]) -> Vocabulary:
        """The facts of the city and of this measure, as reforms make it."""
        document = self.document
        for reform in reforms:
            facts = {k: v for k, v in reform.change.items() if k.split(".")[0] == OWN_FACTS}
            document = apply_changes(document, facts, [])
        return read_own_facts(document, self.vocabulary)

    @cached_property
    def _series_named(self) -> frozenset[str]:
        """The series of which conditions name multiples."""
        changes = [node for reform in self.reforms for node in reform.change.values()]
        documents = [self.document, *changes]
        return frozenset().union(*(find_series_named(node) for node in documents))

    def list_days_of_figures(self) -> set[date]:
        """The first days of the steps of those series, within the days of the version."""
        named = (one for one in self.series if one.id in self._series_named)
        days = {first_day(step.since) for one in named for step in one.steps}
        return {day for day in days if self.in_force_on(day)}

    @property
    def unreformed(self) -> "Policy":
        """The version without its reforms; its hash stays that of the reformed one."""
        return replace(self, reforms=(), vocabulary=self._read_facts(()), _rules={})

    @property
    def texts(self) -> dict[str, tuple[str, ...]]:
        """The lines of every file in which a value of these rules may stand, by name."""
        own = {self.document.place.file: self.lines}
        return own | {reform.file: reform.lines for reform in self.reforms if reform.file}

    @property
    def choices(self) -> dict[str, tuple[str, ...]]:
        """What may be chosen beside the day: the purpose, if there are several, and a reading of
        each switch."""
        purposes = {CHOICE: tuple(purpose.id for purpose in self.purposes)} if self.purposes else {}
        return purposes | {
            switch.id: tuple(r.id for r in switch.readings) for switch in self.switches
        }

    @property
    def default_choices(self) -> dict[str, str]:
        """What counts where nothing is chosen."""
        purposes = {CHOICE: self.purposes[0].id} if self.purposes else {}
        return purposes | {switch.id: switch.default for switch in self.switches}

    def _choose_purpose(self, chosen: Mapping[str, str]) -> Purpose | None:
        if not self.purposes:
            return None
        wanted = chosen.get(CHOICE, self.purposes[0].id)
        for purpose in self.purposes:
            if purpose.id == wanted:
                return purpose
        known = tuple(purpose.id for purpose in self.purposes)
        what = POLICY.format_phrase("purpose")
        raise unknown_reading_error(f"{self.id} {self.version}", wanted, what, known)

    def _choose_readings(self, readings: Mapping[str, str]) -> tuple[tuple[str, str], ...]:
        known = {switch.id: switch for switch in self.switches}
        where = f"{self.id} {self.version}"
        for switch_id, reading in readings.items():
            if self.purposes and switch_id == CHOICE:
                continue
            if switch_id not in known:
                raise unknown_reading_error(
                    where, switch_id, POLICY.format_phrase("switch"), tuple(known)
                )
            options = tuple(option.id for option in known[switch_id].readings)
            if reading not in options:
                what = POLICY.format_phrase("reading_of", switch=switch_id)
                raise unknown_reading_error(where, reading, what, options)
        return tuple((s.id, readings.get(s.id, s.default)) for s in self.switches)

    def _build_rules(
        self,
        overlays: tuple[Overlay, ...],
        chosen: tuple[tuple[str, str], ...],
        purpose: Purpose | None,
        figures: Figures,
    ) -> Rules:
        sink = Sink(texts=self.texts)
        node = self.document
        for overlay in overlays:
            node = apply_changes(node, dict(overlay.change), sink.faults)
        for switch, (_, reading) in zip(self.switches, chosen, strict=True):
            node = apply_changes(node, dict(switch.find_reading(reading).change), sink.faults)
        for reform in self.reforms:
            node = apply_changes(node, dict(reform.change), sink.faults)
        if purpose:
            node = select_purpose(node, purpose.id)
        rules = build_rules(
            node,
            self.vocabulary,
            self.series,
            sink,
            digest=self.hash,
            overlays=tuple(overlay.id for overlay in overlays),
            readings=chosen,
            purpose=purpose,
            figures=figures,
        )
        if rules is None or sink.faults:
            raise PolicyError(
                fault if fault.line_text else replace(fault, line_text=sink.find_line(fault.place))
                for fault in sink.faults
            )
        return rules


def unknown_reading_error(where: str, word: str, what: Text, known: tuple[str, ...]) -> PolicyError:
    """The fault of a switch or reading that is not there."""
    hint = find_nearest(word, known)
    words = POLICY.fault_words(
        "JF-P025",
        "unknown",
        what=what,
        word=shorten_text(word, 40),
        known=join_list(known) if known else POLICY.format_phrase("no_readings"),
        hint=hint,
    )
    return PolicyError([Fault.from_words("JF-P025", Place(where), words)])


FRAME_KEYS = (
    "policy",
    "version",
    "edition",
    "recorded_on",
    "city",
    "title",
    "purpose",
    "instrument",
    "in_force",
    "overlays",
    "switches",
    "notes",
    "sources",
)
"""What a document says of itself and of its days: a reform changes none of it."""
