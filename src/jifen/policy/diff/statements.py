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
from jifen.policy.text import EMPTY, Lang, Text

StatementKey = tuple[str, str]
"""What a statement is about: its kind (indicator, group, condition …) and its id."""

KIND_LABELS = {
    "decision": Text("判定方式", "Decision"),
    "line": Text("分数线", "Line"),
    "reference": Text("计算日", "Counting day"),
    "total": Text("总分", "Total"),
    "contributions": Text("社保月份的计算", "Contribution months"),
    "group": Text("指标组", "Group"),
    "indicator": Text("指标", "Indicator"),
    "condition": Text("申请条件", "Condition"),
    "way": Text("不看积分的途径", "Way without points"),
    "warning": Text("提示", "Warning"),
    "purpose": Text("用途", "Purpose"),
    "overlay": Text("期间调整", "Dated change"),
    "switch": Text("有不同理解的条款", "Open reading"),
}
_REFERENCES = {
    "on_the_day": Text("申请当日", "the day of assessment"),
    "end_of_month_before": Text("申请前一个月月底", "the end of the month before"),
}
_SCHEMES = {"pension": Text("养老保险", "pension"), "medical": Text("医疗保险", "medical")}
_MODES = {
    "threshold": Text("达到分数线即可", "everybody at the line"),
    "rank": Text("达线后按名额排序", "a ranking, within the quota, of those at the line"),
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
                label = Text(
                    f"{statement.label.zh}（{purpose.label.zh}）",
                    f"{statement.label.en} ({purpose.label.en})",
                )
                statements[about, f"{ident}/{purpose.id}"] = replace(statement, label=label)
    return statements


def _describe_left_out(labels: list[Text]) -> Text:
    if not labels:
        return Text("各项都计", "every item counts")
    names = _join_texts(labels, "、", ", ")
    return Text(f"不计：{names.zh}", f"without: {names.en}")


def list_policy_statements(policy: Policy) -> dict[StatementKey, RuleStatement]:
    """What a version says beyond its rules of a day: dated changes and open readings."""
    statements: dict[StatementKey, RuleStatement] = {}
    for overlay in policy.overlays:
        until = overlay.until.isoformat() if overlay.until else ""
        zh = f"{overlay.since} 起" + (f"至 {until}" if until else "")
        en = f"from {overlay.since}" + (f" until {until}" if until else "")
        statements["overlay", overlay.id] = RuleStatement(overlay.label, Text(zh, en))
    for switch in policy.switches:
        label = switch.find_reading(switch.default).label
        words = Text(f"默认：{label.zh}", f"by default: {label.en}")
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
    return Text(f"{when.zh}（不要求申请条件）", f"{when.en} (the conditions are not asked)")


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
    return f"only where {when}: {words}" if english else f"须{when}：{words}"


def _list_rows(indicator: Indicator, rules: Rules) -> tuple[Text, ...]:
    rows = [
        Text(f"{row.when.zh}：{row.gives.zh}", f"{row.when.en}: {row.gives.en}")
        for row in list_rule_rows(rules, indicator)
    ]
    if indicator.when:
        when = describe_condition(indicator.when, rules)
        rows.insert(0, Text(f"须{when.zh}", f"only where {when.en}"))
    return tuple(rows)


def describe_group(group: Group, rules: Rules) -> Text:
    """How a group counts: summed or the best, with its cap."""
    combined = {
        "sum": Text("各项相加", "its members are added"),
        "best_of": Text("各项中取最高的一项", "only its highest member counts"),
    }[group.combine]
    zh, en = [combined.zh], [combined.en]
    if group.most is not None:
        most = format_points(group.most)
        zh.append(f"最高 {most.zh}")
        en.append(f"at most {most.en}")
    if group.rounding is not None:
        rounded = group.rounding.describe_rounding()
        zh.append(rounded.zh)
        en.append(rounded.en)
    parent = next((g.label for g in rules.groups if g.id == group.parent), None)
    if parent:
        zh.append(f"计入“{parent.zh}”")
        en.append(f"part of '{parent.en}'")
    return Text("，".join(zh), ", ".join(en))


def describe_threshold(line: Threshold) -> Text:
    """'2018-01-01 起：120 分' / 'from 2018-01-01: 120 points'."""
    points = format_points(line.points)
    zh = f"至 {line.until}" if line.until else ""
    en = f" until {line.until}" if line.until else ""
    return Text(f"{line.since} 起{zh}：{points.zh}", f"from {line.since}{en}: {points.en}")


def describe_reference(reference: Reference) -> Text:
    """The day on which the measure counts."""
    if reference.kind == "yearly":
        day = f"{reference.month:02d}-{reference.day:02d}"
        zh = f"每年 {reference.month} 月 {reference.day} 日"
        return Text(zh, f"the last {day} (month-day) on or before the day of assessment")
    return _REFERENCES[reference.kind]


def describe_contributions(rules: Rules) -> Iterator[tuple[str, Text]]:
    """Which contribution months count: (aspect, words)."""
    given = rules.contributions
    schemes = [_SCHEMES[scheme] for scheme in given.schemes]
    zh = "、".join(s.zh for s in schemes) + (
        "均正常缴纳的月份" if len(schemes) > 1 else "正常缴纳的月份"
    )
    yield "schemes", Text(zh, "months with " + " and ".join(s.en for s in schemes) + " paid")
    yield (
        "filing",
        (
            Text("已有记录的申请当月计入", "a month of filing that is on record counts")
            if given.includes_filing_month
            else Text("申请当月不计入", "the month of filing does not count")
        ),
    )
    series = rules.find_series(given.series)
    if series:
        zh, en = series.label.zh, series.label.en
        yield "series", Text(f"缴费基数与“{zh}”逐月比较", f"bases are compared with '{en}'")
    for months in given.deferred:
        span = f"{format_month(months.since)} – {format_month(months.until)}"
        zh, en = f"{months.label.zh}（{span}）", f"{months.label.en} ({span})"
        yield (
            months.id,
            Text(f"{zh}：缓缴月份视同缴纳", f"{en}: deferred months count as paid"),
        )


def _list_frame_statements(rules: Rules) -> Iterator[tuple[StatementKey, RuleStatement]]:
    decision = rules.decision
    yield ("decision", "mode"), RuleStatement(KIND_LABELS["decision"], _MODES[decision.mode])
    if decision.mode == "rank" and not decision.ranks_by_total:
        label = Text("排序依据", "Ranked by")
        yield ("decision", "ranked_by"), RuleStatement(label, describe_ranking(rules))
    if decision.ties:
        ties = _join_texts([tie.label for tie in decision.ties], "，再按", ", then by ")
        label = Text("同分排序", "Equal scores")
        yield ("decision", "ties"), RuleStatement(label, Text(f"先按{ties.zh}", f"by {ties.en}"))
    if decision.quotas:
        people = [
            Text(f"{q.year} 年 {q.people:,} 人", f"{q.year}: {q.people:,} people")
            for q in decision.quotas
        ]
        label = Text("名额", "Quota")
        yield ("decision", "quotas"), RuleStatement(label, _join_texts(people, "；", "; "))
    lines = _join_texts([describe_threshold(line) for line in decision.thresholds], "；", "; ")
    yield ("line", "line"), RuleStatement(KIND_LABELS["line"], lines)
    reference = describe_reference(rules.reference)
    yield ("reference", "day"), RuleStatement(KIND_LABELS["reference"], reference)
    places = rules.precision
    words = (
        Text(f"{places} 位小数", f"{places} decimal places") if places else Text("整数", "whole")
    )
    yield ("total", "precision"), RuleStatement(Text("分值精度", "Precision of points"), words)
    floor = format_points(rules.floor) if rules.floor is not None else Text("没有", "none")
    yield ("total", "floor"), RuleStatement(Text("总分下限", "Lowest total"), floor)
    for aspect, words in describe_contributions(rules):
        yield ("contributions", aspect), RuleStatement(KIND_LABELS["contributions"], words)


def describe_ranking(rules: Rules) -> Text:
    """The scores by which a measure ranks: the total, groups by their labels, or none of them."""
    labels = {group.id: group.label for group in rules.groups} | {
        "total": Text("总分", "the total")
    }
    scores = [labels[ident] for ident in rules.decision.ranked_by]
    if not scores:
        return Text("不按分数", "no score at all")
    return _join_texts(scores, "，再按", ", then by ")


def _join_texts(texts: list[Text], zh: str, en: str) -> Text:
    if not texts:
        return EMPTY
    return Text(zh.join(t.zh for t in texts), en.join(t.en for t in texts))
