"""What a button of a step does: to the answers, and to the place in the questions."""

from collections.abc import Callable

from django.http import QueryDict

from jifen.facts.form import find_negative_answer
from jifen.office.web.public.answer_edits import act
from jifen.office.web.public.answers import SOME, Answers
from jifen.office.web.public.self_assessment import Work
from jifen.office.web.public.steps.order import Step, facts_of_records, members_of, steps_left
from jifen.office.web.public.steps.position import CHECK, GROUP, PURPOSE, RESULT, SPELLS, Walk
from jifen.policy.purposes import CHOICE
from jifen.policy.text import Text

EMPTY = Text("请先回答，或按“不知道，跳过”。", "Answer first, or press “I don't know”.")
NOTHING_TICKED = Text(
    "还没有勾选。都没有的，请按“都没有”。",
    "Nothing is ticked. If none applies, press “None of these”.",
)
NO_DATE = Text("请至少填写一个日期。", "Give at least one date.")
MOVE_FAULTS = {"empty": EMPTY, "nothing_ticked": NOTHING_TICKED, "no_date": NO_DATE}
"""By name, for the device."""
SEE_FIELD = Text("", "")
"""The step stays; what is to be done stands beside its field."""
WorkAgain = Callable[[Answers], Work]


def move(
    work: Work, walk: Walk, post: QueryDict, work_again: WorkAgain
) -> tuple[Work, Text | None]:
    """Do what was pressed. The fault, if any, keeps the step; `work_again` scores anew."""
    pressed, _, argument = post.get("go", "").partition(":")
    answers = work.answers
    if wanted := post.get("act", ""):
        act(answers, wanted, work.rules, work.on)
        return work_again(answers), None
    if walk.at == SPELLS and pressed != "next" and not answers.begun_spells():
        answers.by_spells = False
    if pressed in ("is", "next", "none", "skip"):
        fault = _answer(work, walk, post, pressed, argument)
        work = work_again(answers)
        if fault is None and pressed in ("is", "next") and _has_fault(work, walk):
            return work, SEE_FIELD
        if fault is None:
            _go_on(work, walk)
        return work, fault
    _lead(work, walk, pressed, argument)
    return (work_again(answers) if pressed in ("spells", "totals") else work), None


def _lead(work: Work, walk: Walk, pressed: str, argument: str) -> None:
    """Buttons that lead to another step and answer nothing."""
    if pressed == "back":
        walk.go_back()
    elif pressed == "edit":
        walk.editing = True
        walk.go_to(argument)
    elif pressed in (CHECK, RESULT):
        walk.go_to(pressed)
    elif pressed == "on":
        _go_on(work, walk)
    elif pressed == "more":
        walk.every = True
        walk.skipped -= set(work.assessment.missing)
        _go_on(work, walk)
    elif pressed == "spells":
        walk.totals = False
        walk.skipped.difference_update(facts_of_records(work))
        walk.go_to(SPELLS)
    elif pressed == "totals":
        walk.totals, work.answers.by_spells = True, False
        walk.skipped.difference_update(facts_of_records(work))
        _go_on(work, walk)


def _answer(work: Work, walk: Walk, post: QueryDict, pressed: str, argument: str) -> Text | None:
    if walk.at.startswith(GROUP):
        return _answer_group(work, walk, post, pressed)
    if walk.at == SPELLS:
        return _answer_records(work, walk, pressed)
    if walk.at == PURPOSE and work.policy.purposes:
        return _answer_purpose(work, pressed, argument)
    if walk.at in work.rules.vocabulary:
        return _answer_question(work, walk, pressed, argument)
    return None


def _answer_question(work: Work, walk: Walk, pressed: str, argument: str) -> Text | None:
    values = work.answers.values
    if pressed == "skip":
        values.pop(walk.at, None)
        walk.skipped.add(walk.at)
        walk.claimed.discard(walk.at)
        return None
    if pressed == "is":
        values[walk.at] = argument
    if not values.get(walk.at, "").strip():
        return EMPTY
    if values[walk.at] == SOME and not any(r.strip() for r in work.answers.rows.get(walk.at, ())):
        return NO_DATE if pressed == "next" else SEE_FIELD
    walk.skipped.discard(walk.at)
    walk.claimed.discard(walk.at)
    return None


def _answer_purpose(work: Work, pressed: str, argument: str) -> Text | None:
    if pressed != "is" or argument not in work.policy.choices[CHOICE]:
        return EMPTY
    work.answers.readings[CHOICE] = argument
    return None


def _answer_records(work: Work, walk: Walk, pressed: str) -> Text | None:
    """The records count once all their months are there; without any, the visitor has to say so."""
    answers, facts = work.answers, facts_of_records(work)
    if pressed == "skip":
        answers.by_spells = False
        walk.skipped.update(facts)
        return None
    answers.by_spells = True
    walk.skipped.difference_update(facts)
    if not answers.begun_spells():
        return EMPTY
    return None if len(answers.begun_spells()) == len(answers.filled_spells()) else SEE_FIELD


def _answer_group(work: Work, walk: Walk, post: QueryDict, pressed: str) -> Text | None:
    members = group_facts(work, walk)
    values = work.answers.values
    if pressed == "skip":
        for ident in members:
            values.pop(ident, None)
        walk.skipped.update(members)
        walk.claimed.difference_update(members)
        return None
    ticked = set() if pressed == "none" else set(post.getlist("has"))
    if pressed == "next" and not ticked & set(members):
        return NOTHING_TICKED
    for ident in members:
        none = find_negative_answer(work.rules, ident)
        if ident not in ticked:
            values[ident] = none
            walk.claimed.discard(ident)
        elif work.rules.vocabulary[ident].type == "bool":
            values[ident] = "true"
        elif values.get(ident, "") in ("", none):
            values.pop(ident, None)
            walk.claimed.add(ident)
    walk.skipped.difference_update(members)
    return None


def group_facts(work: Work, walk: Walk) -> tuple[str, ...]:
    """The circumstances that the screen of a group shows: those that can matter or are answered;
    all of them where one comes back to change an answer."""
    section = walk.at.removeprefix(GROUP)
    members = members_of(work, section)
    still = set(work.assessment.missing) | walk.claimed
    shown = [i for i in members if i in still or work.answers.values.get(i) or i in walk.skipped]
    return tuple(shown) or members


def _has_fault(work: Work, walk: Walk) -> bool:
    fact = "contributions" if walk.at == SPELLS else walk.at
    return bool(fact in work.rules.vocabulary and work.faults_of(fact))


def _go_on(work: Work, walk: Walk) -> None:
    """The next step: back to the check page after a change, the questions behind it first."""
    left = steps_left(work, walk)
    behind = [step for step in left if walk.claimed & set(step.facts) or _follows(work, walk, step)]
    if walk.editing and not behind:
        walk.editing = False
        walk.go_to(CHECK)
    elif walk.editing:
        walk.go_to(behind[0].id)
    else:
        walk.go_to(left[0].id if left else CHECK)


def _follows(work: Work, walk: Walk, step: Step) -> bool:
    return any(work.rules.vocabulary[ident].asked_after == walk.at for ident in step.facts)
