"""What a search found, in words."""

from collections.abc import Iterable

from jifen.lab.search.brief import Preference
from jifen.lab.search.proposals import CellEffect, Proposal, SearchResult
from jifen.lab.search.scorer import VariantScore
from jifen.lab.words import say
from jifen.policy.text import Lang, Text, join_texts

PREFERENCE_NAMES: dict[Preference, Text] = {
    "change": say("search.texts.preference_names_change"),
    "cells": say("search.texts.preference_names_cells"),
    "stayers": say("search.texts.preference_names_stayers"),
    "closeness": say("search.texts.preference_names_closeness"),
    "worst_loss": say("search.texts.preference_names_worst_loss"),
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
    return say(
        "search.texts.choices_variants_scored_people",
        label=label,
        size=size,
        scored=scored,
        people=result.people,
    )


def _describe_target(result: SearchResult) -> Text:
    target, within, reached_today = (
        result.objective.target,
        result.objective.within,
        result.today.reached,
    )
    return say(
        "search.texts.asked_for_people_surely",
        target=target,
        within=within,
        reached_today=reached_today,
    )


def _describe_verdict(result: SearchResult) -> Text:
    """Whether the best is proved to be the best."""
    outcome, name = result.outcome, PREFERENCE_NAMES[result.objective.first]
    if outcome.best is None:
        return _NONE_PROVED if outcome.proved else _NONE_YET
    if outcome.proved:
        return say("search.texts.proved_no_choice_that_meets", name=name)
    return say("search.texts.not_proved_the_time", name=name, bound=outcome.bound)


_NONE_PROVED = say("search.texts.none_proved")
_NONE_YET = say("search.texts.none_yet")


def _format_proposal(result: SearchResult, proposal: Proposal, lang: Lang) -> list[str]:
    score = proposal.score
    change, cells = result.space.count_change(score.choice), result.space.count_cells(score.choice)
    head = say(
        "search.texts.proposal_surely_at_the_line",
        number=proposal.number,
        reached=score.reached,
        perhaps=score.perhaps,
        gained=score.gained,
        lost=score.lost,
        cells=cells,
        change=change,
    )
    return [head(lang), *_format_effects(proposal.effects, lang), *_format_losses(score, lang)]


def _format_effects(effects: Iterable[CellEffect], lang: Lang) -> list[str]:
    """One line for each changed figure."""
    return [
        say(
            "search.texts.brings_people_alone",
            figure_label=effect.figure.label,
            before=before,
            after=after,
            in_proposal=effect.in_proposal,
            alone=effect.alone,
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
        say(
            "search.texts.worst_hit_group_of_lose",
            by=worst.by,
            worst_label=worst.label,
            today=worst.today,
            lost=worst.lost,
            share=worst.share,
        )(lang)
    ]


def _describe_nearest(result: SearchResult, score: VariantScore) -> Text:
    named = [
        (figure, figure.words[place])
        for figure, place in zip(result.space.figures, score.choice, strict=True)
        if place != figure.today
    ]
    changes = join_texts(
        (
            Text(f"{figure.label.zh} {value}", f"{figure.label.en} {value}")
            for figure, value in named
        ),
        say("search.texts.nearest"),
    )
    return say(
        "search.texts.the_nearest_of_those_scored",
        reached=score.reached,
        part=changes if named else say("search.texts.no_change"),
    )
