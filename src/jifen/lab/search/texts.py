"""What a search found, in words."""

from collections.abc import Iterable

from jifen.lab.search.brief import Preference
from jifen.lab.search.proposals import CellEffect, Proposal, SearchResult
from jifen.lab.search.scorer import VariantScore
from jifen.policy.text import Lang, Text

PREFERENCE_NAMES: dict[Preference, Text] = {
    "change": Text("改动的档数", "steps of change"),
    "cells": Text("改动的数值个数", "figures that change"),
    "stayers": Text("失去资格的人数", "people who lose the line"),
    "closeness": Text("与目标人数的差", "people away from the target"),
    "worst_loss": Text("损失最大一组的比例", "the share that the worst-hit group loses"),
}


def format_result(result: SearchResult, lang: Lang) -> str:
    """The proposals in a few lines, or why there is none."""
    lines = [
        _describe_measure(result)(lang),
        _describe_target(result)(lang),
        _describe_verdict(result)(lang),
    ]
    for proposal in result.proposals:
        lines += ["", *_format_proposal(result, proposal, lang)]
    if result.nearest:
        lines += [
            "",
            _describe_nearest(result, result.nearest)(lang),
            *_format_losses(result.nearest, lang),
        ]
    return "\n".join(lines)


def _describe_measure(result: SearchResult) -> Text:
    label, size, scored = result.space.brief.label, result.space.size, result.scored
    return Text(
        f"{label.zh}：{size:,} 种取值，测算了 {scored:,} 个方案 × {result.people:,} 人",
        f"{label.en}: {size:,} choices, {scored:,} variants scored × {result.people:,} people",
    )


def _describe_target(result: SearchResult) -> Text:
    target, within, reached_today = (
        result.objective.target,
        result.objective.within,
        result.today.reached,
    )
    return Text(
        f"目标：确定达到 {target:,.0f} 人（±{within:,.0f}）；现行办法 {reached_today:,} 人",
        f"asked for: {target:,.0f} people surely at the line (±{within:,.0f}); "
        f"today {reached_today:,}",
    )


def _describe_verdict(result: SearchResult) -> Text:
    """Whether the best is proved to be the best."""
    outcome, name = result.outcome, PREFERENCE_NAMES[result.objective.first]
    if outcome.best is None:
        return _NONE_PROVED if outcome.proved else _NONE_YET
    if outcome.proved:
        return Text(
            f"已证明：没有符合要求的方案在“{name.zh}”上更少",
            f"proved: no choice that meets the brief has less of: {name.en}",
        )
    return Text(
        f"时间用尽，未证明；任何方案的“{name.zh}”都不会少于 {outcome.bound:,.4g}",
        f"not proved, the time is over; no choice has less than {outcome.bound:,.4g} of: {name.en}",
    )


_NONE_PROVED = Text(
    "没有符合要求的方案（已证明）：请放宽人数、分组或改动的限制",
    "no choice meets the brief (proved): allow more people either way, more loss or more change",
)
_NONE_YET = Text(
    "时间用尽，尚未找到符合要求的方案：请延长 --seconds，或放宽限制",
    "none found before the time was over: give more --seconds, or wider limits",
)


def _format_proposal(result: SearchResult, proposal: Proposal, lang: Lang) -> list[str]:
    score = proposal.score
    change, cells = result.space.count_change(score.choice), result.space.count_cells(score.choice)
    head = Text(
        f"方案 {proposal.number}：确定达到 {score.reached:,}，可能达到 {score.perhaps:,}；"
        f"新达到 {score.gained:,}，失去 {score.lost:,}；改动 {cells} 个数值、{change} 档",
        f"proposal {proposal.number}: {score.reached:,} surely at the line, {score.perhaps:,} "
        f"perhaps; {score.gained:,} gain it, {score.lost:,} lose it; {cells} figures, "
        f"{change} steps",
    )
    return [head(lang), *_format_effects(proposal.effects, lang), *_format_losses(score, lang)]


def _format_effects(effects: Iterable[CellEffect], lang: Lang) -> list[str]:
    """One line for each changed figure."""
    return [
        Text(
            f"  {effect.figure.label.zh}：{before} → {after}  使达到人数 {effect.in_proposal:+,}"
            f"（单独改动 {effect.alone:+,}）",
            f"  {effect.figure.label.en}: {before} → {after}  brings {effect.in_proposal:+,} "
            f"people ({effect.alone:+,} alone)",
        )(lang)
        for effect in effects
        for before, after in [
            (effect.figure.words[effect.figure.today], effect.figure.words[effect.place])
        ]
    ]


def _format_losses(score: VariantScore, lang: Lang) -> list[str]:
    """The group that loses the largest share, where groups are limited."""
    worst = score.worst
    if worst is None or not worst.lost:
        return []
    return [
        Text(
            f"  损失最大的一组：{worst.by.zh} {worst.label.zh}，{worst.today:,} 人中失去 "
            f"{worst.lost:,} 人（{worst.share:.1%}）",
            f"  worst-hit group: {worst.by.en}, {worst.label.en}: {worst.lost:,} of "
            f"{worst.today:,} lose the line ({worst.share:.1%})",
        )(lang)
    ]


def _describe_nearest(result: SearchResult, score: VariantScore) -> Text:
    named = [
        (figure, figure.words[place])
        for figure, place in zip(result.space.figures, score.choice, strict=True)
        if place != figure.today
    ]
    zh = "、".join(f"{figure.label.zh} {value}" for figure, value in named) or "不改动"
    en = ", ".join(f"{figure.label.en} {value}" for figure, value in named) or "no change"
    return Text(
        f"测算过的方案中最接近的：{zh}，确定达到 {score.reached:,} 人",
        f"the nearest of those scored: {en}, {score.reached:,} surely at the line",
    )
