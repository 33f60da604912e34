"""One self-assessment: answers of a form → situation, faults, score, the questions that matter.

Nothing of it is stored.
"""

from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any

from jifen.facts.fault import FactFault
from jifen.facts.form import is_from_spells, list_asked_facts
from jifen.facts.situation import Situation, examine_facts
from jifen.office.web.public.answers import Answers, with_default
from jifen.policy.certainty import format_marked_clause
from jifen.policy.condition import list_condition_facts
from jifen.policy.model import Indicator, Requirement, Rules, WayIn, list_facts_used
from jifen.policy.policy import Policy
from jifen.policy.text import Lang
from jifen.policy.vocabulary import Fact
from jifen.scoring import Assessment, score_situation


@dataclass(frozen=True, slots=True)
class Work:
    """A form worked out on a day."""

    policy: Policy
    rules: Rules
    on: date
    answers: Answers
    situation: Situation
    faults: tuple[FactFault, ...]
    assessment: Assessment
    visible: tuple[str, ...]

    def given(self) -> dict[str, Any]:
        """The facts as the engine read them."""
        return _given(self.rules, self.on, self.answers)

    @property
    def changed(self) -> list[str]:
        """The questions that the visitor's page must show or hide now."""
        shown, visible = self.answers.shown, frozenset(self.visible)
        return [
            ident
            for ident in list_asked_facts(self.rules)
            if (ident in shown) != (ident in visible)
        ]

    def faults_of(self, ident: str) -> list[FactFault]:
        """The faults that belong beside one question, and the totals that contradict its answer."""
        named = [one for one in self.situation.contradictions if ident in (one.fact, one.beside)]
        return [*(fault for fault in self.faults if fault.fact == ident), *named]

    @property
    def loose_faults(self) -> list[FactFault]:
        """The faults that have no field on the page."""
        placed = {*self.visible, "contributions"} if self.answers.by_spells else set(self.visible)
        return [fault for fault in self.faults if fault.fact not in placed]


def work_out(policy: Policy, on: date, answers: Answers, *, presets: bool = True) -> Work:
    """Score the answers. A question that comes to matter brings its preselected answer along;
    without `presets` it is left open until it is answered."""
    if answers.readings:
        answers.readings = keep_known_choices(policy, answers.readings)
    rules = policy.rules_on(on, answers.readings)
    made = _once(policy, rules, on, answers)
    if not presets:
        return made
    for ident in made.changed:
        fact = rules.vocabulary[ident]
        if fact.form_default and ident in made.visible and not answers.values.get(ident):
            answers = with_default(answers, ident, fact.form_default)
    return made if answers is made.answers else _once(policy, rules, on, answers)


def keep_known_choices(policy: Policy, chosen: dict[str, str]) -> dict[str, str]:
    """The readings, and the purpose, that the policy knows."""
    known = policy.choices
    return {ident: option for ident, option in chosen.items() if option in known.get(ident, ())}


def _once(policy: Policy, rules: Rules, on: date, answers: Answers) -> Work:
    situation, faults = examine_facts(rules, _given(rules, on, answers), on)
    assessment = score_situation(rules, situation)
    visible = _visible(rules, answers, assessment)
    return Work(policy, rules, on, answers, situation, tuple(faults), assessment, visible)


def _given(rules: Rules, on: date, answers: Answers) -> dict[str, Any]:
    return answers.given(rules.vocabulary, rules=rules, on=on)


def _visible(rules: Rules, answers: Answers, assessment: Assessment) -> tuple[str, ...]:
    missing = frozenset(assessment.missing)
    vocabulary, shown = rules.vocabulary, []
    for ident in list_asked_facts(rules):
        fact = vocabulary[ident]
        if _is_answered(answers, fact):
            shown.append(ident)
        elif answers.by_spells and is_from_spells(fact):
            continue
        elif not fact.asked_after or (ident in missing and _reached(answers, rules, fact)):
            shown.append(ident)
    return tuple(shown)


def _is_answered(answers: Answers, fact: Fact) -> bool:
    return bool(answers.values.get(fact.id, "").strip())


def _reached(answers: Answers, rules: Rules, fact: Fact) -> bool:
    before = rules.vocabulary[fact.asked_after]
    return _is_answered(answers, before) or before.id not in list_asked_facts(rules)


def place_of(work: Work, ident: str) -> str:
    """The id of the element in which a fact is answered: its question, the one that it is asked
    after while it is hidden, or the spells that give it."""
    vocabulary = work.rules.vocabulary
    seen: set[str] = set()
    while ident in vocabulary and ident not in seen:
        seen.add(ident)
        fact = vocabulary[ident]
        if ident in work.visible:
            return f"q-{ident}"
        if work.answers.by_spells and is_from_spells(fact):
            return "spells"
        ident = fact.asked_after
    return "facts"


@lru_cache(maxsize=512)
def clauses(rules: Rules, ident: str, lang: Lang) -> tuple[str, ...]:
    """Why a question is asked: the indicators and conditions that use its answer, with clauses."""
    asked_for = rules.vocabulary.find_asked_fact
    users: list[tuple[Indicator | Requirement | WayIn, tuple[str, ...]]] = [
        *((indicator, list_facts_used(indicator)) for indicator in rules.indicators),
        *((test, list_condition_facts(test.when)) for test in rules.entry_tests),
    ]
    found = [
        (user.label(lang), format_marked_clause(user.basis, lang) if user.basis.clause else "")
        for user, facts in users
        if ident in map(asked_for, facts)
    ]
    joint = ", " if lang == "en" else "，"
    return tuple(f"{label}{joint}{clause}" if clause else label for label, clause in found)
