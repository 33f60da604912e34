"""Between the form and the stored items of a case: nothing that was typed is lost."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from jifen.facts.spelling import try_read_day
from jifen.office.casework.actions.drafts import FieldInput
from jifen.office.casework.models import Item
from jifen.office.web.public.answers import Answers
from jifen.policy.model import Rules
from jifen.policy.vocabulary import Vocabulary

SPELLS = "contributions"


def answers_of(items: Iterable[Item], vocabulary: Vocabulary) -> Answers:
    """The form as it was left."""
    answers = Answers()
    for item in items:
        stored = item.typed if isinstance(item.typed, dict) else {}
        if item.fact == SPELLS and "spells" in stored:
            answers.by_spells = bool(stored.get("by_spells"))
            answers.spells = list(stored["spells"])
        elif item.fact in vocabulary and "text" in stored:
            answers.values[item.fact] = str(stored["text"])
            answers.rows[item.fact] = list(stored.get("rows", ()))
    return answers


def fields_of(answers: Answers, rules: Rules, on: date) -> dict[str, FieldInput]:
    """The posted fields as they are kept; blank ones are None, which is what nothing was before."""
    vocabulary = rules.vocabulary
    given = answers.given(vocabulary, half_rows=True, rules=rules, on=on)
    fields = {}
    for ident, text in answers.values.items():
        rows = [row for row in answers.rows.get(ident, ()) if row.strip()]
        typed: Any = {"text": text} | ({"rows": rows} if rows else {})
        value = [given[ident]] if ident in given else []
        fields[ident] = FieldInput(typed if text.strip() else None, value)
    if SPELLS in vocabulary and (answers.spells or answers.by_spells):
        typed = {"by_spells": answers.by_spells, "spells": answers.spells}
        fields[SPELLS] = FieldInput(typed, [given[SPELLS]] if SPELLS in given else [])
    return fields


def unread_births(family: list[dict[str, str]]) -> set[int]:
    """Which members of a family have a date of birth that cannot be read; none typed is none
    wrong."""
    born = [member.get("born", "") for member in family]
    return {n for n, typed in enumerate(born) if typed and try_read_day(typed) is None}
