"""People of every standing: worked cases with a few facts changed and a few not known."""

from datetime import date
from typing import Any

from hypothesis import strategies as st

from jifen.cities import in_force
from jifen.cities.worked_cases import load_cases
from jifen.facts.situation import examine_facts
from jifen.policy.policy import Policy
from jifen.scoring import Assessment, score_situation
from tests.people.strategies import asked_facts, possible_values

ON = date(2025, 6, 1)
CITIES = ("shanghai", "chengdu")


def policy_in_force(city: str) -> Policy:
    """The measure of a city that is in force on the day of these people."""
    policy = in_force(city, ON)
    assert policy is not None
    return policy


@st.composite
def cases_near_threshold(draw: st.DrawFn, city: str) -> dict[str, Any]:
    """The facts of a worked case, some of them changed or hidden; often about the line."""
    policy = policy_in_force(city)
    rules = policy.rules_on(ON)
    case = draw(st.sampled_from([c for c in load_cases(city, policy.version) if not c.readings]))
    known = {ident: value for ident, value in case.facts.items() if ident in rules.vocabulary}
    changed = draw(st.lists(st.sampled_from(asked_facts(rules)), max_size=3, unique=True))
    known |= {ident: draw(possible_values(rules, rules.vocabulary[ident], ON)) for ident in changed}
    if not known:
        return known
    hidden = draw(st.sets(st.sampled_from(sorted(known)), max_size=4))
    return {ident: value for ident, value in known.items() if ident not in hidden}


def assess_sound_facts(city: str, facts: dict[str, Any]) -> Assessment:
    """The assessment of what is sound among some facts, as a form makes it."""
    rules = policy_in_force(city).rules_on(ON)
    return score_situation(rules, examine_facts(rules, facts, ON)[0])


COMPLETE_FACTS: dict[str, dict[str, Any]] = {
    "shanghai": next(c.facts for c in load_cases("shanghai", "2018") if c.id == "E1")
    | {"award": "provincial", "insured_months": 60},
    "chengdu": next(c.facts for c in load_cases("chengdu", "2024") if c.expect.get("reached")),
}
"""For each city somebody of whom everything is known and who is over the line."""
