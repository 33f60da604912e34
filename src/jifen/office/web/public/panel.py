"""The result as the panel shows it: figures, verdict, conditions, and each line with its reason.

What never changes for some rules (words, clauses) is made once; the rest is strings for one
template, because the panel is made anew with every key that a visitor presses.
"""

from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from typing import Any

from markupsafe import Markup

from jifen.office.web.page import template_of
from jifen.office.web.public.work import Work, place_of
from jifen.policy.model import Basis, Confidence, Group, Indicator, Requirement, Rules
from jifen.policy.quantity import plain
from jifen.policy.text import Lang, Text
from jifen.scoring import Assessment
from jifen.scoring.result import clause_text, rule_words

MINUS = "−"
_CONFIDENCE = {
    "certain": Text("确定", "certain"),
    "likely": Text("较可能", "likely"),
    "unsure": Text("不确定", "unsure"),
}
_POINTS, _RULE = Text("分值：", "points: "), Text("规则：", "rule: ")
CHIPS_MOST = 8
_PASSED = Text("达到标准分值，条件全部满足。", "At the line, every condition met.")
_NO_CLAUSE = Text("条款号未见", "clause number not seen")


@dataclass(frozen=True, slots=True)
class Badge:
    """Clause and confidence of an element, in words."""

    clause: str
    confidence: str
    sure: str


@dataclass(frozen=True, slots=True)
class Line:
    """One indicator for one person."""

    label: str
    points: str
    state: str
    facts: str
    rule: str
    badge: Badge
    note: str


@dataclass(slots=True)
class Block:
    """The lines of one group, as rows; those that give nothing are folded away."""

    label: str
    shown: Markup
    folded: Markup
    count: int


def badge(basis: Basis, lang: Lang, what: Text = _POINTS) -> Badge:
    """Clause and confidence; `what` the confidence is about, because the clause has its own."""
    return badge_of(clause_text(basis, lang), basis.confidence, lang, what)


def badge_of(clause: str | None, confidence: Confidence, lang: Lang, what: Text) -> Badge:
    """The same of a clause that is given as text."""
    sure = what(lang) + _CONFIDENCE[confidence](lang)
    return Badge(clause or _NO_CLAUSE(lang), confidence, sure)


def signed(points: Decimal) -> str:
    """Points with a true minus sign."""
    return plain(points).replace("-", MINUS)


def span(low: Decimal, high: Decimal, lang: Lang) -> str:
    """'30', or '5 至 30'."""
    if low == high:
        return signed(low)
    return f"{signed(low)}{' to ' if lang == 'en' else ' 至 '}{signed(high)}"


def panel(work: Work, lang: Lang) -> dict[str, Any]:
    """Everything that the panel's template needs."""
    a = work.assessment
    low, high = a.bounds
    line = a.threshold
    chips = [_to_answer(work.rules, i, place_of(work, i), lang) for i in a.missing]
    return {
        "low": signed(low),
        "high": signed(high),
        "known": low == high,
        "answered": signed(a.answered),
        "figure": span(low, high, lang),
        "line": plain(line),
        "ranked": work.rules.decision.mode == "rank",
        "bar": _bar(low, high, line),
        "distance": _distance(a, lang),
        "live": live(a, lang),
        "verdict": verdict(a, lang),
        "missing": Markup().join(chips[:CHIPS_MOST]),
        "more": Markup().join(chips[CHIPS_MOST:]),
        "more_count": len(chips[CHIPS_MOST:]),
        "decided": a.reached is not None,
        "conditions": Markup().join(_condition(c.requirement, c.met, lang) for c in a.conditions),
        "vetoes": [(i, met, badge(i.basis, lang, _RULE)) for i, met in a.vetoes if met],
        "warnings": [words(lang) for words in a.warnings],
        "blocks": blocks(a, lang),
        "faults": len(work.faults),
    }


@lru_cache(maxsize=1024)
def _to_answer(rules: Rules, ident: str, place: str, lang: Lang) -> Markup:
    label = rules.vocabulary[ident].label(lang)
    return Markup('<li><a href="#{}">{}</a></li>').format(place, label)


@lru_cache(maxsize=512)
def _condition(requirement: Requirement, met: bool | None, lang: Lang) -> Markup:
    text = template_of(lang, "components/condition.html").render(
        requirement=requirement, met=met, badge_of=badge(requirement.basis, lang, _RULE)
    )
    return Markup(text)


def _bar(low: Decimal, high: Decimal, line: Decimal) -> dict[str, float | bool]:
    """Where the interval and the line stand, in hundredths of the bar; `open`: it goes beyond."""
    aim = float(line)
    end = max(aim * 1.75, float(low) * 1.15)
    # Deductions can take a total below zero; the bar begins at zero.
    start = 100 * max(0.0, float(low)) / end
    stop = 100 * min(1.0, max(0.0, float(high)) / end)
    return {
        "from": round(start, 1),
        "width": round(max(stop - start, 1.2), 1),
        "line": round(100 * aim / end, 1),
        "open": float(high) > end,
    }


def _distance(a: Assessment, lang: Lang) -> str:
    """How far from the line: for certain where it is certain, else by what is settled."""
    (low, high), line = a.bounds, a.threshold
    at = plain(line)
    if low == line:
        return Text(f"已达到 {at} 分。", f"The line of {at} is reached.")(lang)
    if low > line:
        over, least = plain(low - line), low != high
        return Text(
            f"已达到 {at} 分，{'至少' if least else ''}高出 {over} 分。",
            f"Over the line of {at} by {'at least ' if least else ''}{over}.",
        )(lang)
    if low == high:
        short = plain(line - low)
        return Text(f"距 {at} 分还差 {short} 分。", f"{short} short of the line of {at}.")(lang)
    if high < line:
        least_short = plain(line - high)
        return Text(
            f"按已答内容，距 {at} 分至少还差 {least_short} 分。",
            f"On these answers at least {least_short} short of the line of {at}.",
        )(lang)
    if a.answered >= line:
        return Text(
            f"按已答部分，已达到 {at} 分；其余看未答的问题。",
            f"What is settled reaches {at}; the open answers decide the rest.",
        )(lang)
    short = plain(line - a.answered)
    return Text(
        f"按已答部分，距 {at} 分还差 {short} 分；其余看未答的问题。",
        f"What is settled is {short} short of {at}; the open answers decide the rest.",
    )(lang)


def live(a: Assessment, lang: Lang) -> str:
    """The result in one short line, for the strip on a phone and for a screen reader."""
    (low, high), line = a.bounds, a.threshold
    known, at = low == high, plain(line)
    now = signed(low if known else a.answered)
    gap = line - (low if known else a.answered)
    if gap > 0:
        apart = Text(f"距 {at} 分差 {plain(gap)} 分", f"{plain(gap)} short of {at}")
    elif gap == 0:
        apart = Text(f"达到 {at} 分", f"at the line of {at}")
    else:
        apart = Text(f"高出 {at} 分线 {plain(-gap)} 分", f"{plain(-gap)} over {at}")
    if known:
        return Text(f"共 {now} 分 · {apart.zh}", f"Total {now} points · {apart.en}")(lang)
    between = f"{signed(low)}–{signed(high)}"
    return Text(
        f"已答 {now} 分 · {apart.zh} · 区间 {between}",
        f"Settled {now} points · {apart.en} · range {between}",
    )(lang)


def verdict(a: Assessment, lang: Lang) -> tuple[str, str]:
    """(state, words): yes, no or open."""
    if a.reached is True:
        if a.rules.decision.mode == "rank":
            return "yes", Text(
                "达到入围线，可以进入排名；能否落户还要看当年名额。",
                "At the entry line: you may enter the ranking; the quota of the year decides.",
            )(lang)
        return "yes", _PASSED(lang)
    if a.reached is False:
        return "no", _refusal(a)(lang)
    count = len(a.missing)
    return "open", Text(
        f"还不能确定：还有 {count} 个问题的答案会影响结果。",
        f"Still open: {count} unanswered question{'s' if count != 1 else ''} can change this.",
    )(lang)


def _refusal(a: Assessment) -> Text:
    if a.vetoed:
        return Text(
            "有一票否决的情形，申请不会通过。", "A veto stands: the application is refused."
        )
    if a.eligible is False:
        return Text(
            "申请条件还没有全部满足，分数再高也不能申请。",
            "A condition is not met; no score makes up for it.",
        )
    return Text("没有达到分数线。", "Below the line.")


def blocks(a: Assessment, lang: Lang) -> list[Block]:
    """The breakdown by the outermost groups."""
    made = {ident: Block(label, Markup(), Markup(), 0) for ident, label in _outer(a.rules, lang)}
    root = _roots(a.rules)
    for line in a.lines:
        if line.indicator.is_veto:
            continue
        facts = tuple(line.facts.items())
        folded, row = _row(
            a.rules, line.indicator, lang, (line.scaled_low, line.scaled_high, line.counted), facts
        )
        block = made[root[line.indicator.group].id]
        if folded:
            block.folded += row
            block.count += 1
        else:
            block.shown += row
    return [block for block in made.values() if block.shown or block.folded]


@lru_cache(maxsize=4096)
def _row(
    rules: Rules,
    indicator: Indicator,
    lang: Lang,
    scored: tuple[int, int, bool],
    facts: tuple[tuple[str, Any], ...],
) -> tuple[bool, Markup]:
    """A line as a row of the table, and whether it is folded away.

    Kept for the next key press, which changes one line of twenty. What is kept is a rule's answer
    ("36 years: 30 points"), of nobody in particular.
    """
    line = _line(rules, indicator, lang, scored, facts)
    folded = line.state == "zero"
    text = template_of(lang, "components/line.html").render(line=line, folded=folded)
    return folded, Markup(text)


def _line(
    rules: Rules,
    indicator: Indicator,
    lang: Lang,
    scored: tuple[int, int, bool],
    known: tuple[tuple[str, Any], ...],
) -> Line:
    label, rule, own, beaten_by = _fixed(rules, indicator, lang)
    low, high, counted = scored
    if not counted and high:
        state = "beaten"
    elif low == high:
        state = "zero" if low == 0 else "minus" if low < 0 else "counted"
    else:
        state = "open"
    vocabulary, colon = rules.vocabulary, ": " if lang == "en" else "："
    facts = (", " if lang == "en" else "；").join(
        f"{vocabulary[ident].label(lang)}{colon}{vocabulary[ident].say(value)(lang)}"
        for ident, value in known
    )
    points = span(_points(rules, low), _points(rules, high), lang)
    return Line(label, points, state, facts, rule, own, beaten_by if state == "beaten" else "")


def _points(rules: Rules, scaled: int) -> Decimal:
    return Decimal(scaled).scaleb(-rules.precision)


@lru_cache(maxsize=2048)
def _fixed(rules: Rules, indicator: Indicator, lang: Lang) -> tuple[str, str, Badge, str]:
    group = next(g for g in rules.groups if g.id == indicator.group)
    beaten = Text(f"不计：{group.label.zh}", f"not counted: {group.label.en}")(lang)
    words = rule_words(rules, indicator, lang)
    return indicator.label(lang), words, badge(indicator.basis, lang), beaten


@lru_cache(maxsize=256)
def _roots(rules: Rules) -> dict[str, Group]:
    by_id = {group.id: group for group in rules.groups}

    def root(group: Group) -> Group:
        return root(by_id[group.parent]) if group.parent else group

    return {group.id: root(group) for group in rules.groups}


@lru_cache(maxsize=256)
def _outer(rules: Rules, lang: Lang) -> tuple[tuple[str, str], ...]:
    return tuple((group.id, group.label(lang)) for group in rules.groups if not group.parent)
