"""What a policy book says, gathered from a policy: the template only lays it out."""

from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property
from typing import Any

from jifen.policy.book.examples import Example, example
from jifen.policy.checks.cliffs import Cliff, cliffs
from jifen.policy.diff import Change, rules_changes
from jifen.policy.diff.statements import (
    condition_words,
    contribution_words,
    group_words,
    ranked_by_words,
    reference_words,
)
from jifen.policy.mechanisms.base import Row
from jifen.policy.model import Group, Indicator, Requirement, Rules
from jifen.policy.policy import Overlay, Policy, Reading, Switch
from jifen.policy.source import Node
from jifen.policy.text import EMPTY, Lang, Text


@dataclass(frozen=True, slots=True)
class Chapter:
    """A group with its own indicators, in the order of the policy; `path` is its parents' names."""

    group: Group
    parents: tuple[Text, ...]
    indicators: tuple[Indicator, ...]


@dataclass(frozen=True, slots=True)
class Option:
    """A reading of a switch with what it changes against the default."""

    reading: Reading
    is_default: bool
    changes: tuple[Change, ...]


class Contents:
    """A version on one day: its parts as the template shows them."""

    def __init__(self, policy: Policy, cases: tuple[Any, ...], lang: Lang, on: date | None) -> None:
        self.policy, self.lang, self._cases = policy, lang, cases
        self.on = on or latest_day(policy)
        self.rules = policy.at(self.on)
        self.vocabulary = self.rules.vocabulary
        self.decision = self.rules.decision

    @cached_property
    def chapters(self) -> tuple[Chapter, ...]:
        """Every group, each after its parent."""
        ordered = _in_order(self.rules.groups, "")
        return tuple(self._chapter(group) for group in ordered)

    def _chapter(self, group: Group) -> Chapter:
        by_id = {one.id: one for one in self.rules.groups}
        parents: list[Text] = []
        at = group.parent
        while at in by_id:
            parents.insert(0, by_id[at].label)
            at = by_id[at].parent
        members = tuple(i for i in self.rules.indicators if i.group == group.id)
        return Chapter(group, tuple(parents), members)

    def anchor(self, kind: str, ident: str) -> str:
        """An id of this page that no other version's book uses."""
        return f"book-{self.policy.city}-{self.policy.version}-{kind}-{ident}"

    def group_words(self, group: Group) -> str:
        """How a group counts."""
        return group_words(group, self.rules)(self.lang)

    def rows(self, indicator: Indicator) -> tuple[Row, ...]:
        """The table of an indicator."""
        return indicator.mechanism.rows(self.vocabulary)

    def facts(self, indicator: Indicator) -> str:
        """The names of the facts that its table reads."""
        names = [self.vocabulary[ident].label(self.lang) for ident in indicator.mechanism.facts()]
        return (", " if self.lang == "en" else "、").join(names)

    def when(self, ruled: Any) -> str:
        """The condition of an indicator, a requirement or a warning, in words."""
        return condition_words(ruled.when, self.rules)(self.lang)

    @property
    def requirements(self) -> tuple[Requirement, ...]:
        """The conditions of eligibility."""
        return self.rules.requirements

    @property
    def reference(self) -> str:
        """The counting day in words."""
        return reference_words(self.rules.reference)(self.lang)

    @property
    def reference_basis(self) -> Text:
        """The remark on the counting day."""
        return _text(self.policy.document, "reference", "note")

    @property
    def contributions(self) -> tuple[str, ...]:
        """Which contribution months count, rule by rule."""
        return tuple(words(self.lang) for _, words in contribution_words(self.rules))

    @property
    def ties(self) -> tuple[str, ...]:
        """The keys by which equal scores are ranked."""
        return tuple(tie.label(self.lang) for tie in self.decision.ties)

    @property
    def ranked_by(self) -> str:
        """The scores by which people are ranked, where that is not the total; else empty."""
        if self.decision.by_total or self.decision.mode != "rank":
            return ""
        return ranked_by_words(self.rules)(self.lang)

    @cached_property
    def cliffs(self) -> tuple[Cliff, ...]:
        """Where points fall."""
        return cliffs(self.rules)

    @cached_property
    def examples(self) -> tuple[Example, ...]:
        """The worked cases in words."""
        return tuple(example(case, self.policy, self.policy.at(case.on)) for case in self._cases)

    def changed_by_overlay(self, overlay: Overlay) -> tuple[Change, ...]:
        """What a dated change changes: the rules of its first day without and with it."""
        without = self._without(overlay)
        return rules_changes(without, self.policy.at(overlay.since))

    def _without(self, overlay: Overlay) -> Rules:
        others = tuple(one for one in self.policy.overlays if one.id != overlay.id)
        return without_overlays(self.policy, others).at(overlay.since)

    def options(self, switch: Switch) -> tuple[Option, ...]:
        """The readings of a switch, the default first, with what each changes."""
        ordered = sorted(switch.readings, key=lambda reading: reading.id != switch.default)
        return tuple(self._option(switch, reading) for reading in ordered)

    def _option(self, switch: Switch, reading: Reading) -> Option:
        if reading.id == switch.default:
            return Option(reading, True, ())
        chosen = self.policy.at(self.on, {switch.id: reading.id})
        return Option(reading, False, rules_changes(self.rules, chosen))


def latest_day(policy: Policy) -> date:
    """A day on which every overlay that stays has begun: what is in force at the end."""
    starts = [policy.since, *(overlay.since for overlay in policy.overlays)]
    day = max(starts)
    return min(day, policy.until) if policy.until else day


def without_overlays(policy: Policy, kept: tuple[Overlay, ...]) -> Policy:
    """The same version with some of its overlays only."""
    return replace(policy, overlays=kept, _rules={})


def _in_order(groups: tuple[Group, ...], parent: str) -> list[Group]:
    found: list[Group] = []
    for group in groups:
        if group.parent == parent:
            found += [group, *_in_order(groups, group.id)]
    return found


def _text(document: Node, *path: str) -> Text:
    node: Node | None = document
    for step in path:
        node = node.mapping.get(step) if node else None
    if node is None or not node.mapping:
        return EMPTY
    words = node.plain()
    return Text(str(words.get("zh", "")), str(words.get("en", "")))
