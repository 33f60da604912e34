"""The columns of a batch, made from the rules."""

from dataclasses import dataclass

from jifen.facts.form import list_asked_facts
from jifen.policy.model import Rules
from jifen.policy.text import Text
from jifen.policy.vocabulary import Fact

YES, NO = Text("是", "yes"), Text("否", "no")
NOT_APPLICABLE = Text("不适用", "does not apply")
NO_DATES = Text("无", "none")
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
    BatchColumn("_name", Text("姓名", "Name")),
    BatchColumn("_identity", Text("公民身份号码", "Identity number")),
    BatchColumn("_phone", Text("手机", "Phone")),
)


def list_columns(rules: Rules) -> tuple[BatchColumn, ...]:
    """Who, and every plain fact that the form asks for."""
    facts = (rules.vocabulary[fact_id] for fact_id in list_asked_facts(rules))
    return (
        *PERSON,
        *(BatchColumn(fact.id, fact.label, fact) for fact in facts if not fact.is_record),
    )
