"""Which facts a person is asked for, and the answer that means 'none of it'."""

from functools import lru_cache

from jifen.policy.condition import list_condition_facts
from jifen.policy.model import Rules
from jifen.policy.vocabulary import Fact

NOT_APPLICABLE = "null"
NONE = "none"
"""How a form writes 'does not apply', and 'no dates'."""


def is_from_spells(fact: Fact) -> bool:
    """Whether contribution spells give the fact."""
    return fact.derive is not None and fact.derive.source == "contributions"


@lru_cache(maxsize=1024)
def find_negative_answer(rules: Rules, fact_id: str) -> str:
    """The answer by which 'none of these' answers a fact; empty where it leaves the fact open.

    No, no dates, none, or 'does not apply'. Left open is what a condition asks for, what records
    tell, and what is asked about another answer (how a degree was studied for).
    """
    fact = rules.vocabulary[fact_id]
    if fact.type == "bool":
        text = "false"
        value: object = False
    elif fact.asked_after or (fact.derive and fact.type != "dates"):
        return ""
    elif fact.type == "dates":
        return NONE
    elif "none" in fact.ids:
        text, value = "none", "none"
    elif fact.always_applies:
        return ""
    else:
        text, value = NOT_APPLICABLE, None
    fails = any(
        list_condition_facts(requirement.when) == (fact_id,)
        and not requirement.when.compile_test()({fact_id: value})
        for requirement in rules.requirements
    )
    return "" if fails else text


@lru_cache(maxsize=256)
def list_asked_facts(rules: Rules) -> tuple[str, ...]:
    """The facts that the form asks for, in its order.

    Those that the rules use, or what stands behind them: the birth date, not the age.
    """
    wanted = {rules.vocabulary.find_asked_fact(fact_id) for fact_id in rules.used}
    wanted |= {
        before
        for fact_id in wanted
        if (before := rules.vocabulary[fact_id].asked_after) and before in rules.vocabulary
    }
    return tuple(fact_id for fact_id in rules.vocabulary.ids if fact_id in wanted)
