"""A policy document, already patched for a day and its readings → Rules."""

from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal
from typing import Any, Literal

from jifen.policy.answer_lists import read_answer_lists
from jifen.policy.catalogue import POLICY, ElementName, join_list, join_with_and
from jifen.policy.derived_mechanism import find_turning_number, wrap_derived
from jifen.policy.derived_numbers import read_derived_numbers
from jifen.policy.document import POLICY as DOCUMENT
from jifen.policy.linker import PolicyLinker
from jifen.policy.mechanisms import MECHANISMS
from jifen.policy.mechanisms.accrual import read_rounding
from jifen.policy.mechanisms.multiplier import Multiplier
from jifen.policy.model import (
    Caution,
    ContributionRules,
    DecisionRule,
    DeferredMonths,
    DerivedNumber,
    Group,
    Indicator,
    Purpose,
    Quota,
    RecordRule,
    Reference,
    Requirement,
    Rules,
    Series,
    Threshold,
    TieKey,
    WayIn,
    list_facts_used,
)
from jifen.policy.own_facts import add_own_facts
from jifen.policy.record_rules import RecordRuleReader
from jifen.policy.selection_rule import read_selection
from jifen.policy.shapes import Entry, Sink, report_repeated_ids
from jifen.policy.source import Node
from jifen.policy.text import Text
from jifen.policy.tied_items import tie_items
from jifen.policy.vocabulary import RECORD_POINTS, Vocabulary


def build_rules(
    node: Node,
    vocabulary: Vocabulary,
    series: tuple[Series, ...],
    sink: Sink,
    *,
    digest: str = "",
    overlays: tuple[str, ...] = (),
    readings: tuple[tuple[str, str], ...] = (),
    purpose: Purpose | None = None,
    figures: Mapping[str, Decimal] | None = None,
) -> Rules | None:
    """Read a document into rules; None (and faults in the sink) where it has faults. `figures`:
    those of the series of which conditions name multiples, on the day of the rules."""
    entry = DOCUMENT.read(node, sink)
    if entry is None:
        return None
    sources = frozenset(source["id"] for source in entry["sources"] if source and source["id"])
    vocabulary = add_own_facts(vocabulary, entry["facts"] or (), sink)
    linker = PolicyLinker(vocabulary, sink, entry["precision"] or 0, sources)
    report_repeated_ids(entry["sources"], sink, "source")
    linker.figures = figures or {}
    builder = _RulesBuilder(entry, linker, sink)
    parts: dict[str, Any] = builder.build_parts()
    if sink.faults:
        return None
    return Rules(
        policy=entry["policy"],
        version=entry["version"],
        hash=digest,
        city=entry["city"],
        title=name_measure(entry["title"], purpose),
        precision=entry["precision"],
        floor=entry["floor"],
        vocabulary=linker.vocabulary,
        series=series,
        overlays=overlays,
        readings=readings,
        purpose=purpose,
        **parts,
    )


def name_measure(title: Text, purpose: Purpose | None) -> Text:
    """The title of a measure with the purpose for which its points are counted."""
    if purpose is None:
        return title
    return Text(f"{title.zh}·{purpose.label.zh}", f"{title.en}: {purpose.label.en}")


_HEADINGS = {"derived": "derived number", "records": "records"}


class _RulesBuilder:
    def __init__(self, entry: Entry, linker: PolicyLinker, sink: Sink) -> None:
        self._entry, self._link, self._sink = entry, linker, sink
        self._derived: dict[str, DerivedNumber] = {}

    def build_parts(self) -> dict[str, Any]:
        self._check_dates()
        report_repeated_ids(self._entry["lists"], self._sink, "list")
        self._link.lists = read_answer_lists(self._iterate_entries("lists"), self._link)
        return {
            "derived": self._build_derived_numbers(),
            "records": self._build_record_rules(),
            "reference": self._build_reference(),
            "decision": self._build_decision(),
            "contributions": self._build_contributions(),
            "groups": self._build_groups(),
            "indicators": self._build_indicators(),
            "requirements": self._build_requirements(),
            "ways": self._build_ways(),
            "cautions": self._build_cautions(),
        }

    def _iterate_entries(self, key: str) -> Iterable[Entry]:
        """The entries of a list that could be read, each under its own clause heading."""
        for entry in self._entry[key] or ():
            if entry is None or not entry.get("id"):
                continue
            kind = _HEADINGS.get(key, key.removesuffix("s"))
            self._sink.element = ElementName(kind, entry["id"])
            yield entry
        self._sink.element = None

    def _build_derived_numbers(self) -> tuple[DerivedNumber, ...]:
        report_repeated_ids(self._entry["derived"], self._sink, "derived number")
        numbers = read_derived_numbers(
            self._iterate_entries("derived"), self._link, self._link.vocabulary
        )
        self._derived = {number.fact.id: number for number in numbers}
        return numbers

    def _build_record_rules(self) -> tuple[RecordRule, ...]:
        report_repeated_ids(self._entry["records"], self._sink, "records")
        read = [
            RecordRuleReader(e, self._link).read_rule() for e in self._iterate_entries("records")
        ]
        return tuple(rule for rule in read if rule is not None)

    def _refuse_records_without_rule(self, indicators: list[Indicator]) -> None:
        """A number that records give is read only where this version says how they give it."""
        vocabulary = self._link.vocabulary
        named = {e["id"] for e in self._entry["records"] if e}
        for indicator in indicators:
            for fact_id in list_facts_used(indicator):
                derive = vocabulary[fact_id].derive
                if derive and derive.measure == RECORD_POINTS and fact_id not in named:
                    words = {"fact": fact_id, "records": derive.source, "indicator": indicator.id}
                    place = self._entry.place_of("records")
                    self._link.report_fault("JF-P092", place, "no_rule", **words)

    def _check_dates(self) -> None:
        period = self._entry["in_force"]
        if period and period["from"] and period["until"] and period["until"] < period["from"]:
            self._link.report_fault(
                "JF-P029",
                period.place_of("until"),
                "in_force",
                until=period["until"],
                since=period["from"],
            )

    def _build_reference(self) -> Reference | None:
        entry = self._entry["reference"]
        if entry is None or entry["kind"] is None:
            return None
        self._link.read_basis(entry)
        if entry["kind"] == "yearly":
            try:
                date(2001, entry["month"] or 0, entry["day"] or 0)
            except (ValueError, OverflowError):
                self._link.report_fault(
                    "JF-P015", entry.place_of(), "yearly", month=entry["month"], day=entry["day"]
                )
        return Reference(entry["kind"], entry["month"] or 0, entry["day"] or 0)

    def _build_decision(self) -> DecisionRule | None:
        entry = self._entry["decision"]
        if entry is None:
            return None
        lines = tuple(
            Threshold(
                e["from"], e["until"], self._link.read_points(e, "points"), self._link.read_basis(e)
            )
            for e in entry["lines"]
            if e and e["from"]
        )
        if not entry["lines"] and entry["mode"] == "threshold":
            self._link.report_plain_fault(
                "JF-P011",
                entry.place_of("lines"),
                "no line in a measure of the mode 'threshold'",
                "the points to be reached, by date",
                "add a line, or write 'mode: rank' where everybody who meets the conditions "
                "is ranked",
            )
        ties = tuple(
            TieKey(self._link.read_fact(e, "fact"), e["label"]) for e in entry["ties"] if e
        )
        quotas = tuple(
            Quota(e["year"], e["people"], self._link.read_basis(e), dict(e["places"] or {}))
            for e in entry["quotas"]
            if e
        )
        ranked_by = tuple(score_id for score_id in entry["ranked_by"] if score_id)
        known = {e["id"] for e in self._entry["groups"] if e and e["id"]} | {"total"}
        for score_id in ranked_by:
            if score_id not in known:
                words = {
                    "score": score_id,
                    "known": join_list(["total", *sorted(known - {"total"})]),
                }
                self._link.report_fault(
                    "JF-P022", entry.place_of("ranked_by"), "ranked_by", **words
                )
        selection = read_selection(entry, self._link)
        return DecisionRule(entry["mode"] or "threshold", lines, ties, quotas, ranked_by, selection)

    def _build_contributions(self) -> ContributionRules | None:
        entry = self._entry["contributions"]
        if entry is None:  # left out, or faulty
            return ContributionRules((), (), "", includes_filing_month=False)
        deferred = tuple(
            DeferredMonths(e["id"], e["label"], e["from"], e["to"], self._link.read_basis(e))
            for e in entry["deferred"]
            if e and e["from"] is not None and e["to"] is not None
        )
        return ContributionRules(
            tuple(entry["schemes"]),
            deferred,
            entry["series"] or "",
            bool(entry["includes_filing_month"]),
        )

    def _build_groups(self) -> tuple[Group, ...]:
        report_repeated_ids(self._entry["groups"], self._sink, "group")
        known = {e["id"] for e in self._entry["groups"] if e and e["id"]}
        groups = []
        for entry in self._iterate_entries("groups"):
            if entry["parent"] and entry["parent"] not in known:
                self._report_unknown_group(entry, "parent", known)
            most = self._link.read_points(entry, "most") if entry["most"] is not None else None
            basis = self._link.read_basis(entry)
            combine: Literal["sum", "best_of"] = entry["combine"] or "sum"
            rounding = read_rounding(entry["round"], self._link)
            groups.append(
                Group(entry["id"], entry["label"], combine, entry["parent"], most, basis, rounding)
            )
        self._refuse_cycles(groups)
        return tuple(groups)

    def _report_unknown_group(self, entry: Entry, key: str, known: set[str]) -> None:
        self._link.report_fault(
            "JF-P022",
            entry.place_of(key),
            "group",
            group=entry[key],
            known=join_list(sorted(known)),
        )

    def _refuse_cycles(self, groups: list[Group]) -> None:
        parents = {group.id: group.parent for group in groups}
        for group in groups:
            seen, at = {group.id}, group.parent
            while at in parents and at not in seen:
                seen.add(at)
                at = parents[at]
            if at in seen:
                self._link.report_fault(
                    "JF-P033", self._entry.place_of("groups"), "circle", group=group.id
                )
                return

    def _build_indicators(self) -> tuple[Indicator, ...]:
        report_repeated_ids(self._entry["indicators"], self._sink, "indicator")
        known = {e["id"] for e in self._entry["groups"] if e and e["id"]}
        indicators = []
        for entry in self._iterate_entries("indicators"):
            indicator = self._build_indicator(entry)
            if entry["group"] and entry["group"] not in known:
                self._report_unknown_group(entry, "group", known)
            if indicator:
                indicators.append(indicator)
        entries = {e["id"]: e for e in self._entry["indicators"] if e and e["id"]}
        indicators = tie_items(indicators, entries, self._link, self._sink)
        self._refuse_shared_facts_of_multipliers(indicators)
        self._refuse_records_without_rule(indicators)
        return tuple(indicators)

    def _refuse_shared_facts_of_multipliers(self, indicators: list[Indicator]) -> None:
        """A multiplier's facts decide nothing else, so that bounds of a total stay exact."""
        places = {e["id"]: e.place_of("multiplier") for e in self._entry["indicators"] if e}
        readers: dict[str, list[str]] = {}
        for indicator in indicators:
            if not indicator.is_veto:
                for fact_id in list_facts_used(indicator):
                    readers.setdefault(fact_id, []).append(indicator.id)
        for indicator in indicators:
            if not isinstance(indicator.mechanism, Multiplier):
                continue
            for fact_id in list_facts_used(indicator):
                others = [ident for ident in readers[fact_id] if ident != indicator.id]
                if others:
                    self._link.report_fault(
                        "JF-P071",
                        places[indicator.id],
                        "shared_fact",
                        multiplier=indicator.id,
                        fact=fact_id,
                        others=join_list(others),
                    )

    def _build_indicator(self, entry: Entry) -> Indicator | None:
        given = [key for key in MECHANISMS if entry[key] is not None]
        if len(given) != 1:
            self._link.report_fault(
                "JF-P027",
                entry.place_of(),
                "mechanisms",
                given=join_with_and(given) if given else POLICY.format_phrase("no_mechanism"),
                known=join_list(MECHANISMS),
            )
            return None
        mechanism = MECHANISMS[given[0]].build(entry[given[0]], self._link)
        when = self._link.read_condition(entry, "when") if entry["when"] else None
        expect = tuple(
            fact_id
            for fact_id in entry["expect_non_decreasing_in"] or ()
            if fact_id in self._check_expected_facts(entry)
        )
        basis = self._link.read_basis(entry)
        if mechanism is None:
            return None
        mechanism = wrap_derived(mechanism, self._derived)
        if number := find_turning_number(mechanism):
            self._link.report_fault("JF-P052", entry.place_of(given[0]), "turns", number=number)
        group = entry["group"] or ""
        return Indicator(entry["id"], entry["label"], group, mechanism, when, basis, expect)

    def _check_expected_facts(self, entry: Entry) -> set[str]:
        known = set(self._link.vocabulary.ids)
        for fact_id in entry["expect_non_decreasing_in"] or ():
            if fact_id and fact_id not in known:
                place = entry.place_of("expect_non_decreasing_in")
                self._link.report_fault("JF-P019", place, "expectation", fact=fact_id)
        return known

    def _build_requirements(self) -> tuple[Requirement, ...]:
        report_repeated_ids(self._entry["conditions"], self._sink, "condition")
        requirements = []
        for entry in self._iterate_entries("conditions"):
            when, basis = self._link.read_condition(entry, "when"), self._link.read_basis(entry)
            if when:
                requirements.append(
                    Requirement(entry["id"], entry["label"], when, basis, entry["remedy"])
                )
        return tuple(requirements)

    def _build_ways(self) -> tuple[WayIn, ...]:
        report_repeated_ids(self._entry["ways"], self._sink, "way")
        ways = []
        for entry in self._iterate_entries("ways"):
            when, basis = self._link.read_condition(entry, "when"), self._link.read_basis(entry)
            if when and entry["label"]:
                waives = bool(entry["waives_conditions"])
                ways.append(WayIn(entry["id"], entry["label"], when, basis, waives))
        return tuple(ways)

    def _build_cautions(self) -> tuple[Caution, ...]:
        report_repeated_ids(self._entry["warnings"], self._sink, "warning")
        cautions = []
        for entry in self._iterate_entries("warnings"):
            when, basis = self._link.read_condition(entry, "when"), self._link.read_basis(entry)
            if when:
                cautions.append(Caution(entry["id"], when, entry["words"], basis))
        return tuple(cautions)
