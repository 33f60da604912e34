"""What is known of a person: values and records → facts, with how each came about."""

from jifen.facts.fault import FactFault, FactsError
from jifen.facts.measures import ABSENT, Derived
from jifen.facts.situation import Situation, examine, understand

__all__ = ["ABSENT", "Derived", "FactFault", "FactsError", "Situation", "examine", "understand"]
