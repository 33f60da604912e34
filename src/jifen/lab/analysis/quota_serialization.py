"""The line for a quota as plain values and as lines of text."""

from collections.abc import Iterator
from typing import Any

from jifen.lab.analysis.quota import QuotaResult, QuotaThreshold
from jifen.lab.classes import format_range
from jifen.lab.words import say
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
    lines = [sentence(lang) for sentence in describe_quota(result)]
    lines.append("")
    for threshold in result.around:
        mark = " ←" if threshold in (result.line, result.lowest) else ""
        points = _format_points(result, threshold)
        people = format_range(threshold.least, threshold.most)
        lines.append(f"  ≥ {points:>8}  {people:>20}{mark}")
    return "\n".join(lines)


def describe_quota(result: QuotaResult) -> Iterator[Text]:
    """What the line is and how sure that is, who is inside by rank, whose values cannot be used."""
    yield from _describe_certain(result)
    yield from _describe_ranked(result)
    if result.faulty:
        yield say(
            "analysis.quota_serialization.more_people_have_unusable_values",
            faulty=result.faulty,
        )


def _format_points(result: QuotaResult, threshold: QuotaThreshold) -> str:
    return format_number(result.program.unscale_points(threshold.line))


def _describe_certain(result: QuotaResult) -> Iterator[Text]:
    line, following = result.line, result.next_line
    if not result.is_certain:
        yield from _describe_uncertain(result)
        return
    points = _format_points(result, line)
    yield say(
        "analysis.quota_serialization.for_people_the_line_admits",
        wanted=result.wanted,
        points=points,
        least=line.least,
    )
    if following is not None:
        lower, then = (
            _format_points(result, following),
            format_range(following.least, following.most),
        )
        yield say(
            "analysis.quota_serialization.the_next_has_ties_then",
            lower=lower,
            ties=result.ties,
            then=then,
        )


def _describe_uncertain(result: QuotaResult) -> Iterator[Text]:
    """Facts are missing that decide who gets in: no line is called the line."""
    high, low, wanted = result.line, result.lowest, f"{result.wanted:,}"
    upper, lower = _format_points(result, high), _format_points(result, low)
    admitted = format_range(high.least, high.most)
    if high.line == low.line:
        yield say(
            "analysis.quota_serialization.for_people_the_line_facts",
            wanted=wanted,
            upper=upper,
            admitted=admitted,
        )
        return
    yield say(
        "analysis.quota_serialization.for_people_facts_are_missing",
        wanted=wanted,
        lower=lower,
        upper=upper,
    )
    yield say(
        "analysis.quota_serialization.admits_whatever_the_missing_facts",
        upper=upper,
        admitted=admitted,
    )
    admitted_below = format_range(low.least, low.most)
    yield say(
        "analysis.quota_serialization.admits_any_lower_and_more",
        lower=lower,
        admitted_below=admitted_below,
    )


def _describe_ranked(result: QuotaResult) -> Iterator[Text]:
    if not result.ranks:
        return
    if result.ranked is None:
        yield say("analysis.quota_serialization.who_is_admitted_by_rank")
        return
    yield say("analysis.quota_serialization.ranked_by_total_and_tie", ranked=result.ranked)
