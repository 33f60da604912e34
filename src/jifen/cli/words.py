"""An assessment as text for a terminal: aligned by display width, readable when piped."""

from jifen.policy.policy import Policy
from jifen.policy.quantity import plain
from jifen.policy.text import Lang, Text, pad, width
from jifen.scoring.compare import Comparison
from jifen.scoring.result import Assessment, LineResult, clause_text, reason_words

_MARKS = {True: "✓", False: "✗", None: "?"}
_SURE = {
    "certain": Text("确定", "certain"),
    "likely": Text("较可能", "likely"),
    "unsure": Text("不确定", "unsure"),
}


def points_text(assessment: Assessment, low: int, high: int) -> str:
    """'30' or '0 … 30'."""
    first, last = plain(assessment.points(low)), plain(assessment.points(high))
    return first if low == high else f"{first} … {last}"


def verdict(assessment: Assessment) -> Text:
    """The outcome in a sentence."""
    line = plain(assessment.threshold)
    ranked = assessment.rules.decision.mode == "rank"
    if assessment.reached:
        if ranked:
            return Text(f"达到 {line} 分，可以参加排名", f"at {line}: may enter the ranking")
        return Text(f"达到 {line} 分", f"the line of {line} is reached")
    if assessment.vetoed:
        return Text("一票否决", "refused by a veto")
    if assessment.eligible is False:
        return Text("不符合申请条件", "a condition is not met")
    if assessment.reached is None:
        return Text("还不能确定", "cannot be said yet")
    gap = plain(assessment.threshold - assessment.bounds[1])
    return Text(f"还差 {gap} 分达到 {line} 分", f"{gap} points short of {line}")


def result_text(assessment: Assessment, policy: Policy, lang: Lang, *, months: bool = False) -> str:
    """The whole result as text."""
    zh = lang == "zh"
    low, high = assessment.scaled_bounds
    on = assessment.situation.on
    lines = [
        f"{policy.title(lang)}  ·  {on}",
        f"{'总分' if zh else 'Total'}  {points_text(assessment, low, high)}"
        f"  ·  {verdict(assessment)(lang)}",
        "",
    ]
    lines += _conditions(assessment, lang)
    lines += ["", *_lines(assessment, lang)]
    if assessment.missing:
        lines += ["", ("还缺：" if zh else "Missing: ") + ", ".join(assessment.missing)]
    if assessment.unused:
        lines.append(("本版本不用：" if zh else "Not used here: ") + ", ".join(assessment.unused))
    if months:
        lines += ["", *_months(assessment, lang)]
    lines += ["", policy.purpose(lang)]
    return "\n".join(lines)


def _conditions(assessment: Assessment, lang: Lang) -> list[str]:
    lines = []
    for requirement, met in assessment.conditions:
        lines.append(f"{_MARKS[met]} {requirement.label(lang)}")
        if met is False:
            lines.append(f"    → {requirement.remedy(lang)}")
    for indicator, met in assessment.vetoes:
        if met is not False:
            lines.append(f"{_MARKS[not met if met else None]} {indicator.label(lang)}")
    return lines


def _lines(assessment: Assessment, lang: Lang) -> list[str]:
    shown = [line for line in assessment.lines if _worth_showing(line)]
    if not shown:
        return []
    column = max(width(line.indicator.label(lang)) for line in shown) + 2
    return [text for line in shown for text in _line(assessment, line, lang, column)]


def _worth_showing(line: LineResult) -> bool:
    return line.scaled_low != 0 or line.scaled_high != 0


def _line(assessment: Assessment, line: LineResult, lang: Lang, column: int) -> list[str]:
    points = points_text(assessment, line.scaled_low, line.scaled_high)
    basis = line.indicator.basis
    clause = clause_text(basis, lang) or ("条款号未见" if lang == "zh" else "clause not seen")
    head = pad(line.indicator.label(lang), column) + pad(points, 12)
    if not line.counted:
        head += "（不计：取其高）" if lang == "zh" else "(not counted: the higher counts)"
    return [
        head.rstrip(),
        f"    {reason_words(assessment.rules, line, lang)}",
        f"    [{clause} · {_SURE[basis.confidence](lang)}]",
    ]


def _months(assessment: Assessment, lang: Lang) -> list[str]:
    lines = []
    used = set(assessment.rules.used)
    for ident, derived in assessment.situation.derived.items():
        if ident not in used or not (derived.months or derived.reason.zh):
            continue
        label = assessment.rules.vocabulary[ident].label(lang)
        lines.append(f"{label} ({ident}) = {derived.value} {derived.reason(lang)}".rstrip())
        for month in derived.months:
            mark = "✓" if month.counts else "·"
            lines.append(f"    {month.month} {mark} {month.why(lang)}")
    return lines


def comparison_text(comparison: Comparison, lang: Lang) -> str:
    """Side by side: a column for each city and version, a row for each thing to compare."""
    zh = lang == "zh"
    columns = [_column(assessment, lang) for assessment in comparison.assessments]
    heads = ["", "总分" if zh else "Total", "线" if zh else "Line", "结果" if zh else "Outcome"]
    rows = [list(row) for row in zip(heads, *columns, strict=True)]
    widths = [max(width(row[n]) for row in rows) + 3 for n in range(len(columns) + 1)]
    lines = ["".join(pad(c, w) for c, w in zip(row, widths, strict=True)).rstrip() for row in rows]
    for assessment, aside in zip(comparison.assessments, comparison.set_aside, strict=True):
        lines += ["", f"— {assessment.rules.title(lang)}", *_lines(assessment, lang)]
        if assessment.missing:
            lines.append(("还缺：" if zh else "Missing: ") + ", ".join(assessment.missing))
        if aside:
            lines.append(
                ("在此不适用的回答：" if zh else "Answers unknown here: ") + ", ".join(aside)
            )
    return "\n".join(lines)


def _column(assessment: Assessment, lang: Lang) -> tuple[str, str, str, str]:
    low, high = assessment.scaled_bounds
    return (
        f"{assessment.rules.city} {assessment.rules.version}",
        points_text(assessment, low, high),
        plain(assessment.threshold),
        verdict(assessment)(lang),
    )
