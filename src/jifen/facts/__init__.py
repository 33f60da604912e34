"""What is known of a person: values and records → facts, with how each came about."""

from jifen.facts.fault import FactFault, FactsError
from jifen.facts.measures import ABSENT, DerivedFact
from jifen.facts.situation import Situation, examine_facts, read_situation

__all__ = [
    "ABSENT",
    "DerivedFact",
    "FactFault",
    "FactsError",
    "Situation",
    "examine_facts",
    "read_situation",
]
