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
from jifen.policy.text import EMPTY, Text

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


CITIES_ASSUMPTION = Text(
    "缴费和居住证按在各城市自己的计算，就像一直在那里缴费、持证一样；"
    "换城市时记录能不能接续要另外核实。",
    "Contributions and the permit are taken as being of each city in turn, as if they had always "
    "been there; whether records move along must be asked apart.",
)
"""What is taken for granted where one person is answered for several cities."""


def describe_verdict(answer: PlanResult) -> PlanVerdict:
    """What the answer comes to."""
    forecast, first = answer.forecast, find_first_sure_day(answer)
    if answer.today.reached:
        return _describe_kept(answer.case, forecast)
    if first is None:
        return _describe_not_reached(answer)
    if first == forecast.reached_on:
        zh, en = f"什么都不用做，{first} 达到", f"Reached on {first} without doing anything"
        sooner = _describe_sooner(answer, first)
        return PlanVerdict("yes", first, Text(f"{zh}{sooner.zh}。", f"{en}{sooner.en}."))
    waits, days = _describe_waiting(forecast), describe_range(answer)
    words = Text(
        f"{days.zh}可以达到（见下）；{waits.zh}。",
        f"{days.en}, by what is below; {waits.en}.",
    )
    return PlanVerdict("open", first, words)


def describe_range(answer: PlanResult) -> Text:
    """The day at the line by the best of all moves: one, or from the best to the worst."""
    first, earliest = find_first_sure_day(answer), answer.earliest_day
    if earliest is None or earliest.best is None or earliest.best == first:
        return Text(f"最早 {first} ", f"{first} at the earliest")
    deciding = _describe_deciding_fact(answer)
    return Text(
        f"最好 {earliest.best}、最迟 {first}（{deciding.zh}）",
        f"Between {earliest.best} at best and {first} at worst ({deciding.en})",
    )


def _describe_sooner(answer: PlanResult, first: date) -> Text:
    """That waiting is not known to be the soonest; nothing where it is."""
    best = answer.earliest_day.best if answer.earliest_day else None
    if best is None or best >= first:
        return EMPTY
    deciding = _describe_deciding_fact(answer)
    return Text(f"；最好 {best}，{deciding.zh}", f"; on {best} at best, which {deciding.en}")


def _describe_deciding_fact(answer: PlanResult) -> Text:
    """On which fact the day hangs most."""
    deciding = answer.earliest_day.decided_by if answer.earliest_day else ()
    if not deciding:
        return Text("现有记录分不出哪一天", "is not to be told from what is on record")
    label = answer.case.rules.vocabulary[deciding[0]].label
    return Text(f"取决于：{label.zh}", f"depends on: {label.en}")


def _describe_waiting(forecast: Forecast) -> Text:
    day, perhaps = forecast.reached_on, forecast.perhaps_on
    if day is not None:
        return Text(f"仅靠等待，{day} 达到", f"by waiting alone it is reached on {day}")
    if perhaps is not None:
        return Text(
            f"仅靠等待暂无法确定，最早可能 {perhaps}",
            f"by waiting alone it may be reached on {perhaps}",
        )
    return Text("仅靠等待无法达到", "by waiting alone it is not reached")


def _describe_kept(case: PlanCase, forecast: Forecast) -> PlanVerdict:
    ending = describe_ending(forecast.doubtful_on, forecast.lost_on)
    if not case.rules.decision.has_threshold:
        return _describe_ranked(forecast, ending)
    if ending is None and case.is_cut_short:
        zh = f"已经达到，保持到 {case.last_day}；此后的办法还不知道。"
        en = f"At the line, and kept until {case.last_day}; no measure is known after that day."
        return PlanVerdict("yes", None, Text(zh, en))
    if ending is None:
        return PlanVerdict("yes", None, Text("已经达到，期限内保持。", "At the line, and kept."))
    words = Text(
        f"已经达到；什么都不变，{ending.zh}。",
        f"At the line; if nothing changes, {ending.en}.",
    )
    return PlanVerdict("open", forecast.doubtful_on, words)


def _describe_ranked(forecast: Forecast, ending: Text | None) -> PlanVerdict:
    """Where a measure only ranks there is no line: more points can only improve the place."""
    zh = "可以参加排序；没有预先公布的分数线，名次取决于当年申报的人，分数越高越靠前。"
    en = (
        "May enter the ranking. No line is published beforehand: the place depends on those who "
        "apply in the year, and more points improve it."
    )
    if ending is None:
        return PlanVerdict("yes", None, Text(zh, en))
    words = Text(f"{zh}什么都不变，{ending.zh}。", f"{en} If nothing changes, {ending.en}.")
    return PlanVerdict("open", forecast.doubtful_on, words)


def _describe_not_reached(answer: PlanResult) -> PlanVerdict:
    """Where no day is sure: impossible, not by so many moves, or undecided."""
    bound = answer.route_search.bound if answer.route_search else None
    if bound is not None:
        denial = describe_denial(bound, answer.case)
        return PlanVerdict(
            "no", None, Text(f"{denial.zh}。", f"{denial.en[0].upper()}{denial.en[1:]}.")
        )
    day = answer.route_search.perhaps_on if answer.route_search else None
    zh, en = "还有事实没有填写，不能确定", "Undecided while answers are missing"
    if not answer.missing_facts:  # nothing to answer: what comes onto the record is not known
        zh, en = "还不能确定", "Not to be said for sure yet"
    if day is None:
        return PlanVerdict("open", None, Text(f"{zh}。", f"{en}."))
    if answer.earliest_day is not None and answer.earliest_day.decided_by:
        deciding = _describe_deciding_fact(answer)
        zh, en = f"{zh}（{deciding.zh}）", f"{en} ({deciding.en})"
    return PlanVerdict(
        "open", day, Text(f"{zh}；最早可能 {day}。", f"{en}; {day} at the earliest.")
    )


def describe_denial(bound: Bound, case: PlanCase) -> Text:
    """That the line is not reached: by no set at all, or by none of the sets looked at; and within
    which time, since nothing is said of a day that was not looked at."""
    zh, en = f"{case.years} 年内", f"within {case.years} years"
    if case.is_cut_short:
        zh, en = (
            f"到 {case.last_day} 为止（此后的办法还不知道）",
            f"until {case.last_day} (no measure is known after)",
        )
    if bound.moves is None:
        return Text(f"{zh}不可能达到", f"impossible {en}")
    return Text(f"{zh}用不多于 {bound.moves} 步达不到", f"not by {bound.moves} moves {en}")


def describe_ending(doubtful_on: date | None, lost_on: date | None) -> Text | None:
    """When the line is lost: surely, or perhaps (and surely later); None where it is kept."""
    first = doubtful_on or lost_on
    if first is None:
        return None
    if first == lost_on:
        return Text(f"{first} 起失去", f"lost from {first} on")
    maybe = Text(f"{first} 起可能失去", f"may be lost from {first} on")
    if lost_on is None:
        return maybe
    return Text(f"{maybe.zh}，{lost_on} 起确定失去", f"{maybe.en}, surely from {lost_on} on")


def describe_unmet(unmet: UnmetRequirement) -> Text:
    """What keeps from the line whatever the points: a condition, or a veto; surely or perhaps."""
    phrases = {
        ("condition", True): Text("未满足", "not met"),
        ("condition", False): Text("不确定是否满足", "not known to be met"),
        ("veto", True): Text("一票否决", "in the way"),
        ("veto", False): Text("不确定有没有（有则一票否决）", "not known to be absent"),
    }
    phrase = phrases[unmet.kind, unmet.surely]
    return Text(f"{phrase.zh}：{unmet.label.zh}", f"{phrase.en}: {unmet.label.en}")


def describe_forecast(forecast: Forecast) -> Text:
    """What waiting comes to."""
    if forecast.reached_on is None:
        return _describe_not_yet_reached(forecast)
    zh, en = f"{forecast.reached_on} 达到", f"reached on {forecast.reached_on}"
    ending = describe_ending(forecast.doubtful_on, forecast.lost_on)
    if ending is None:
        return Text(f"{zh}，此后保持", f"{en}, and kept")
    return Text(f"{zh}，{ending.zh}", f"{en}, {ending.en}")


def _describe_not_yet_reached(forecast: Forecast) -> Text:
    if forecast.perhaps_on is None:
        return Text(f"到 {forecast.last_day} 为止达不到", f"not reached until {forecast.last_day}")
    return Text(
        f"还不能确定，最早 {forecast.perhaps_on}",
        f"cannot be said yet; {forecast.perhaps_on} at the earliest",
    )
