"""Facts and a policy → points: one person with every reason, a population, or a ranking."""

from typing import TYPE_CHECKING, Any

from jifen.scoring.evaluator import assess, score_situation
from jifen.scoring.result import Assessment, ConditionResult, LineResult

if TYPE_CHECKING:
    from jifen.scoring.population.scorer import score_population

__all__ = [
    "Assessment",
    "ConditionResult",
    "LineResult",
    "assess",
    "score_population",
    "score_situation",
]


def __getattr__(name: str) -> Any:
    """A population needs NumPy and Arrow: they are loaded for whoever asks, not for one person."""
    if name == "score_population":
        from jifen.scoring.population.scorer import score_population  # noqa: PLC0415

        return score_population
    raise AttributeError(name)
