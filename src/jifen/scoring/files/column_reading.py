"""How a file of people is understood: the facts of its cities, and what a mapping says."""

from collections.abc import Sequence

from jifen.facts.extracts.column_names import ASIDE, build_fact_names
from jifen.facts.extracts.mapping import ExtractMapping
from jifen.facts.extracts.table import TableReading
from jifen.policy.vocabulary import Vocabulary


def build_reading(
    vocabularies: Sequence[Vocabulary], mapping: ExtractMapping | None = None
) -> TableReading:
    """Columns are facts by id, `<city>.<id>`, label in either language, or as the mapping says."""
    fact_ids = {fact.id for vocabulary in vocabularies for fact in vocabulary}

    def is_fact(name: str) -> bool:
        plain = name.rpartition(".")[2]
        return plain in fact_ids or plain.removesuffix(ASIDE) in fact_ids

    days = {fact.id for v in vocabularies for fact in v if fact.type == "date"}
    names = build_fact_names(vocabularies, mapping.facts if mapping else None)
    return TableReading(names, mapping, frozenset(days), is_fact)
