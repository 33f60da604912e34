"""Rules said as statements: one sentence for each thing that could differ between two versions."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date

from jifen.policy.condition import Condition
from jifen.policy.mechanisms.phrases import format_condition, format_points
from jifen.policy.model import Group, Indicator, Reference, Rules, Threshold, WayIn
from jifen.policy.months import format_month
from jifen.policy.policy import Policy
from jifen.policy.purposes import CHOICE
from jifen.policy.record_rules import describe_records, list_rule_rows
from jifen.policy.selection_text import describe_place_quotas, describe_selection
from jifen.policy.text import EMPTY, Lang, Text, join_texts
from jifen.policy.words import say

StatementKey = tuple[str, str]
"""What a statement is about: its kind (indicator, group, condition …) and its id."""

KIND_LABELS = {
    "decision": say("diff.statements.kind_labels_decision"),
    "line": say("diff.statements.kind_labels_line"),
    "reference": say("diff.statements.kind_labels_reference"),
    "total": say("diff.statements.kind_labels_total"),
    "contributions": say("diff.statements.kind_labels_contributions"),
    "group": say("diff.statements.kind_labels_group"),
    "indicator": say("diff.statements.kind_labels_indicator"),
    "condition": say("diff.statements.kind_labels_condition"),
    "way": say("diff.statements.kind_labels_way"),
    "warning": say("diff.statements.kind_labels_warning"),
    "purpose": say("diff.statements.kind_labels_purpose"),
    "overlay": say("diff.statements.kind_labels_overlay"),
    "switch": say("diff.statements.kind_labels_switch"),
}
_REFERENCES = {
    "on_the_day": say("diff.statements.references_on_the_day"),
    "end_of_month_before": say("diff.statements.references_end_of_month_before"),
}
_SCHEMES = {
    "pension": say("diff.statements.schemes_pension"),
    "medical": say("diff.statements.schemes_medical"),
}
_MODES = {
    "threshold": say("diff.statements.modes_threshold"),
    "rank": say("diff.statements.modes_rank"),
}


@dataclass(frozen=True, slots=True)
class RuleStatement:
    """A name and what the rules say of it."""

    label: Text
    words: Text
    rows: tuple[Text, ...] = ()
    """The same line by line, where it is a table: what differs is then said by the line."""


def list_rules_statements(rules: Rules) -> dict[StatementKey, RuleStatement]:
    """Everything that the rules of a day say, in the order of the policy."""
    statements = dict(_list_frame_statements(rules))
    for group in rules.groups:
        statements["group", group.id] = RuleStatement(group.label, describe_group(group, rules))
    for indicator in rules.indicators:
        words = describe_indicator(indicator, rules)
        statements["indicator", indicator.id] = RuleStatement(
            indicator.label, words, _list_rows(indicator, rules)
        )
    for requirement in rules.requirements:
        when = describe_condition(requirement.when, rules)
        statements["condition", requirement.id] = RuleStatement(requirement.label, when)
    for way in rules.ways:
        statements["way", way.id] = RuleStatement(way.label, describe_way(way, rules))
    for caution in rules.cautions:
        when = describe_condition(caution.when, rules)
        statements["warning", caution.id] = RuleStatement(caution.words, when)
    return statements


def list_purpose_statements(policy: Policy, day: date) -> dict[StatementKey, RuleStatement]:
    """What the purposes beside the first one say that the first does not: their own elements, and
    how each of them decides."""
    statements: dict[StatementKey, RuleStatement] = {}
    first = list_rules_statements(policy.rules_on(day)) if policy.purposes else {}
    for purpose in policy.purposes[1:]:
        own = list_rules_statements(policy.rules_on(day, {CHOICE: purpose.id}))
        left_out = [first[key].label for key in first if key not in own]
        statements["purpose", purpose.id] = RuleStatement(
            purpose.label, _describe_left_out(left_out)
        )
        for key, statement in own.items():
            about, ident = key
            if key not in first:
                statements[key] = statement
            elif statement.words != first[key].words:
                label = say(
                    "diff.statements.purpose_statements",
                    statement_label=statement.label,
                    purpose_label=purpose.label,
                )
                statements[about, f"{ident}/{purpose.id}"] = replace(statement, label=label)
    return statements


def _describe_left_out(labels: list[Text]) -> Text:
    if not labels:
        return say("diff.statements.every_item_counts")
    names = join_texts(labels, Text("、", ", "))
    return say("diff.statements.without", names=names)


def list_policy_statements(policy: Policy) -> dict[StatementKey, RuleStatement]:
    """What a version says beyond its rules of a day: dated changes and open readings."""
    statements: dict[StatementKey, RuleStatement] = {}
    for overlay in policy.overlays:
        until = overlay.until.isoformat() if overlay.until else ""
        phrase = say(
            "diff.statements.from",
            since=overlay.since,
            part=say("diff.statements.until", until=until) if until else EMPTY,
        )
        statements["overlay", overlay.id] = RuleStatement(overlay.label, phrase)
    for switch in policy.switches:
        label = switch.find_reading(switch.default).label
        words = say("diff.statements.by_default", label=label)
        statements["switch", switch.id] = RuleStatement(switch.question, words)
    return statements


def describe_condition(when: Condition, rules: Rules) -> Text:
    """A condition in both languages."""
    return Text(
        format_condition(when, rules.vocabulary, "zh"),
        format_condition(when, rules.vocabulary, "en"),
    )


def describe_way(way: WayIn, rules: Rules) -> Text:
    """Who is on a way without points, and whether the conditions are asked."""
    when = describe_condition(way.when, rules)
    if not way.waives_conditions:
        return when
    return say("diff.statements.the_conditions_are_not_asked", when=when)


def describe_indicator(indicator: Indicator, rules: Rules) -> Text:
    """An indicator's rule in a sentence: its facts, its condition, what it gives."""
    return Text(_describe_rule(indicator, rules, "zh"), _describe_rule(indicator, rules, "en"))


def _describe_rule(indicator: Indicator, rules: Rules, lang: Lang) -> str:
    vocabulary, english = rules.vocabulary, lang == "en"
    words = indicator.mechanism.describe_rule(vocabulary, lang)
    words += describe_records(rules, indicator, lang)
    names = [vocabulary[fact].label(lang) for fact in indicator.mechanism.list_facts()]
    if len(names) == 1 and names[0] not in words:
        words = f"{names[0]}{' — ' if english else '——'}{words}"
    if indicator.when is None:
        return words
    when = format_condition(indicator.when, vocabulary, lang)
    return say("diff.statements.only_where", when=when, words=words)(lang)


def _list_rows(indicator: Indicator, rules: Rules) -> tuple[Text, ...]:
    rows = [
        say("diff.statements.rows", when=row.when, gives=row.gives)
        for row in list_rule_rows(rules, indicator)
    ]
    if indicator.when:
        when = describe_condition(indicator.when, rules)
        rows.insert(0, say("diff.statements.rows_only_where", when=when))
    return tuple(rows)


def describe_group(group: Group, rules: Rules) -> Text:
    """How a group counts: summed or the best, with its cap."""
    combined = {
        "sum": say("diff.statements.its_members_are_added"),
        "best_of": say("diff.statements.only_its_highest_member_counts"),
    }[group.combine]
    parts = [combined]
    if group.most is not None:
        parts.append(say("diff.statements.at_most", most=format_points(group.most)))
    if group.rounding is not None:
        parts.append(group.rounding.describe_rounding())
    parent = next((g.label for g in rules.groups if g.id == group.parent), None)
    if parent:
        parts.append(say("diff.statements.part_of", parent=parent))
    return join_texts(parts, Text("，", ", "))


def describe_threshold(line: Threshold) -> Text:
    """'2018-01-01 起：120 分' / 'from 2018-01-01: 120 points'."""
    points = format_points(line.points)
    words = say("diff.statements.until", until=line.until) if line.until else EMPTY
    return say("diff.statements.threshold_from", since=line.since, words=words, points=points)


def describe_reference(reference: Reference) -> Text:
    """The day on which the measure counts."""
    if reference.kind == "yearly":
        day = f"{reference.month:02d}-{reference.day:02d}"
        return say(
            "diff.statements.yearly_day", month=reference.month, day=reference.day, month_day=day
        )
    return _REFERENCES[reference.kind]


def describe_contributions(rules: Rules) -> Iterator[tuple[str, Text]]:
    """Which contribution months count: (aspect, words)."""
    given = rules.contributions
    schemes = [_SCHEMES[scheme] for scheme in given.schemes]
    names = join_texts(schemes, Text("、", " and "))
    yield (
        "schemes",
        say("diff.statements.months_of_schemes", schemes=names)
        if len(schemes) > 1
        else say("diff.statements.months_of_scheme", scheme=names),
    )
    yield (
        "filing",
        (
            say("diff.statements.a_month_of_filing")
            if given.includes_filing_month
            else say("diff.statements.the_month_of_filing_does")
        ),
    )
    series = rules.find_series(given.series)
    if series:
        zh, en = series.label.zh, series.label.en
        yield "series", say("diff.statements.bases_are_compared", part=Text(zh, en))
    for months in given.deferred:
        span = f"{format_month(months.since)} – {format_month(months.until)}"
        zh, en = f"{months.label.zh}（{span}）", f"{months.label.en} ({span})"
        yield (
            months.id,
            say("diff.statements.deferred_months_count_as_paid", part=Text(zh, en)),
        )


def _list_frame_statements(rules: Rules) -> Iterator[tuple[StatementKey, RuleStatement]]:
    decision = rules.decision
    yield ("decision", "mode"), RuleStatement(KIND_LABELS["decision"], _MODES[decision.mode])
    if decision.mode == "rank" and not decision.ranks_by_total:
        label = say("diff.statements.ranked_by")
        yield ("decision", "ranked_by"), RuleStatement(label, describe_ranking(rules))
    if decision.ties:
        ties = join_texts((tie.label for tie in decision.ties), say("diff.statements.then_by"))
        label = say("diff.statements.equal_scores")
        yield ("decision", "ties"), RuleStatement(label, say("diff.statements.by", ties=ties))
    if decision.quotas:
        people = [
            say("diff.statements.people", year=q.year, people=q.people) for q in decision.quotas
        ]
        label = say("diff.statements.quota")
        people += [describe_place_quotas(q) for q in decision.quotas if q.places]
        yield ("decision", "quotas"), RuleStatement(label, join_texts(people, Text("；", "; ")))
    if decision.selection:
        sentences = join_texts(describe_selection(decision.selection), Text("；", "; "))
        label = say("selection_text.selection")
        yield ("decision", "selection"), RuleStatement(label, sentences)
    lines = join_texts((describe_threshold(line) for line in decision.thresholds), Text("；", "; "))
    yield ("line", "line"), RuleStatement(KIND_LABELS["line"], lines)
    reference = describe_reference(rules.reference)
    yield ("reference", "day"), RuleStatement(KIND_LABELS["reference"], reference)
    places = rules.precision
    words = (
        say("diff.statements.decimal_places", places=places)
        if places
        else say("diff.statements.whole")
    )
    yield ("total", "precision"), RuleStatement(say("diff.statements.precision_of_points"), words)
    floor = format_points(rules.floor) if rules.floor is not None else say("diff.statements.none")
    yield ("total", "floor"), RuleStatement(say("diff.statements.lowest_total"), floor)
    for aspect, words in describe_contributions(rules):
        yield ("contributions", aspect), RuleStatement(KIND_LABELS["contributions"], words)


def describe_ranking(rules: Rules) -> Text:
    """The scores by which a measure ranks: the total, groups by their labels, or none of them."""
    labels = {group.id: group.label for group in rules.groups} | {
        "total": say("diff.statements.the_total")
    }
    scores = [labels[ident] for ident in rules.decision.ranked_by]
    if not scores:
        return say("diff.statements.no_score_at_all")
    return join_texts(scores, say("diff.statements.then_by"))
