"""By what a run orders people: the total and tie keys, or scores of groups in place of the total.

`Run.ties` names the keys of its places in their order. Of a measure that does not rank by the total
the first are scores: `score:base` is what the group `base` gave, `score:none` stands where no score
counts at all. The total then decides only who is ranked.
"""

from collections.abc import Sequence
from decimal import Decimal

from jifen.office.lists.words import say
from jifen.policy.model import DecisionRule, Rules
from jifen.policy.text import Text
from jifen.scoring.ranking import Entrant

_SCORE, _NONE = "score:", "none"
RankKey = tuple[Decimal, ...]


def name_ranking_keys(decision: DecisionRule) -> list[str]:
    """The names of the keys of a run under a measure."""
    ties = [tie.fact for tie in decision.ties]
    if decision.ranks_by_total:
        return ties
    return [_SCORE + score_id for score_id in decision.ranked_by or (_NONE,)] + ties


def ranks_by_total(names: Sequence[str]) -> bool:
    """Whether the total comes before the keys."""
    return not any(name.startswith(_SCORE) for name in names)


def list_score_keys(names: Sequence[str]) -> list[str]:
    """The keys that are scores; none where no score counts."""
    return [name for name in names if name.startswith(_SCORE) and name != _SCORE + _NONE]


def label_ranking_key(name: str, rules: Rules) -> Text:
    """A key as the heading of a column: the label of the group, of the tie, or the name itself."""
    labels = {tie.fact: tie.label for tie in rules.decision.ties}
    labels |= {_SCORE + group.id: group.label for group in rules.groups}
    labels |= {
        _SCORE + "total": say("ranking_keys.total"),
        _SCORE + _NONE: say("ranking_keys.no_score"),
    }
    return labels.get(name, Text(name, name))


def flatten_keys(entrant: Entrant) -> Entrant:
    """The same person with all keys in one row, as a run stores them."""
    if entrant.scores is None:
        return entrant
    scores = entrant.scores or (Decimal(0),)
    return Entrant(entrant.name, entrant.total, (*scores, *entrant.tie_break_keys), ())


def make_rank_key(entrant: Entrant) -> RankKey:
    """What is compared: the score, then the keys; more is better."""
    first = (entrant.total,) if entrant.scores is None else entrant.scores
    return (*first, *entrant.tie_break_keys)
