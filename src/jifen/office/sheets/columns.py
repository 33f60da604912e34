"""The columns of a batch, made from the rules."""

from dataclasses import dataclass

from jifen.facts.form import list_asked_facts
from jifen.office.sheets.words import say
from jifen.policy.model import Rules
from jifen.policy.text import Text
from jifen.policy.vocabulary import Fact

YES, NO = say("columns.yes"), say("columns.no")
NOT_APPLICABLE = say("columns.not_applicable")
NO_DATES = say("columns.no_dates")
MAX_ROWS = 5_000
MARK = "jifen-batch-1"
"""Stands in the first cell: by it a workbook is known, whatever its labels."""


@dataclass(frozen=True, slots=True)
class BatchColumn:
    """One column: `fact` None for what names the person."""

    id: str
    label: Text
    fact: Fact | None = None

    @property
    def answers(self) -> tuple[tuple[str, Text], ...]:
        """Ids and words of a choice, or of yes and no; empty for what is typed."""
        if self.fact is None:
            return ()
        if self.fact.type == "bool":
            return (("true", YES), ("false", NO))
        return tuple((option.id, option.label) for option in self.fact.options)


PERSON = (
    BatchColumn("_name", say("columns.name")),
    BatchColumn("_identity", say("columns.identity_number")),
    BatchColumn("_phone", say("columns.phone")),
)


def list_columns(rules: Rules) -> tuple[BatchColumn, ...]:
    """Who, and every plain fact that the form asks for."""
    facts = (rules.vocabulary[fact_id] for fact_id in list_asked_facts(rules))
    return (
        *PERSON,
        *(BatchColumn(fact.id, fact.label, fact) for fact in facts if not fact.is_record),
    )
