"""The result as the panel shows it: figures, verdict, conditions, and each line with its reason.

What never changes for some rules (words, clauses) is made once; the rest is strings for one
template, because the panel is made anew with every key that a visitor presses.
"""

from dataclasses import dataclass, replace
from decimal import Decimal
from functools import lru_cache
from typing import Any

from markupsafe import Markup

from jifen.office.web.page import template_of
from jifen.office.web.public.self_assessment import Work, place_of
from jifen.policy.certainty import describe_basis_doubt, describe_doubt
from jifen.policy.model import Basis, Confidence, Group, Indicator, Requirement, Rules, WayIn
from jifen.policy.text import Lang, Text
from jifen.scoring import Assessment
from jifen.scoring.result import describe_rule
from jifen.scoring.result_status import ResultStatus, derive_status, describe_status
from jifen.scoring.result_status.point_texts import format_points, format_span
from jifen.scoring.rule_rows import RuleRows, find_own_row, split_rule

_POINTS, _RULE = Text("分值", "points"), Text("规则", "rule")
CHIPS_MOST = 8


@dataclass(frozen=True, slots=True)
class Badge:
    """The clause of an element, and what of it is not certain, in words (empty: all is)."""

    clause: str
    doubt: str


@dataclass(frozen=True, slots=True)
class Line:
    """One indicator for one person."""

    label: str
    points: str
    state: str
    facts: str
    rule: str
    table: RuleRows
    own: int | None
    """Which row of the table decides."""
    badge: Badge
    note: str


@dataclass(slots=True)
class Block:
    """The lines of one group, as rows; those that give nothing are folded away."""

    id: str
    label: str
    shown: Markup
    folded: Markup
    count: int


def badge(basis: Basis, lang: Lang, what: Text = _POINTS) -> Badge:
    """Clause and doubt; `what` the confidence is about, because the clause has its own."""
    clause = basis.clause.article(lang) if basis.clause else ""
    return Badge(clause, describe_basis_doubt(basis, what)(lang))


def badge_of(clause: str | None, confidence: Confidence, lang: Lang, what: Text) -> Badge:
    """The same of a clause that is given as text."""
    return Badge(
        clause or "", describe_doubt("certain" if clause else None, confidence, what)(lang)
    )


def panel(work: Work, lang: Lang) -> dict[str, Any]:
    """Everything that the panel's template needs."""
    a = work.assessment
    standing = derive_status(a)
    asked = [decider.id for decider in standing.deciders if decider.kind == "fact"]
    chips, rest = (
        [_to_answer(work.rules, i, place_of(work, i), lang) for i in idents]
        for idents in (asked, [i for i in a.missing if i not in asked])
    )
    return {
        **result_context(standing, lang),
        "missing": Markup().join(chips[:CHIPS_MOST]),
        "more": Markup().join(chips[CHIPS_MOST:]),
        "more_count": len(chips[CHIPS_MOST:]),
        "rest": Markup().join(rest),
        "conditions": Markup().join(
            condition_markup(c.requirement, c.met, lang) for c in a.conditions
        ),
        "ways": Markup().join(way_markup(w.way, w.met, lang) for w in a.ways),
        "vetoes": [(i, met, badge(i.basis, lang, _RULE)) for i, met in a.vetoes if met],
        "warnings": [words(lang) for words in a.warnings],
        "blocks": blocks(a, lang),
        "faults": len(work.faults),
    }


def result_context(standing: ResultStatus, lang: Lang) -> dict[str, Any]:
    """What a page shows of a standing: the words of the catalogue, and the bar."""
    words = describe_status(standing)
    points = words.points(lang)
    number = None if standing.number is None else format_points(standing.number)
    before, _, behind = points.partition(number or points)
    return {
        "state": standing.state,
        "mark": MARKS[standing.state],
        "before": before,
        "number": number,
        "behind": behind,
        "known": standing.is_exact,
        "barred": standing.is_barred,
        "decided": standing.state != "open",
        "line": None if standing.threshold is None else format_points(standing.threshold),
        "bar": bar(standing),
        "live": words.spoken(lang),
        "points": points,
        "range": words.range(lang),
        "bounds": words.bounds(lang),
        "verdict": words.verdict(lang),
        "headline": words.headline(lang),
        "next": words.next(lang),
    }


MARKS = {"reached": "yes", "open": "open", "below": "no", "refused": "no", "vetoed": "no"}
"""How a state is coloured."""


@lru_cache(maxsize=1024)
def _to_answer(rules: Rules, ident: str, place: str, lang: Lang) -> Markup:
    label = rules.vocabulary[ident].label(lang)
    return Markup('<li><a href="#{}">{}</a></li>').format(place, label)


@lru_cache(maxsize=512)
def condition_markup(requirement: Requirement, met: bool | None, lang: Lang) -> Markup:
    """A condition that is met, not met or (None) not known yet."""
    text = template_of(lang, "components/condition.html").render(
        requirement=requirement, met=met, badge_of=badge(requirement.basis, lang, _RULE)
    )
    return Markup(text)


def way_markup(way: WayIn, met: bool | None, lang: Lang) -> Markup:
    """A way without points that is open, not open or (None) not known yet."""
    text = template_of(lang, "components/way.html").render(
        way=way, met=met, badge_of=badge(way.basis, lang, _RULE)
    )
    return Markup(text)


def bar(standing: ResultStatus) -> dict[str, float | bool] | None:
    """Where the range and the line stand, in hundredths of the bar; `open`: the range goes beyond.

    None where nothing may be compared with a line: there is none, nothing is answered, or a veto or
    a condition decides.
    """
    if standing.number is None or standing.threshold is None:
        return None
    low, high = map(float, standing.range)
    aim = float(standing.threshold)
    # With a line of 0 the bar is as long as the range; an empty one is one point long.
    end = max(aim * 1.75, low * 1.15, 0.0 if aim else high, 1.0)
    # Deductions can take a total below zero; the bar begins at zero.
    start = 100 * max(0.0, low) / end
    stop = 100 * min(1.0, max(0.0, high) / end)
    return {
        "from": round(start, 1),
        "width": round(max(stop - start, 1.2), 1),
        "line": round(100 * max(0.0, aim) / end, 1),
        "open": high > end,
    }


def blocks(a: Assessment, lang: Lang) -> list[Block]:
    """The breakdown by the outermost groups."""
    made = _empty_blocks(a.rules, lang)
    root = _roots(a.rules)
    for line in a.lines:
        if line.indicator.is_veto:
            continue
        facts = tuple(line.facts.items())
        scored = (line.scaled_low, line.scaled_high, line.counted)
        own = find_own_row(line)
        folded, row = _row(a.rules, line.indicator, lang, scored, own, facts)
        block = made[root[line.indicator.group].id]
        if folded:
            block.folded += row
            block.count += 1
        else:
            block.shown += row
    return [block for block in made.values() if block.shown or block.folded]


def _empty_blocks(rules: Rules, lang: Lang) -> dict[str, Block]:
    return {i: Block(i, label, Markup(), Markup(), 0) for i, label in _outer(rules, lang)}


def blank_blocks(rules: Rules, lang: Lang) -> list[Block]:
    """The blocks of the breakdown without lines, each with its place for folded ones."""
    return [replace(block, count=1) for block in _empty_blocks(rules, lang).values()]


def blank_rows(rules: Rules, lang: Lang) -> dict[str, dict[str, str]]:
    """Each indicator as a row without facts and points: counted, left out for a better one of its
    group, and folded; `block` is the outermost group in which it stands."""
    root = _roots(rules)
    return {
        one.id: {
            "block": root[one.group].id,
            **{state: _blank_row(rules, one, lang, state) for state in _BLANK_STATES},
        }
        for one in rules.indicators
        if not one.is_veto
    }


_BLANK_STATES = ("counted", "beaten", "zero")


def _blank_row(rules: Rules, indicator: Indicator, lang: Lang, state: str) -> str:
    fixed = _fixed(rules, indicator, lang)
    note = fixed.beaten_by if state == "beaten" else ""
    return render_line(
        Line(fixed.label, "", state, "", fixed.rule, fixed.table, None, fixed.badge, note), lang
    )


def render_line(line: Line, lang: Lang) -> str:
    """A line as a row of the table; one that gives nothing as an item of those."""
    template = template_of(lang, "components/line.html")
    return template.render(line=line, folded=line.state == "zero")


@lru_cache(maxsize=4096)
def _row(
    rules: Rules,
    indicator: Indicator,
    lang: Lang,
    scored: tuple[int, int, bool],
    own: int | None,
    facts: tuple[tuple[str, Any], ...],
) -> tuple[bool, Markup]:
    """A line as a row of the table, and whether it is folded away.

    Kept for the next key press, which changes one line of twenty. What is kept is a rule's answer
    ("36 years: 30 points"), of nobody in particular.
    """
    line = _line(rules, indicator, lang, scored, own, facts)
    return line.state == "zero", Markup(render_line(line, lang))


def _line(
    rules: Rules,
    indicator: Indicator,
    lang: Lang,
    scored: tuple[int, int, bool],
    own: int | None,
    known: tuple[tuple[str, Any], ...],
) -> Line:
    fixed = _fixed(rules, indicator, lang)
    low, high, counted = scored
    if not counted and high:
        state = "beaten"
    elif low == high:
        state = "zero" if low == 0 else "minus" if low < 0 else "counted"
    else:
        state = "open"
    vocabulary, colon = rules.vocabulary, ": " if lang == "en" else "："
    facts = (", " if lang == "en" else "；").join(
        f"{vocabulary[ident].label(lang)}{colon}{vocabulary[ident].describe_value(value)(lang)}"
        for ident, value in known
    )
    points = format_span(_points(rules, low), _points(rules, high))(lang)
    note = fixed.beaten_by if state == "beaten" else ""
    return Line(fixed.label, points, state, facts, fixed.rule, fixed.table, own, fixed.badge, note)


def _points(rules: Rules, scaled: int) -> Decimal:
    return Decimal(scaled).scaleb(-rules.precision)


@dataclass(frozen=True, slots=True)
class _FixedWords:
    """What a row says whoever is scored."""

    label: str
    rule: str
    table: RuleRows
    badge: Badge
    beaten_by: str


@lru_cache(maxsize=2048)
def _fixed(rules: Rules, indicator: Indicator, lang: Lang) -> _FixedWords:
    group = next(g for g in rules.groups if g.id == indicator.group)
    beaten = Text(f"不计：{group.label.zh}", f"not counted: {group.label.en}")(lang)
    words, table = describe_rule(rules, indicator, lang), split_rule(rules, indicator, lang)
    return _FixedWords(indicator.label(lang), words, table, badge(indicator.basis, lang), beaten)


@lru_cache(maxsize=256)
def _roots(rules: Rules) -> dict[str, Group]:
    by_id = {group.id: group for group in rules.groups}

    def root(group: Group) -> Group:
        return root(by_id[group.parent]) if group.parent else group

    return {group.id: root(group) for group in rules.groups}


@lru_cache(maxsize=256)
def _outer(rules: Rules, lang: Lang) -> tuple[tuple[str, str], ...]:
    return tuple((group.id, group.label(lang)) for group in rules.groups if not group.parent)
