"""The policy language: a document → a checked, immutable Policy → the Rules of a day."""

from jifen.policy.fault import DocumentError, Fault, Place, PolicyError
from jifen.policy.model import Indicator, Rules
from jifen.policy.policy import Overlay, Policy, Reading, Switch
from jifen.policy.text import Lang, Text

__all__ = [
    "DocumentError",
    "Fault",
    "Indicator",
    "Lang",
    "Overlay",
    "Place",
    "Policy",
    "PolicyError",
    "Reading",
    "Rules",
    "Switch",
    "Text",
]
