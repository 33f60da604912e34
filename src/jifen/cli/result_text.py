"""An assessment as text for a terminal: aligned by display width, readable when piped."""

from collections.abc import Sequence

from jifen.cli.words import say
from jifen.policy.certainty import LEGEND, MARK, describe_basis_doubt
from jifen.policy.policy import Policy
from jifen.policy.quantity import format_number
from jifen.policy.text import EMPTY, Lang, display_width, pad_to_width
from jifen.scoring.comparison import Comparison, order_by_distance
from jifen.scoring.result import Assessment, LineResult, explain_line
from jifen.scoring.result_status import ResultStatus, StatusTexts, derive_status, describe_status

_MARKS = {True: "✓", False: "✗", None: "?"}


def format_points(assessment: Assessment, low: int, high: int) -> str:
    """'30' or '0 … 30'."""
    first, last = format_number(assessment.points(low)), format_number(assessment.points(high))
    return first if low == high else f"{first} … {last}"


def format_result(
    assessment: Assessment, policy: Policy, lang: Lang, *, months: bool = False
) -> str:
    """The whole result as text."""
    standing = derive_status(assessment)
    words = describe_status(standing)
    lines = [
        f"{assessment.rules.title(lang)}  ·  {assessment.situation.on}",
        say("result_text.result")(lang) + words.headline(lang),
        _format_total(standing, words, lang),
        *([f"      {words.bounds(lang)}"] if words.bounds(lang) and not standing.is_barred else []),
        say("result_text.next")(lang) + words.next(lang),
        "",
    ]
    lines += _format_conditions(assessment, lang)
    lines += ["", *_format_line_items(assessment, lang)]
    if assessment.missing:
        lines += ["", say("result_text.missing")(lang) + ", ".join(assessment.missing)]
    if assessment.unused:
        lines.append(say("result_text.not_used_here")(lang) + ", ".join(assessment.unused))
    if months:
        lines += ["", *_format_months(assessment, lang)]
    lines += ["", policy.purpose(lang)]
    return "\n".join(lines)


def _format_total(standing: ResultStatus, words: StatusTexts, lang: Lang) -> str:
    if standing.is_exact and standing.number is not None:
        return f"{say('result_text.total')(lang)}  {format_number(standing.number)}"
    return f"{say('result_text.points')(lang)}  {words.points(lang)}"


def _format_conditions(assessment: Assessment, lang: Lang) -> list[str]:
    lines = []
    for requirement, met in assessment.conditions:
        lines.append(f"{_MARKS[met]} {requirement.label(lang)}")
        if met is False:
            lines.append(f"    → {requirement.remedy(lang)}")
    for way, met in assessment.ways:
        if met is not False:
            name = say("result_text.way_without_points")
            lines.append(f"{_MARKS[met]} {name(lang)}{way.label(lang)}")
    for indicator, met in assessment.vetoes:
        if met is not False:
            lines.append(f"{_MARKS[not met if met else None]} {indicator.label(lang)}")
    return lines


def _format_line_items(assessment: Assessment, lang: Lang) -> list[str]:
    shown = [line for line in assessment.lines if _is_worth_showing(line)]
    if not shown:
        return []
    column = max(display_width(line.indicator.label(lang)) for line in shown) + 2
    lines = [text for line in shown for text in _format_line_item(assessment, line, lang, column)]
    return [*lines, "", LEGEND(lang)] if any(MARK in line for line in lines) else lines


def _is_worth_showing(line: LineResult) -> bool:
    return line.scaled_low != 0 or line.scaled_high != 0


def _format_line_item(
    assessment: Assessment, line: LineResult, lang: Lang, column: int
) -> list[str]:
    points = format_points(assessment, line.scaled_low, line.scaled_high)
    basis = line.indicator.basis
    clause = basis.clause.article(lang) if basis.clause else ""
    mark = MARK if describe_basis_doubt(basis, EMPTY)(lang) else ""
    head = pad_to_width(line.indicator.label(lang), column) + pad_to_width(points, 12)
    if not line.counted:
        head += say("result_text.not_counted_the_higher_counts")(lang)
    lines = [head.rstrip(), f"    {explain_line(assessment.rules, line, lang)}"]
    return [*lines, f"    [{clause}{mark}]"] if clause or mark else lines


def _format_months(assessment: Assessment, lang: Lang) -> list[str]:
    lines = []
    used = set(assessment.rules.used)
    for fact_id, derived in assessment.situation.derived.items():
        if fact_id not in used or not (derived.months or derived.reason.zh):
            continue
        label = assessment.rules.vocabulary[fact_id].label(lang)
        lines.append(f"{label} ({fact_id}) = {derived.value} {derived.reason(lang)}".rstrip())
        for month in derived.months:
            mark = "✓" if month.counts else "·"
            lines.append(f"    {month.month} {mark} {month.why(lang)}")
    return lines


def format_comparison(comparison: Comparison, lang: Lang) -> str:
    """Side by side: a column for each city and version, a row for each thing to compare."""
    standings = [(a.rules.city, derive_status(a)) for a in comparison.assessments]
    order = order_by_distance(standings)
    assessments = [comparison.assessments[number] for number in order]
    columns = [_build_column(assessment, lang) for assessment in assessments]
    shared = _list_shared_missing(assessments)
    heads = [
        "",
        say("result_text.points")(lang),
        say("result_text.line")(lang),
        say("result_text.outcome")(lang),
    ]
    rows = [list(row) for row in zip(heads, *columns, strict=True)]
    widths = [
        max(display_width(row[index]) for row in rows) + 3 for index in range(len(columns) + 1)
    ]
    lines = [
        "".join(pad_to_width(c, w) for c, w in zip(row, widths, strict=True)).rstrip()
        for row in rows
    ]
    if shared:
        lines += ["", say("result_text.missing_in_several")(lang) + ", ".join(shared)]
    for assessment, number in zip(assessments, order, strict=True):
        aside = comparison.set_aside[number]
        lines += ["", f"— {assessment.rules.title(lang)}", *_format_line_items(assessment, lang)]
        own = [fact_id for fact_id in assessment.missing if fact_id not in shared]
        if own:
            lines.append(say("result_text.missing")(lang) + ", ".join(own))
        if aside:
            lines.append(say("result_text.answers_unknown_here")(lang) + ", ".join(aside))
    return "\n".join(lines)


def _list_shared_missing(assessments: Sequence[Assessment]) -> list[str]:
    """Facts that are open in several cities: one answer serves them all, so each is named once."""
    cities: dict[str, set[str]] = {}
    for assessment in assessments:
        for fact_id in assessment.missing:
            cities.setdefault(fact_id, set()).add(assessment.rules.city)
    return [fact_id for fact_id, named in cities.items() if len(named) > 1]


def _build_column(assessment: Assessment, lang: Lang) -> tuple[str, str, str, str]:
    standing = derive_status(assessment)
    words = describe_status(standing)
    rules = assessment.rules
    name = f"{rules.city} {rules.version}"
    return (
        f"{name} ({rules.purpose.label(lang)})" if rules.purpose else name,
        words.points(lang),
        "–" if standing.threshold is None else format_number(standing.threshold),
        words.verdict(lang),
    )
