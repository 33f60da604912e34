"""What a condition can be over everything that its facts can be."""

from functools import lru_cache

from jifen.policy.break_points import list_condition_representatives
from jifen.policy.checks.evaluation import combine_values, is_countable
from jifen.policy.condition import Condition
from jifen.policy.vocabulary import Vocabulary


@lru_cache(maxsize=2048)
def find_outcomes(condition: Condition, vocabulary: Vocabulary) -> frozenset[bool]:
    """{True}, {False} or both; both also where there are too many combinations to look at."""
    values = {
        fact_id: known if vocabulary[fact_id].always_applies else tuple({*known, None})
        for fact_id, known in list_condition_representatives(condition, vocabulary).items()
    }
    if not is_countable(values):
        return frozenset({True, False})
    holds = condition.compile_test()
    return frozenset(holds(person) for person in combine_values(values))
