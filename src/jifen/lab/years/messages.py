"""A projection in words, for a terminal: the years of each policy, and what it rests on."""

from collections.abc import Iterator

from jifen.lab.classes import format_range
from jifen.lab.weights import Count, to_count
from jifen.lab.years.reasons import LossReason, add_reasons
from jifen.lab.years.results import PolicyYears, YearsResult
from jifen.policy.model import NO_THRESHOLD
from jifen.policy.text import Lang, Text

_HEAD = (
    Text("日期", "day"),
    Text("分值线", "line"),
    Text("人数", "people"),
    Text("达到", "reach"),
    Text("确定占比", "surely"),
    Text("新达到", "newly"),
    Text("失去", "lost"),
    Text("事实齐全", "facts known"),
    Text("其平均分", "their mean"),
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
    return Text(
        f"起初确定未达到的 {first.under:,} 人：{years} 年内 {reached:,} 人首次达到，"
        f"{first.left:,} 人此前离开，{first.never:,} 人（{first.share_never:.1%}）始终未达到",
        f"Of {first.under:,} surely under the line at the start, {reached:,} first reach it within "
        f"{years} years, {first.left:,} leave before, {first.never:,} ({first.share_never:.1%}) "
        "never reach it",
    )


def _describe_reasons(policy_years: PolicyYears, lang: Lang) -> Iterator[str]:
    every: dict[LossReason, Count] = {}
    for reasons in policy_years.why:
        every = add_reasons(every, reasons)
    for reason, people in sorted(every.items(), key=lambda item: (-item[1], item[0]))[
        :_MOST_REASONS
    ]:
        lost = Text(f"失去 {to_count(people):,} 人次", f"lost by {to_count(people):,}")
        yield f"  {lost(lang)}{Text('：', ': ')(lang)}{policy_years.describe_reason(reason)(lang)}"


def list_cautions(result: YearsResult) -> Iterator[Text]:
    """What a reader must know: synthetic people, assumptions, rows that took no part."""
    if result.people.synthetic:
        yield Text("这些人是合成的，不是真实的人。", "These people are synthetic, not real ones.")
    if result.excluded:
        yield Text(
            f"{result.excluded:,} 人有无法使用的值，没有计入。",
            f"{result.excluded:,} people have values that cannot be used and take no part.",
        )
    yield from _describe_ended_version(result)
    parts, assumed = list(result.assumptions.list_parts()), result.assumptions
    unsure = sum(basis.confidence == "unsure" for _, basis in parts)
    yield Text(
        f"结果依赖假设文件 {assumed.id}（{assumed.as_of}）：{len(parts)} 项中 {unsure} 项把握不足。"
        f"{assumed.note.zh}",
        f"The result rests on the assumptions '{assumed.id}' of {assumed.as_of}: {unsure} of "
        f"{len(parts)} parts are unsure. {assumed.note.en}",
    )


def _describe_ended_version(result: YearsResult) -> Iterator[Text]:
    """A version that ends within the years: its rules are taken on."""
    until, last = result.policies[0].until, result.plan.days[-1]
    if until and until < last:
        yield Text(
            f"本版本规定到 {until} 为止，此后各年仍按其计算。",
            f"This version is in force until {until}; the years after it are counted by it too.",
        )
