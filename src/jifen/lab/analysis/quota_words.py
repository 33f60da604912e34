"""The line for a quota as plain values and as lines of text."""

from collections.abc import Iterator
from typing import Any

from jifen.lab.analysis.quota import LineFor, QuotaResult
from jifen.lab.classes import span
from jifen.policy.quantity import format_number
from jifen.policy.text import Lang, Text
from jifen.scoring.result import to_json_number


def quota_dict(result: QuotaResult) -> dict[str, Any]:
    """The line for a quota, for a program."""
    following = result.next_line
    return {
        "schema": "jifen.lab.quota.v2",
        "policy": result.program.rules.policy,
        "version": result.program.rules.version,
        "wanted": result.wanted,
        "people": result.people,
        "faulty": result.faulty,
        "admissible": result.admissible.to_dict(),
        "certain": result.is_certain,
        **_line_dict(result, result.line),
        "lowest": _line_dict(result, result.lowest),
        "next": None if following is None else _line_dict(result, following),
        "ties": result.ties,
        "ranked": result.ranked,
        "around": [_line_dict(result, one) for one in result.around],
    }


def _line_dict(result: QuotaResult, one: LineFor) -> dict[str, Any]:
    return {
        "line": to_json_number(result.program.unscale_points(one.line)),
        "admitted": {"least": one.least, "most": one.most},
    }


def quota_text(result: QuotaResult, lang: Lang) -> str:
    """The line for a quota in some lines."""
    lines = [said(lang) for said in (*_answer(result), *_ranked(result))]
    if result.faulty:
        lines.append(
            Text(
                f"另有 {result.faulty:,} 人的值无法使用，未计入。",
                f"{result.faulty:,} more people have unusable values and are not counted.",
            )(lang)
        )
    lines.append("")
    for one in result.around:
        mark = " ←" if one in (result.line, result.lowest) else ""
        lines.append(f"  ≥ {_points(result, one):>8}  {span(one.least, one.most):>20}{mark}")
    return "\n".join(lines)


def _points(result: QuotaResult, one: LineFor) -> str:
    return format_number(result.program.unscale_points(one.line))


def _answer(result: QuotaResult) -> Iterator[Text]:
    line, following = result.line, result.next_line
    if not result.is_certain:
        yield from _open_answer(result)
        return
    yield Text(
        f"名额 {result.wanted:,}：{_points(result, line)} 分，录取 {line.least:,} 人",
        f"for {result.wanted:,} people: the line {_points(result, line)} admits {line.least:,}",
    )
    if following is not None:
        lower, then = _points(result, following), span(following.least, following.most)
        yield Text(
            f"再低到 {lower} 分有 {result.ties:,} 人同分，共 {then} 人",
            f"the next, {lower}, has {result.ties:,} ties: {then} then",
        )


def _open_answer(result: QuotaResult) -> Iterator[Text]:
    """Facts are missing that decide who gets in: no line is called the line."""
    high, low, wanted = result.line, result.lowest, f"{result.wanted:,}"
    upper, lower = _points(result, high), _points(result, low)
    admitted = span(high.least, high.most)
    if high.line == low.line:
        yield Text(
            f"名额 {wanted}：{upper} 分；有事实不明，录取 {admitted} 人",
            f"for {wanted} people: the line {upper}; facts are missing, it admits {admitted}",
        )
        return
    yield Text(
        f"名额 {wanted}：有事实不明，分数线不能确定，在 {lower} 至 {upper} 分之间",
        f"for {wanted} people: facts are missing, so the line is not settled; "
        f"it lies from {lower} to {upper}",
    )
    yield Text(
        f"  {upper} 分录取 {admitted} 人：无论不明的事实如何，都不超过名额",
        f"  {upper} admits {admitted}: whatever the missing facts are, no more than the quota",
    )
    yield Text(
        f"  {lower} 分录取 {span(low.least, low.most)} 人：再低一分，确定录取的人就超过名额",
        f"  {lower} admits {span(low.least, low.most)}: any lower, and more than the quota "
        "surely get in",
    )


def _ranked(result: QuotaResult) -> Iterator[Text]:
    if not result.ranks:
        return
    if result.ranked is None:
        yield Text(
            "按排名录取的人数不能确定：有人的总分或同分比较指标不明",
            "who is admitted by rank is not settled: totals or tie keys of some are not known",
        )
        return
    yield Text(
        f"按排名（同分比较次序指标，末位同列全部录取）：{result.ranked:,} 人",
        f"ranked by total and tie keys, all level at the last place: {result.ranked:,}",
    )
