"""What a policy book says, gathered from a policy: the template only lays it out."""

from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property
from typing import Any

from jifen.policy.book.examples import WorkedExample, describe_case
from jifen.policy.checks.cliffs import Cliff, find_cliffs
from jifen.policy.diff import RuleChange, rules_changes
from jifen.policy.diff.statements import (
    describe_condition,
    describe_contributions,
    describe_group,
    describe_ranking,
    describe_reference,
    describe_way,
)
from jifen.policy.mechanisms.base import RuleRow
from jifen.policy.model import Group, Indicator, Purpose, Requirement, Rules, WayIn
from jifen.policy.policy import Overlay, Policy, Reading, Switch
from jifen.policy.purposes import CHOICE
from jifen.policy.record_rules import list_rule_rows
from jifen.policy.selection_text import describe_place_quotas, describe_selection
from jifen.policy.source import Node
from jifen.policy.source_titles import format_source_title, name_sources_in
from jifen.policy.text import EMPTY, Lang, Text
from jifen.policy.words import say


@dataclass(frozen=True, slots=True)
class BookChapter:
    """A group with its own indicators, in the order of the policy; `path` is its parents' names."""

    group: Group
    parents: tuple[Text, ...]
    indicators: tuple[Indicator, ...]


@dataclass(frozen=True, slots=True)
class ReadingOption:
    """A reading of a switch with what it changes against the default."""

    reading: Reading
    is_default: bool
    changes: tuple[RuleChange, ...]


@dataclass(frozen=True, slots=True)
class PurposeOption:
    """A purpose with what it changes against the first one."""

    purpose: Purpose
    changes: tuple[RuleChange, ...]


class Contents:
    """A version on one day: its parts as the template shows them."""

    def __init__(self, policy: Policy, cases: tuple[Any, ...], lang: Lang, on: date | None) -> None:
        self.policy, self.lang, self._cases = policy, lang, cases
        self.on = on or latest_day(policy)
        self.rules = policy.rules_on(self.on)
        self.vocabulary = self.rules.vocabulary
        self.decision = self.rules.decision

    @cached_property
    def chapters(self) -> tuple[BookChapter, ...]:
        """Every group, each after its parent."""
        ordered = _order_by_parent(self.rules.groups, "")
        return tuple(self._build_chapter(group) for group in ordered)

    def _build_chapter(self, group: Group) -> BookChapter:
        by_id = {other.id: other for other in self.rules.groups}
        parents: list[Text] = []
        parent_id = group.parent
        while parent_id in by_id:
            parents.insert(0, by_id[parent_id].label)
            parent_id = by_id[parent_id].parent
        members = tuple(i for i in self.rules.indicators if i.group == group.id)
        return BookChapter(group, tuple(parents), members)

    def list_indicators_under(self, group: Group) -> tuple[Indicator, ...]:
        """The indicators of a group and of the groups inside it, in the order of the page."""
        return tuple(
            indicator
            for chapter in self.chapters
            if chapter.group is group or group.label in chapter.parents
            for indicator in chapter.indicators
        )

    def list_last_parts(self) -> list[tuple[str, Text]]:
        """What stands behind the chapters, as far as this version has it: part, heading."""
        parts: list[tuple[str, Text, Any]] = [
            ("overlays", say("book.contents.dated_changes"), self.policy.overlays),
            ("switches", say("book.contents.where_sources_disagree"), self.policy.switches),
            ("cliffs", say("book.contents.where_points_fall"), self.cliffs),
            ("examples", say("book.contents.worked_examples"), self.examples),
            ("sources", say("book.contents.sources"), True),
        ]
        return [(part, heading) for part, heading, content in parts if content]

    def make_anchor(self, kind: str, element_id: str) -> str:
        """An id of this page that no other version's book uses."""
        return f"book-{self.policy.city}-{self.policy.version}-{kind}-{element_id}"

    def name_source(self, ident: str) -> str:
        """The title of a source with its date, where a key of the dossier stands in the data."""
        titles = {source.id: format_source_title(source) for source in self.policy.sources}
        return self.replace_keys(titles.get(ident, ident))

    def name_sources_in(self, text: Text) -> str:
        """A remark with titles in place of keys."""
        return self.replace_keys(text(self.lang))

    def replace_keys(self, text: str) -> str:
        """The same of a text in one language: a source may name others."""
        return name_sources_in(text, self.policy.sources, self.lang)

    def describe_group(self, group: Group) -> str:
        """How a group counts."""
        return describe_group(group, self.rules)(self.lang)

    def list_rows(self, indicator: Indicator) -> tuple[RuleRow, ...]:
        """The table of an indicator."""
        return list_rule_rows(self.rules, indicator)

    def name_facts(self, indicator: Indicator) -> str:
        """The names of the facts that its table reads."""
        names = [
            self.vocabulary[fact_id].label(self.lang)
            for fact_id in indicator.mechanism.list_facts()
        ]
        return say("book.contents.facts")(self.lang).join(names)

    def describe_when(self, ruled: Any) -> str:
        """The condition of an indicator, a requirement or a warning, in words."""
        return describe_condition(ruled.when, self.rules)(self.lang)

    @property
    def requirements(self) -> tuple[Requirement, ...]:
        """The conditions of eligibility."""
        return self.rules.requirements

    def describe_way(self, way: WayIn) -> str:
        """Who is on a way without points, in words."""
        return describe_way(way, self.rules)(self.lang)

    @property
    def reference(self) -> str:
        """The counting day in words."""
        return describe_reference(self.rules.reference)(self.lang)

    @property
    def reference_basis(self) -> Text:
        """The remark on the counting day."""
        return _read_text(self.policy.document, "reference", "note")

    @property
    def contributions(self) -> tuple[str, ...]:
        """Which contribution months count, rule by rule."""
        return tuple(words(self.lang) for _, words in describe_contributions(self.rules))

    @property
    def ties(self) -> tuple[str, ...]:
        """The keys by which equal scores are ranked."""
        return tuple(tie.label(self.lang) for tie in self.decision.ties)

    @property
    def selection(self) -> tuple[str, ...]:
        """The order of selection, sentence by sentence."""
        return tuple(words(self.lang) for words in describe_selection(self.decision.selection))

    @property
    def place_quotas(self) -> tuple[str, ...]:
        """The quotas of places, year by year."""
        quotas = self.decision.quotas
        return tuple(describe_place_quotas(quota)(self.lang) for quota in quotas if quota.places)

    @property
    def ranked_by(self) -> str:
        """The scores by which people are ranked, where that is not the total; else empty."""
        if self.decision.ranks_by_total or self.decision.mode != "rank":
            return ""
        return describe_ranking(self.rules)(self.lang)

    @cached_property
    def cliffs(self) -> tuple[Cliff, ...]:
        """Where points fall."""
        return find_cliffs(self.rules)

    @cached_property
    def examples(self) -> tuple[WorkedExample, ...]:
        """The worked cases in words."""
        return tuple(
            describe_case(case, self.policy, self._rules_of_case(case)) for case in self._cases
        )

    def _rules_of_case(self, case: Any) -> Rules:
        purpose = case.readings.get(CHOICE)
        chosen = {CHOICE: purpose} if purpose and self.policy.purposes else {}
        return self.policy.rules_on(case.on, chosen)

    @property
    def other_purposes(self) -> tuple[PurposeOption, ...]:
        """The purposes beside the first one, with what each changes against it."""
        return tuple(
            PurposeOption(
                purpose,
                rules_changes(self.rules, self.policy.rules_on(self.on, {CHOICE: purpose.id})),
            )
            for purpose in self.policy.purposes[1:]
        )

    def list_overlay_changes(self, overlay: Overlay) -> tuple[RuleChange, ...]:
        """What a dated change changes: the rules of its first day without and with it."""
        without = self._rules_without(overlay)
        return rules_changes(without, self.policy.rules_on(overlay.since))

    def _rules_without(self, overlay: Overlay) -> Rules:
        others = tuple(other for other in self.policy.overlays if other.id != overlay.id)
        return keep_overlays(self.policy, others).rules_on(overlay.since)

    def list_reading_options(self, switch: Switch) -> tuple[ReadingOption, ...]:
        """The readings of a switch, the default first, with what each changes."""
        ordered = sorted(switch.readings, key=lambda reading: reading.id != switch.default)
        return tuple(self._build_reading_option(switch, reading) for reading in ordered)

    def _build_reading_option(self, switch: Switch, reading: Reading) -> ReadingOption:
        if reading.id == switch.default:
            return ReadingOption(reading, True, ())
        chosen = self.policy.rules_on(self.on, {switch.id: reading.id})
        return ReadingOption(reading, False, rules_changes(self.rules, chosen))


def latest_day(policy: Policy) -> date:
    """A day on which every overlay that stays has begun: what is in force at the end."""
    starts = [policy.since, *(overlay.since for overlay in policy.overlays)]
    day = max(starts)
    return min(day, policy.until) if policy.until else day


def keep_overlays(policy: Policy, overlays: tuple[Overlay, ...]) -> Policy:
    """The same version with some of its overlays only."""
    return replace(policy, overlays=overlays, _rules={})


def _order_by_parent(groups: tuple[Group, ...], parent: str) -> list[Group]:
    ordered: list[Group] = []
    for group in groups:
        if group.parent == parent:
            ordered += [group, *_order_by_parent(groups, group.id)]
    return ordered


def _read_text(document: Node, *path: str) -> Text:
    node: Node | None = document
    for step in path:
        node = node.mapping.get(step) if node else None
    if node is None or not node.mapping:
        return EMPTY
    words = node.to_plain()
    return Text(str(words.get("zh", "")), str(words.get("en", "")))
