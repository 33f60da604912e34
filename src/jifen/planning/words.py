"""The outcome in words, once for the command, the pages and the API: a doubt is never told as a
loss, and what was looked at in part is never told as impossible."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Literal

from jifen.planning.answer import Answer
from jifen.planning.case import Case
from jifen.planning.forecast import Forecast, Unmet
from jifen.planning.routes import Bound
from jifen.policy.text import EMPTY, Text

Kind = Literal["yes", "no", "open"]


@dataclass(frozen=True, slots=True)
class Verdict:
    """`kind` (reached and kept; not reached; neither for sure), the day that it turns on, and a
    sentence."""

    kind: Kind
    on: date | None
    words: Text


def earliest(answer: Answer) -> date | None:
    """The first day surely at the line: by waiting, by the earliest route, or by whichever moves
    the facts that are not known call for."""
    days = [answer.forecast.reached_on, *(route.reached_on for route in answer.found)]
    if answer.earliest is not None:
        days.append(answer.earliest.worst)
    return min((day for day in days if day is not None), default=None)


def by_day(answers: Iterable[Answer]) -> list[Answer]:
    """The answers of several cities, the one first where the line is reached first."""
    return sorted(answers, key=lambda answer: earliest(answer) or date.max)


def soonest(answer: Answer) -> Text | None:
    """The moves of the earliest route; None where waiting is as early, or nothing gets there."""
    first = earliest(answer)
    if first is None or first == answer.forecast.reached_on:
        return None
    if not answer.found or answer.found[0].reached_on != first:
        return None
    labels = [one.move.label for one in answer.found[0].done]
    return Text(" + ".join(one.zh for one in labels), " + ".join(one.en for one in labels))


TAKEN = Text(
    "缴费和居住证按在各城市自己的计算，就像一直在那里缴费、持证一样；"
    "换城市时记录能不能接续要另外核实。",
    "Contributions and the permit are taken as being of each city in turn, as if they had always "
    "been there; whether records move along must be asked apart.",
)
"""What is taken for granted where one person is answered for several cities."""


def verdict(answer: Answer) -> Verdict:
    """What the answer comes to."""
    ahead, first = answer.forecast, earliest(answer)
    if answer.today.reached:
        return _kept(answer.case, ahead)
    if first is None:
        return _not_reached(answer)
    if first == ahead.reached_on:
        zh, en = f"什么都不用做，{first} 达到", f"Reached on {first} without doing anything"
        sooner = _sooner(answer, first)
        return Verdict("yes", first, Text(f"{zh}{sooner.zh}。", f"{en}{sooner.en}."))
    waits, days = _by_waiting(ahead), range_words(answer)
    words = Text(
        f"{days.zh}可以达到（见下）；{waits.zh}。",
        f"{days.en}, by what is below; {waits.en}.",
    )
    return Verdict("open", first, words)


def range_words(answer: Answer) -> Text:
    """The day at the line by the best of all moves: one, or from the best to the worst."""
    first, found = earliest(answer), answer.earliest
    if found is None or found.best is None or found.best == first:
        return Text(f"最早 {first} ", f"{first} at the earliest")
    on = _depends(answer)
    return Text(
        f"最好 {found.best}、最迟 {first}（{on.zh}）",
        f"Between {found.best} at best and {first} at worst ({on.en})",
    )


def _sooner(answer: Answer, first: date) -> Text:
    """That waiting is not known to be the soonest; nothing where it is."""
    best = answer.earliest.best if answer.earliest else None
    if best is None or best >= first:
        return EMPTY
    on = _depends(answer)
    return Text(f"；最好 {best}，{on.zh}", f"; on {best} at best, which {on.en}")


def _depends(answer: Answer) -> Text:
    """On which fact the day hangs most."""
    deciding = answer.earliest.decided_by if answer.earliest else ()
    if not deciding:
        return Text("现有记录分不出哪一天", "is not to be told from what is on record")
    label = answer.case.rules.vocabulary[deciding[0]].label
    return Text(f"取决于：{label.zh}", f"depends on: {label.en}")


def _by_waiting(ahead: Forecast) -> Text:
    day, perhaps = ahead.reached_on, ahead.perhaps_on
    if day is not None:
        return Text(f"仅靠等待，{day} 达到", f"by waiting alone it is reached on {day}")
    if perhaps is not None:
        return Text(
            f"仅靠等待暂无法确定，最早可能 {perhaps}",
            f"by waiting alone it may be reached on {perhaps}",
        )
    return Text("仅靠等待无法达到", "by waiting alone it is not reached")


def _kept(case: Case, ahead: Forecast) -> Verdict:
    ends = ending(ahead.doubtful_on, ahead.lost_on)
    if not case.rules.decision.has_threshold:
        return _may_be_ranked(ahead, ends)
    if ends is None and case.cut:
        zh = f"已经达到，保持到 {case.last}；此后的办法还不知道。"
        en = f"At the line, and kept until {case.last}; no measure is known after that day."
        return Verdict("yes", None, Text(zh, en))
    if ends is None:
        return Verdict("yes", None, Text("已经达到，期限内保持。", "At the line, and kept."))
    words = Text(
        f"已经达到；什么都不变，{ends.zh}。",
        f"At the line; if nothing changes, {ends.en}.",
    )
    return Verdict("open", ahead.doubtful_on, words)


def _may_be_ranked(ahead: Forecast, ends: Text | None) -> Verdict:
    """Where a measure only ranks there is no line: more points can only improve the place."""
    zh = "可以参加排序；没有预先公布的分数线，名次取决于当年申报的人，分数越高越靠前。"
    en = (
        "May enter the ranking. No line is published beforehand: the place depends on those who "
        "apply in the year, and more points improve it."
    )
    if ends is None:
        return Verdict("yes", None, Text(zh, en))
    more = Text(f"{zh}什么都不变，{ends.zh}。", f"{en} If nothing changes, {ends.en}.")
    return Verdict("open", ahead.doubtful_on, more)


def _not_reached(answer: Answer) -> Verdict:
    """Where no day is sure: impossible, not by so many moves, or undecided."""
    bound = answer.routes.bound if answer.routes else None
    if bound is not None:
        said = denial(bound, answer.case)
        return Verdict("no", None, Text(f"{said.zh}。", f"{said.en[0].upper()}{said.en[1:]}."))
    day = answer.routes.perhaps_on if answer.routes else None
    zh, en = "还有事实没有填写，不能确定", "Undecided while answers are missing"
    if not answer.missing:  # nothing to answer: what comes onto the record is not known
        zh, en = "还不能确定", "Not to be said for sure yet"
    if day is None:
        return Verdict("open", None, Text(f"{zh}。", f"{en}."))
    if answer.earliest is not None and answer.earliest.decided_by:
        on = _depends(answer)
        zh, en = f"{zh}（{on.zh}）", f"{en} ({on.en})"
    return Verdict("open", day, Text(f"{zh}；最早可能 {day}。", f"{en}; {day} at the earliest."))


def denial(bound: Bound, case: Case) -> Text:
    """That the line is not reached: by no set at all, or by none of the sets looked at; and within
    which time, since nothing is said of a day that was not looked at."""
    zh, en = f"{case.years} 年内", f"within {case.years} years"
    if case.cut:
        zh, en = (
            f"到 {case.last} 为止（此后的办法还不知道）",
            f"until {case.last} (no measure is known after)",
        )
    if bound.moves is None:
        return Text(f"{zh}不可能达到", f"impossible {en}")
    return Text(f"{zh}用不多于 {bound.moves} 步达不到", f"not by {bound.moves} moves {en}")


def ending(doubtful_on: date | None, lost_on: date | None) -> Text | None:
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


def hindrance(one: Unmet) -> Text:
    """What keeps from the line whatever the points: a condition, or a veto; surely or perhaps."""
    known = {
        ("condition", True): Text("未满足", "not met"),
        ("condition", False): Text("不确定是否满足", "not known to be met"),
        ("veto", True): Text("一票否决", "in the way"),
        ("veto", False): Text("不确定有没有（有则一票否决）", "not known to be absent"),
    }
    said = known[one.kind, one.surely]
    return Text(f"{said.zh}：{one.label.zh}", f"{said.en}: {one.label.en}")


def ahead_words(found: Forecast) -> Text:
    """What waiting comes to."""
    if found.reached_on is None:
        return _waits(found)
    zh, en = f"{found.reached_on} 达到", f"reached on {found.reached_on}"
    ends = ending(found.doubtful_on, found.lost_on)
    if ends is None:
        return Text(f"{zh}，此后保持", f"{en}, and kept")
    return Text(f"{zh}，{ends.zh}", f"{en}, {ends.en}")


def _waits(found: Forecast) -> Text:
    if found.perhaps_on is None:
        return Text(f"到 {found.last} 为止达不到", f"not reached until {found.last}")
    return Text(
        f"还不能确定，最早 {found.perhaps_on}",
        f"cannot be said yet; {found.perhaps_on} at the earliest",
    )
