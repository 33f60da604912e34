"""The outcome in words, once for the command, the pages and the API: a doubt is never told as a
loss, and what was looked at in part is never told as impossible."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Literal

from jifen.planning.case import PlanCase
from jifen.planning.forecast import Forecast, UnmetRequirement
from jifen.planning.planner import PlanResult
from jifen.planning.route_models import Bound
from jifen.planning.words import say
from jifen.policy.text import EMPTY, Text, capitalize_text

VerdictKind = Literal["yes", "no", "open"]


@dataclass(frozen=True, slots=True)
class PlanVerdict:
    """`kind` (reached and kept; not reached; neither for sure), the day that it turns on, and a
    sentence."""

    kind: VerdictKind
    on: date | None
    words: Text


def find_first_sure_day(answer: PlanResult) -> date | None:
    """The first day surely at the line: by waiting, by the earliest route, or by whichever moves
    the facts that are not known call for."""
    days = [answer.forecast.reached_on, *(route.reached_on for route in answer.routes)]
    if answer.earliest_day is not None:
        days.append(answer.earliest_day.worst)
    return min((day for day in days if day is not None), default=None)


def sort_by_day(answers: Iterable[PlanResult]) -> list[PlanResult]:
    """The answers of several cities, the one first where the line is reached first."""
    return sorted(answers, key=lambda answer: find_first_sure_day(answer) or date.max)


def describe_soonest_moves(answer: PlanResult) -> Text | None:
    """The moves of the earliest route; None where waiting is as early, or nothing gets there."""
    first = find_first_sure_day(answer)
    if first is None or first == answer.forecast.reached_on:
        return None
    if not answer.routes or answer.routes[0].reached_on != first:
        return None
    labels = [timed_move.move.label for timed_move in answer.routes[0].timed_moves]
    return Text(" + ".join(label.zh for label in labels), " + ".join(label.en for label in labels))


CITIES_ASSUMPTION = say("messages.cities_assumption")
"""What is taken for granted where one person is answered for several cities."""


def describe_verdict(answer: PlanResult) -> PlanVerdict:
    """What the answer comes to."""
    forecast, first = answer.forecast, find_first_sure_day(answer)
    if answer.today.reached:
        return _describe_kept(answer.case, forecast)
    if first is None:
        return _describe_not_reached(answer)
    if first == forecast.reached_on:
        phrase = say("messages.reached_on_without_doing_anything", first=first)
        sooner = _describe_sooner(answer, first)
        return PlanVerdict(
            "yes", first, say("messages.reached_by_waiting", phrase=phrase, sooner=sooner)
        )
    waits, days = _describe_waiting(forecast), describe_range(answer)
    words = say("messages.by_what_is_below", days=days, waits=waits)
    return PlanVerdict("open", first, words)


def describe_range(answer: PlanResult) -> Text:
    """The day at the line by the best of all moves: one, or from the best to the worst."""
    first, earliest = find_first_sure_day(answer), answer.earliest_day
    if earliest is None or earliest.best is None or earliest.best == first:
        return say("messages.at_the_earliest", first=first)
    deciding = _describe_deciding_fact(answer)
    return say("messages.between_at_best", best=earliest.best, first=first, deciding=deciding)


def _describe_sooner(answer: PlanResult, first: date) -> Text:
    """That waiting is not known to be the soonest; nothing where it is."""
    best = answer.earliest_day.best if answer.earliest_day else None
    if best is None or best >= first:
        return EMPTY
    deciding = _describe_deciding_fact(answer)
    return say("messages.on_at_best", best=best, deciding=deciding)


def _describe_deciding_fact(answer: PlanResult) -> Text:
    """On which fact the day hangs most."""
    deciding = answer.earliest_day.decided_by if answer.earliest_day else ()
    if not deciding:
        return say("messages.is_not_to_be_told")
    label = answer.case.rules.vocabulary[deciding[0]].label
    return say("messages.depends_on", label=label)


def _describe_waiting(forecast: Forecast) -> Text:
    day, perhaps = forecast.reached_on, forecast.perhaps_on
    if day is not None:
        return say("messages.by_waiting_alone", day=day)
    if perhaps is not None:
        return say("messages.by_waiting_alone_it_may", perhaps=perhaps)
    return say("messages.by_waiting_alone_it_is_not_reached")


def _describe_kept(case: PlanCase, forecast: Forecast) -> PlanVerdict:
    ending = describe_ending(forecast.doubtful_on, forecast.lost_on)
    if not case.rules.decision.has_threshold:
        return _describe_ranked(forecast, ending)
    if ending is None and case.is_cut_short:
        phrase = say("messages.at_the_line_and_kept", last_day=case.last_day)
        return PlanVerdict("yes", None, phrase)
    if ending is None:
        return PlanVerdict("yes", None, say("messages.kept_within_the_years"))
    words = say("messages.at_the_line_if_nothing", ending=ending)
    return PlanVerdict("open", forecast.doubtful_on, words)


def _describe_ranked(forecast: Forecast, ending: Text | None) -> PlanVerdict:
    """Where a measure only ranks there is no line: more points can only improve the place."""
    phrase = say("messages.may_enter_the_ranking")
    if ending is None:
        return PlanVerdict("yes", None, phrase)
    words = say("messages.if_nothing_changes", phrase=phrase, ending=ending)
    return PlanVerdict("open", forecast.doubtful_on, words)


def _describe_not_reached(answer: PlanResult) -> PlanVerdict:
    """Where no day is sure: impossible, not by so many moves, or undecided."""
    bound = answer.route_search.bound if answer.route_search else None
    if bound is not None:
        denial = describe_denial(bound, answer.case)
        return PlanVerdict("no", None, say("messages.denied", denial=capitalize_text(denial)))
    day = answer.route_search.perhaps_on if answer.route_search else None
    words = say("messages.undecided_while_answers_are_missing")
    if not answer.missing_facts:  # nothing to answer: what comes onto the record is not known
        words = say("messages.not_to_be_said")
    if day is None:
        return PlanVerdict("open", None, say("messages.undecided", words=words))
    if answer.earliest_day is not None and answer.earliest_day.decided_by:
        deciding = _describe_deciding_fact(answer)
        words = say("messages.undecided_by", words=words, deciding=deciding)
    return PlanVerdict("open", day, say("messages.undecided_at_the_earliest", words=words, day=day))


def describe_denial(bound: Bound, case: PlanCase) -> Text:
    """That the line is not reached: by no set at all, or by none of the sets looked at; and within
    which time, since nothing is said of a day that was not looked at."""
    words = say("messages.within_years", years=case.years)
    if case.is_cut_short:
        words = say("messages.until_no_measure_is_known", last_day=case.last_day)
    if bound.moves is None:
        return say("messages.impossible", words=words)
    return say("messages.not_by_moves", words=words, moves=bound.moves)


def describe_ending(doubtful_on: date | None, lost_on: date | None) -> Text | None:
    """When the line is lost: surely, or perhaps (and surely later); None where it is kept."""
    first = doubtful_on or lost_on
    if first is None:
        return None
    if first == lost_on:
        return say("messages.lost_from", first=first)
    maybe = say("messages.may_be_lost", first=first)
    if lost_on is None:
        return maybe
    return say("messages.surely_from", maybe=maybe, lost_on=lost_on)


def describe_unmet(unmet: UnmetRequirement) -> Text:
    """What keeps from the line whatever the points: a condition, or a veto; surely or perhaps."""
    phrases = {
        ("condition", True): say("messages.not_met"),
        ("condition", False): say("messages.not_known_to_be_met"),
        ("veto", True): say("messages.in_the_way"),
        ("veto", False): say("messages.not_known_to_be_absent"),
    }
    phrase = phrases[unmet.kind, unmet.surely]
    return say("messages.unmet", phrase=phrase, unmet_label=unmet.label)


def describe_forecast(forecast: Forecast) -> Text:
    """What waiting comes to."""
    if forecast.reached_on is None:
        return _describe_not_yet_reached(forecast)
    words = say("messages.reached_on", reached_on=forecast.reached_on)
    ending = describe_ending(forecast.doubtful_on, forecast.lost_on)
    if ending is None:
        return say("messages.and_kept", words=words)
    return say("messages.reached_and_ending", words=words, ending=ending)


def _describe_not_yet_reached(forecast: Forecast) -> Text:
    if forecast.perhaps_on is None:
        return say("messages.not_reached_until", last_day=forecast.last_day)
    return say("messages.cannot_be_said_yet", perhaps_on=forecast.perhaps_on)
