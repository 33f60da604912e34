"""The questions of a form as the templates show them."""

from dataclasses import dataclass

from jifen.facts.contributions import STATUS_LABELS
from jifen.facts.form import (
    NONE,
    NOT_APPLICABLE,
    find_negative_answer,
    is_from_spells,
    list_asked_facts,
)
from jifen.office.web.public.answers import SOME
from jifen.office.web.public.self_assessment import Work, clauses
from jifen.office.web.public.wages import Wage, wages_for
from jifen.policy.quantity import UNITS
from jifen.policy.text import Lang, Text
from jifen.policy.vocabulary import Fact

RADIOS_MOST = 6
_UNKNOWN = Text("还不知道", "I don't know yet")
_NOT_APPLICABLE = Text("不适用", "Does not apply")
_YES, _NO = Text("是", "Yes"), Text("否", "No")
_HAS, _HAS_NOT = Text("有", "Yes"), Text("没有", "None")


@dataclass(frozen=True, slots=True)
class Answer:
    """One answer to choose."""

    value: str
    label: str


@dataclass(frozen=True, slots=True)
class Question:
    """One question, ready to be shown."""

    id: str
    kind: str
    text: str
    help: str
    why: tuple[str, ...]
    value: str
    answers: tuple[Answer, ...]
    unit: str
    may_not_apply: bool
    rows: tuple[str, ...]
    errors: tuple[str, ...]
    visible: bool
    months: bool
    wages: tuple[Wage, ...] = ()


@dataclass(frozen=True, slots=True)
class Part:
    """A section of the form."""

    id: str
    label: str
    questions: tuple[Question, ...]
    takes_spells: bool
    offers_none: bool


def parts(work: Work, lang: Lang) -> list[Part]:
    """The form by sections; hidden questions are in it, as places where they will appear."""
    rules, made = work.rules, []
    facts = [rules.vocabulary[ident] for ident in list_asked_facts(rules)]
    named = [section.id for section in rules.vocabulary.sections]
    for section in rules.vocabulary.sections:
        # A fact without a section is asked at the end rather than not at all.
        last = section.id == named[-1]
        own = [f for f in facts if f.section == section.id or (last and not f.section)]
        if not own:
            continue
        made.append(
            Part(
                section.id,
                section.label(lang),
                tuple(question(work, fact.id, lang) for fact in own),
                section.id == spells_section(work),
                sum(bool(find_negative_answer(rules, fact.id)) for fact in own) > 1,
            )
        )
    return made


def spells_section(work: Work) -> str:
    """The section in which insurance is entered; empty where the rules use none of it."""
    vocabulary = work.rules.vocabulary
    if "contributions" not in vocabulary:
        return ""
    facts = (vocabulary[ident] for ident in list_asked_facts(work.rules))
    return next((fact.section for fact in facts if is_from_spells(fact)), "")


def question(work: Work, ident: str, lang: Lang) -> Question:
    """One question in a language."""
    fact, answers = work.rules.vocabulary[ident], work.answers
    value = answers.values.get(ident, "")
    rows = tuple(answers.rows.get(ident, ()))
    options = _answers(fact, value, lang)
    return Question(
        id=ident,
        kind=_kind(fact, options),
        text=(fact.question if fact.question(lang) else fact.label)(lang),
        help=fact.help(lang),
        why=clauses(work.rules, ident, lang),
        value=value,
        answers=options,
        unit=_unit(fact, lang),
        may_not_apply=_may_not_apply(fact) or value == NOT_APPLICABLE,
        rows=rows or ("",),
        errors=tuple(fault.to_sentence(lang) for fault in work.faults_of(ident)),
        visible=ident in work.visible,
        months=fact.type == "months",
        wages=wages_for(work.rules, fact, work.on),
    )


def _kind(fact: Fact, options: tuple[Answer, ...]) -> str:
    if fact.type == "dates":
        return "dates"
    if options:
        return "radios" if len(options) <= RADIOS_MOST + 1 else "select"
    return "date" if fact.type == "date" else "number"


def _unit(fact: Fact, lang: Lang) -> str:
    chinese, _, english = UNITS.get(fact.unit, ("", "", ""))
    return english if lang == "en" else chinese


def _may_not_apply(fact: Fact) -> bool:
    return not fact.always_applies and fact.type != "bool" and "none" not in fact.ids


def _answers(fact: Fact, value: str, lang: Lang) -> tuple[Answer, ...]:
    """The answers to choose among, 'I don't know yet' first; what was posted wrong stays last."""
    made = [Answer("", _UNKNOWN(lang))]
    if fact.type == "bool":
        made += [Answer("true", _YES(lang)), Answer("false", _NO(lang))]
    elif fact.type == "dates":
        made += [Answer(NONE, _HAS_NOT(lang)), Answer(SOME, _HAS(lang))]
    elif fact.type == "choice":
        made += [Answer(option.id, option.label(lang)) for option in fact.options]
        if _may_not_apply(fact):
            made.append(Answer(NOT_APPLICABLE, _NOT_APPLICABLE(lang)))
    else:
        return ()
    if value not in {answer.value for answer in made}:
        made.append(Answer(value, _NOT_APPLICABLE(lang) if value == NOT_APPLICABLE else value[:60]))
    return tuple(made)


def statuses(lang: Lang) -> list[Answer]:
    """The statuses of a contribution spell."""
    return [Answer(ident, words(lang)) for ident, words in STATUS_LABELS.items()]


def schemes(lang: Lang) -> list[Answer]:
    """The schemes that a spell may cover."""
    return [
        Answer("pension+medical", Text("养老和医疗", "pension and medical")(lang)),
        Answer("pension", Text("仅养老", "pension only")(lang)),
        Answer("medical", Text("仅医疗", "medical only")(lang)),
    ]
