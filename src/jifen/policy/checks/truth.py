"""What a condition can be over everything that its facts can be."""

from functools import lru_cache

from jifen.policy.checks.evaluate import countable, people
from jifen.policy.condition import Condition
from jifen.policy.stretches import condition_representatives
from jifen.policy.vocabulary import Vocabulary


@lru_cache(maxsize=2048)
def outcomes(condition: Condition, vocabulary: Vocabulary) -> frozenset[bool]:
    """{True}, {False} or both; both also where there are too many combinations to look at."""
    values = {
        ident: known if vocabulary[ident].always_applies else tuple({*known, None})
        for ident, known in condition_representatives(condition, vocabulary).items()
    }
    if not countable(values):
        return frozenset({True, False})
    holds = condition.test()
    return frozenset(holds(person) for person in people(values))
