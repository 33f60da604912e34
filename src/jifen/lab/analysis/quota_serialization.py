"""The line for a quota as plain values and as lines of text."""

from collections.abc import Iterator
from typing import Any

from jifen.lab.analysis.quota import QuotaResult, QuotaThreshold
from jifen.lab.classes import format_range
from jifen.policy.quantity import format_number
from jifen.policy.text import Lang, Text
from jifen.scoring.json_values import to_json_number


def quota_to_dict(result: QuotaResult) -> dict[str, Any]:
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
        **_threshold_to_dict(result, result.line),
        "lowest": _threshold_to_dict(result, result.lowest),
        "next": None if following is None else _threshold_to_dict(result, following),
        "ties": result.ties,
        "ranked": result.ranked,
        "around": [_threshold_to_dict(result, threshold) for threshold in result.around],
    }


def _threshold_to_dict(result: QuotaResult, threshold: QuotaThreshold) -> dict[str, Any]:
    return {
        "line": to_json_number(result.program.unscale_points(threshold.line)),
        "admitted": {"least": threshold.least, "most": threshold.most},
    }


def format_quota(result: QuotaResult, lang: Lang) -> str:
    """The line for a quota in some lines."""
    lines = [
        sentences(lang) for sentences in (*_describe_certain(result), *_describe_ranked(result))
    ]
    if result.faulty:
        lines.append(
            Text(
                f"另有 {result.faulty:,} 人的值无法使用，未计入。",
                f"{result.faulty:,} more people have unusable values and are not counted.",
            )(lang)
        )
    lines.append("")
    for threshold in result.around:
        mark = " ←" if threshold in (result.line, result.lowest) else ""
        points = _format_points(result, threshold)
        people = format_range(threshold.least, threshold.most)
        lines.append(f"  ≥ {points:>8}  {people:>20}{mark}")
    return "\n".join(lines)


def _format_points(result: QuotaResult, threshold: QuotaThreshold) -> str:
    return format_number(result.program.unscale_points(threshold.line))


def _describe_certain(result: QuotaResult) -> Iterator[Text]:
    line, following = result.line, result.next_line
    if not result.is_certain:
        yield from _describe_uncertain(result)
        return
    points = _format_points(result, line)
    yield Text(
        f"名额 {result.wanted:,}：{points} 分，录取 {line.least:,} 人",
        f"for {result.wanted:,} people: the line {points} admits {line.least:,}",
    )
    if following is not None:
        lower, then = (
            _format_points(result, following),
            format_range(following.least, following.most),
        )
        yield Text(
            f"再低到 {lower} 分有 {result.ties:,} 人同分，共 {then} 人",
            f"the next, {lower}, has {result.ties:,} ties: {then} then",
        )


def _describe_uncertain(result: QuotaResult) -> Iterator[Text]:
    """Facts are missing that decide who gets in: no line is called the line."""
    high, low, wanted = result.line, result.lowest, f"{result.wanted:,}"
    upper, lower = _format_points(result, high), _format_points(result, low)
    admitted = format_range(high.least, high.most)
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
    admitted_below = format_range(low.least, low.most)
    yield Text(
        f"  {lower} 分录取 {admitted_below} 人：再低一分，确定录取的人就超过名额",
        f"  {lower} admits {admitted_below}: any lower, and more than the quota surely get in",
    )


def _describe_ranked(result: QuotaResult) -> Iterator[Text]:
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
