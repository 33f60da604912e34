"""Facts and a policy → points: one person with every reason, or the order of a ranking."""

from jifen.scoring.assess import assess, score
from jifen.scoring.result import Assessment, ConditionResult, LineResult

__all__ = ["Assessment", "ConditionResult", "LineResult", "assess", "score"]
