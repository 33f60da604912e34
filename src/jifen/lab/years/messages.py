"""A projection in words, for a terminal: the years of each policy, and what it rests on."""

from collections.abc import Iterator

from jifen.lab.classes import format_range
from jifen.lab.disclosure.notes import describe_protection
from jifen.lab.weights import Count, to_count
from jifen.lab.words import say
from jifen.lab.years.reasons import LossReason, add_reasons
from jifen.lab.years.results import PolicyYears, YearsResult
from jifen.policy.model import NO_THRESHOLD
from jifen.policy.text import Lang, Text

_HEAD = (
    say("years.messages.day"),
    say("years.messages.line"),
    say("years.messages.people"),
    say("years.messages.reach"),
    say("years.messages.surely"),
    say("years.messages.newly"),
    say("years.messages.lost"),
    say("years.messages.facts_known"),
    say("years.messages.their_mean"),
)
_WIDTHS = (10, 7, 12, 20, 8, 11, 11, 12, 10)
_MOST_REASONS = 5


def summarize_projection(result: YearsResult, lang: Lang) -> list[str]:
    """One table for each policy, with the cohort view and the main reasons for losing the line."""
    return [line for policy in result.by_policy for line in (*_describe_policy(policy, lang), "")]


def _describe_policy(policy_years: PolicyYears, lang: Lang) -> Iterator[str]:
    yield policy_years.label(lang)
    yield " ".join(
        _align_right(word(lang), width) for word, width in zip(_HEAD, _WIDTHS, strict=True)
    )
    for year in policy_years.years:
        share = year.reached / year.people if year.people else 0
        mean = "—" if year.mean_total is None else f"{year.mean_total:.1f}"
        cells = (
            year.day.isoformat(),
            "—" if year.line == NO_THRESHOLD else f"{year.line:g}",
            f"{year.people:,}",
            format_range(year.reached, year.at_most),
            f"{share:.1%}",
            f"{year.newly:,}",
            f"{year.lost:,}",
            f"{year.known:,}",
            mean,
        )
        yield " ".join(
            _align_right(cell, width) for cell, width in zip(cells, _WIDTHS, strict=True)
        )
    yield _describe_first_reached(policy_years)(lang)
    yield from _describe_reasons(policy_years, lang)


def _align_right(text: str, width: int) -> str:
    """Right-aligned; a Chinese character takes two places."""
    taken = sum(2 if ord(c) > 0x2E7F else 1 for c in text)
    return " " * (width - taken) + text


def _describe_first_reached(policy_years: PolicyYears) -> Text:
    first, years = policy_years.first, len(policy_years.years) - 1
    reached = sum(first.reached)
    return say(
        "years.messages.of_surely_under_the_line",
        under=first.under,
        years=years,
        reached=reached,
        left=first.left,
        never=first.never,
        share_never=first.share_never,
    )


def _describe_reasons(policy_years: PolicyYears, lang: Lang) -> Iterator[str]:
    every: dict[LossReason, Count] = {}
    for reasons in policy_years.why:
        every = add_reasons(every, reasons)
    for reason, people in sorted(every.items(), key=lambda item: (-item[1], item[0]))[
        :_MOST_REASONS
    ]:
        lost = say("years.messages.lost_by", count=to_count(people))
        why = policy_years.describe_reason(reason)(lang)
        yield f"  {lost(lang)}{say('years.messages.reasons')(lang)}{why}"


def list_cautions(result: YearsResult) -> Iterator[Text]:
    """What a reader must know: synthetic people, assumptions, rows that took no part."""
    yield describe_protection(result.people) or say("years.messages.these_people_are_synthetic")
    if result.excluded:
        yield say("years.messages.people_have_values_that_cannot", excluded=result.excluded)
    yield from _describe_ended_version(result)
    parts, assumed = list(result.assumptions.list_parts()), result.assumptions
    unsure = sum(basis.confidence == "unsure" for _, basis in parts)
    yield say(
        "years.messages.the_result_rests",
        assumed_id=assumed.id,
        as_of=assumed.as_of,
        parts_count=len(parts),
        unsure=unsure,
        note=assumed.note,
    )


def _describe_ended_version(result: YearsResult) -> Iterator[Text]:
    """A version that ends within the years: its rules are taken on."""
    until, last = result.policies[0].until, result.plan.days[-1]
    if until and until < last:
        yield say("years.messages.this_version_is_in_force", until=until)
