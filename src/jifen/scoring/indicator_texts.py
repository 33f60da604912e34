"""Texts of an indicator that are the same for everybody, and the reasons already composed."""

from functools import lru_cache
from typing import Any

from jifen.policy.model import Indicator, Rules, list_facts_used
from jifen.policy.text import Lang
from jifen.scoring.clause_words import format_clause
from jifen.scoring.settled_tally import take_items


class IndicatorTexts:
    """The texts of one indicator in one language."""

    def __init__(self, indicator: Indicator, lang: Lang) -> None:
        self.settled_line: dict[str, Any] = {
            "id": indicator.id,
            "label": indicator.label(lang),
            "points": 0,
            "bounds": [],
            "counted": True,
            "group": indicator.group,
            "facts": {},
            "rule": "",
            "clause": format_clause(indicator.basis, lang),
            "confidence": indicator.basis.confidence,
        }
        """The line of a result whose points are known, to be copied and filled in."""
        facts = list_facts_used(indicator)
        self.only_fact = facts[0] if len(facts) == 1 else None
        self.read_facts = take_items(facts)
        """The values of its facts. Raises KeyError where one is absent."""
        self.reasons: dict[tuple[Any, ...], str] = {}
        """Reasons by the values of the facts."""


@lru_cache(maxsize=512)
def build_condition_texts(rules: Rules, lang: Lang) -> tuple[dict[str, Any], ...]:
    """The conditions of a result, to be copied and filled in."""
    return tuple(
        {
            "id": requirement.id,
            "met": None,
            "clause": format_clause(requirement.basis, lang),
            "label": requirement.label(lang),
        }
        for requirement in rules.requirements
    )


@lru_cache(maxsize=512)
def build_indicator_texts(rules: Rules, lang: Lang) -> tuple[IndicatorTexts, ...]:
    """The texts of every indicator of some rules."""
    return tuple(IndicatorTexts(indicator, lang) for indicator in rules.indicators)
