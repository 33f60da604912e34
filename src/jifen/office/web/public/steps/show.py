"""What the template of a step needs: the question or the circumstances, how far the visitor is."""

from dataclasses import dataclass
from typing import Any

from jifen.facts.form import NONE, NOT_APPLICABLE, find_negative_answer, is_from_spells
from jifen.office.web.public.answer_edits import blank_spell
from jifen.office.web.public.answers import SOME
from jifen.office.web.public.insurance import build_work_account, derived_items, spell_faults
from jifen.office.web.public.questions import Answer, question, schemes, statuses
from jifen.office.web.public.self_assessment import Work, clauses
from jifen.office.web.public.steps.hidden_fields import carried
from jifen.office.web.public.steps.moves import group_facts
from jifen.office.web.public.steps.order import asks_for_purpose, steps_left
from jifen.office.web.public.steps.position import GROUP, PURPOSE, SPELLS, Walk
from jifen.policy.purposes import CHOICE
from jifen.policy.text import Lang, Text
from jifen.scoring.result_status import derive_status, describe_status

FEW = 9
"""More answers than these stand in two columns."""
PURPOSE_ASK = Text("积分用于什么？", "What are the points for?")
_RECORDS = Text("社保缴费记录", "Contribution records")
GROUP_ASKS = {
    "some": Text("下面这些，您有哪些？", "Which of these apply to you?"),
    "adverse": Text("下面这些记录，您有吗？", "Is any of these on record?"),
}
"""How a group is asked for; `adverse`: every one of it is an adverse record."""


@dataclass(frozen=True, slots=True)
class Circumstance:
    """One of a group: what it is, what counts, whether it is ticked."""

    id: str
    label: str
    help: str
    ticked: bool


def step_context(work: Work, walk: Walk, lang: Lang, fault: Text | None) -> dict[str, Any]:
    """A screen with one question, a group to be ticked, or the contribution records."""
    context = {
        "walk": walk,
        "work": work,
        "fault": fault(lang) if fault else "",
        "faulty": fault is not None,
        "progress": progress(work, walk),
        "so_far": "" if asks_for_purpose(work) else so_far(work, lang),
        "blank": False,
    }
    return context | screen_context(work, walk, lang)


def screen_context(work: Work, walk: Walk, lang: Lang) -> dict[str, Any]:
    """What the screen of a step shows, beside the faults and how far the visitor is."""
    if walk.at == SPELLS:
        return _spells(work, lang)
    if walk.at == PURPOSE and work.policy.purposes:
        return _purpose(work, lang)
    if walk.at.startswith(GROUP):
        return _group(work, walk, lang)
    return _single(work, walk, lang)


def progress(work: Work, walk: Walk) -> dict[str, int]:
    """How many screens are over, and how many more there may be at most."""
    left = [step for step in steps_left(work, walk) if step.id != walk.at]
    done = len(set(walk.past))
    return {"done": done, "left": len(left), "all": done + 1 + len(left)}


def so_far(work: Work, lang: Lang) -> str:
    """Points and outcome in one line; nothing while the answers give no points yet."""
    standing = derive_status(work.assessment)
    begun = standing.number or standing.is_barred
    return describe_status(standing).spoken(lang) if begun else ""


def fields(work: Work, walk: Walk) -> list[tuple[str, str]]:
    """The hidden fields of a step: the place, and every answer that it does not show itself."""
    fact = work.rules.vocabulary.get(walk.at)
    answer = work.answers.values.get(walk.at, "")
    # Answers to tap stand in no field of their own.
    tapped = fact is not None and fact.type in ("bool", "choice")
    own = fact is not None and not tapped and (fact.type != "dates" or answer == SOME)
    shown = (walk.at,) if own else ()
    found = carried(work.answers, work.rules.vocabulary, without=shown, spells=walk.at != SPELLS)
    return [*walk.fields(), *found]


def _single(work: Work, walk: Walk, lang: Lang) -> dict[str, Any]:
    fact = work.rules.vocabulary[walk.at]
    shown = question(work, walk.at, lang)
    may_not_apply = not fact.asked_after and not is_from_spells(fact)
    answers = [
        one for one in shown.answers if one.value and (may_not_apply or one.value != NOT_APPLICABLE)
    ]
    return {
        "title": shown.text,
        "kind": "dates" if shown.kind == "dates" else "taps" if answers else "typed",
        "q": shown,
        "answers": _taps(answers),
        "may_not_apply": may_not_apply and shown.may_not_apply,
        "many": len(answers) > FEW,
        "has_dates": shown.value == SOME,
        "by_records": is_from_spells(fact) and "contributions" in work.rules.vocabulary,
        "why": clauses(work.rules, walk.at, lang),
    }


def _purpose(work: Work, lang: Lang) -> dict[str, Any]:
    """What the points are for: one tap, before every question."""
    ask = PURPOSE_ASK(lang)
    return {
        "title": ask,
        "kind": "purpose",
        "ask": ask,
        "answers": [Answer(one.id, one.label(lang)) for one in work.policy.purposes],
        "chosen": work.answers.readings.get(CHOICE, ""),
    }


def _taps(answers: list[Answer]) -> list[Answer]:
    """The answers to tap; 'none' comes last, where a tired reader looks for it."""
    none = [one for one in answers if one.value in ("none", NONE)]
    return [one for one in answers if one not in none] + none


def _group(work: Work, walk: Walk, lang: Lang) -> dict[str, Any]:
    vocabulary, values = work.rules.vocabulary, work.answers.values
    section = next(s for s in vocabulary.sections if s.id == walk.at.removeprefix(GROUP))
    members = group_facts(work, walk)
    adverse = all(vocabulary[ident].presumed is not None for ident in members)
    ask = GROUP_ASKS["adverse" if adverse else "some"](lang)
    return {
        "title": ask,
        "kind": "group",
        "section": section.label(lang),
        "ask": ask,
        "circumstances": [
            Circumstance(
                ident,
                vocabulary[ident].label(lang),
                vocabulary[ident].help(lang) if vocabulary[ident].type == "bool" else "",
                ident in walk.claimed
                or values.get(ident, "") not in ("", find_negative_answer(work.rules, ident)),
            )
            for ident in members
        ],
    }


def _spells(work: Work, lang: Lang) -> dict[str, Any]:
    return {
        "title": _RECORDS(lang),
        "records": work.answers.spells or [blank_spell()],
        "kind": "spells",
        "statuses": statuses(lang),
        "schemes": schemes(lang),
        "spell_faults": spell_faults(work, lang),
        "derived_items": derived_items(work, lang),
        "account": build_work_account(work),
    }
