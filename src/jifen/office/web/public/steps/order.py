"""Which steps are still to come, the most telling first."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from jifen.facts.form import find_negative_answer, is_from_spells, list_asked_facts
from jifen.facts.measures import ABSENT
from jifen.office.web.public.self_assessment import Work
from jifen.office.web.public.steps.position import GROUP, PURPOSE, SPELLS, Walk
from jifen.policy.purposes import CHOICE
from jifen.policy.vocabulary import Fact
from jifen.scoring.question_order import LOOK_UP_EFFORT, answer_effort, order_questions
from jifen.scoring.result_status import derive_status

TOGETHER_LEAST = 3
"""So many circumstances of a section, most of which apply to nobody, are asked on one screen."""
ADVERSE_LEAST = 2


@dataclass(frozen=True, slots=True)
class Step:
    """One screen: a question, or the circumstances of a section to be ticked."""

    id: str
    facts: tuple[str, ...]

    @property
    def is_group(self) -> bool:
        """Whether several circumstances are ticked at once."""
        return self.id.startswith(GROUP)


def steps_left(work: Work, walk: Walk) -> list[Step]:
    """The steps that can still matter: to the outcome and, where `walk.every`, to the points. What
    the points are for comes before all others: it decides which questions there are."""
    claimed = [ident for ident in list_asked_facts(work.rules) if ident in walk.claimed]
    open_facts = _askable(work, walk, _wanted(work, walk))
    gains = {one.fact: one.gain for one in order_questions(work.assessment, open_facts)}
    ordered = sorted(gains, key=lambda ident: _place(work, ident, gains[ident]))
    steps = _grouped(work, walk, [ident for ident in ordered if ident not in claimed])
    steps.sort(key=lambda step: _rank(work, step))
    first = [Step(PURPOSE, ())] if asks_for_purpose(work) else []
    return first + [Step(ident, (ident,)) for ident in claimed] + steps


def asks_for_purpose(work: Work) -> bool:
    """Whether the measure has several purposes and the visitor has chosen none yet."""
    return bool(work.policy.purposes) and CHOICE not in work.answers.readings


def _wanted(work: Work, walk: Walk) -> Iterable[str]:
    """Facts that decide the outcome; adverse records alone once all else is enough. Where people
    are ranked, and with `walk.every`, whatever still moves a point."""
    standing, missing = derive_status(work.assessment), work.assessment.missing
    if walk.every or (standing.ranked and not standing.is_barred):
        return missing
    if standing.state != "open":
        return ()
    adverse = [ident for ident in missing if _adverse(work, ident)]
    if standing.presumed_state == "reached":
        return adverse or missing
    deciding = [one.id for one in standing.deciders if one.kind == "fact"]
    return dict.fromkeys([*deciding, *adverse])


def _askable(work: Work, walk: Walk, idents: Iterable[str]) -> list[str]:
    """The questions to be asked for these facts: a fact whose question hangs on another answer is
    asked after it, and what the records give is not asked."""
    vocabulary, known = work.rules.vocabulary, frozenset(list_asked_facts(work.rules))
    found = dict[str, None]()
    for ident in idents:
        fact = vocabulary[ident]
        while fact.asked_after and fact.asked_after in known and not _answered(work, fact):
            fact = vocabulary[fact.asked_after]
        given = work.answers.by_spells and is_from_spells(fact) and not _is_untold(work, fact)
        if fact.id in known and fact.id not in walk.skipped and not given:
            found[fact.id] = None
    return list(found)


def _is_untold(work: Work, fact: Fact) -> bool:
    """Whether the records leave the fact open, without a least and a most: no wage is recorded."""
    derived = work.situation.derived.get(fact.id)
    return derived is not None and derived.value is ABSENT and derived.between is None


def _answered(work: Work, fact: Fact) -> bool:
    """Whether the answer is there that a question is asked after."""
    return fact.asked_after in work.situation.values or bool(
        work.answers.values.get(fact.asked_after, "").strip()
    )


def _place(work: Work, ident: str, gain: Decimal) -> tuple[bool, Decimal]:
    """A question about the answer before comes at once; then the most telling for its effort."""
    fact = work.rules.vocabulary[ident]
    return not fact.asked_after, -gain / answer_effort(fact)


def asks_for_records(work: Work, walk: Walk) -> bool:
    """Whether insurance is asked for employer by employer: unless the visitor wants to give totals,
    or has given some."""
    vocabulary, answers = work.rules.vocabulary, work.answers
    if walk.totals or answers.by_spells or "contributions" not in vocabulary:
        return False
    return not any(answers.values.get(ident, "").strip() for ident in facts_of_records(work))


def facts_of_records(work: Work) -> tuple[str, ...]:
    """The questions that records of contributions answer."""
    vocabulary = work.rules.vocabulary
    return tuple(i for i in list_asked_facts(work.rules) if is_from_spells(vocabulary[i]))


def _grouped(work: Work, walk: Walk, idents: list[str]) -> list[Step]:
    of_records = facts_of_records(work) if asks_for_records(work, walk) else ()
    members: dict[str, list[str]] = {}
    for ident in idents:
        if find_negative_answer(work.rules, ident) and ident not in _faulty(work):
            members.setdefault(work.rules.vocabulary[ident].section, []).append(ident)
    steps, taken = list[Step](), set[str]()
    for ident in idents:
        if ident in taken:
            continue
        if ident in of_records:
            steps.append(Step(SPELLS, tuple(i for i in of_records if i in idents)))
            taken.update(of_records)
            continue
        section = work.rules.vocabulary[ident].section
        together = members.get(section, []) if ident in members.get(section, ()) else []
        least = ADVERSE_LEAST if _adverse(work, ident) else TOGETHER_LEAST
        if len(together) >= least:
            in_order = [one for one in list_asked_facts(work.rules) if one in together]
            steps.append(Step(f"{GROUP}{section}", tuple(in_order)))
            taken.update(together)
        else:
            steps.append(Step(ident, (ident,)))
    return steps


def _rank(work: Work, step: Step) -> int:
    """What everybody can answer comes first; then circumstances to tick; then what must be looked
    up month by month; adverse records last."""
    if any(_adverse(work, ident) for ident in step.facts):
        return 3
    if step.is_group:
        return 1
    return 2 if answer_effort(work.rules.vocabulary[step.facts[0]]) >= LOOK_UP_EFFORT else 0


def _adverse(work: Work, ident: str) -> bool:
    return work.rules.vocabulary[ident].presumed is not None


def _faulty(work: Work) -> set[str]:
    return {fault.fact for fault in work.faults}


def members_of(work: Work, section: str) -> tuple[str, ...]:
    """The circumstances of a section, in the order of the form."""
    return tuple(
        ident
        for ident in list_asked_facts(work.rules)
        if work.rules.vocabulary[ident].section == section
        and find_negative_answer(work.rules, ident)
    )
