"""Answers that follow from others, so that nobody is asked for them: a number that cannot be above
another one is nothing where that one is."""

from jifen.facts.form import list_asked_facts
from jifen.office.web.public.answers import Answers
from jifen.policy.model import Rules

_NOTHING = "0"


def fill_implied(answers: Answers, rules: Rules) -> set[str]:
    """Put in the zeros that the relations of the city's totals imply; returns which they are."""
    zeros = {ident for ident, text in answers.values.items() if text.strip() == _NOTHING}
    known = frozenset(list_asked_facts(rules))
    found = {
        relation.fact
        for relation in rules.vocabulary.relations
        if relation.other in zeros and not relation.plus
        if relation.fact in known and not answers.values.get(relation.fact, "").strip()
    }
    answers.values.update(dict.fromkeys(found, _NOTHING))
    return found


def take_out_implied(answers: Answers, implied: set[str]) -> None:
    """The answers as the visitor gave them: what they imply is filled in anew after each change."""
    for ident in implied:
        if answers.values.get(ident) == _NOTHING:
            del answers.values[ident]
