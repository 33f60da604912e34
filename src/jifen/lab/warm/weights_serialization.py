"""The weights of a draft as plain values."""

from typing import Any

from jifen.lab.warm.weights import DraftWeights, IndicatorWeight
from jifen.policy.text import Text


def weights_to_dict(weights: DraftWeights) -> dict[str, Any]:
    """Everything, JSON-able; points in points."""
    close = weights.close
    return {
        "schema": "jifen.lab.weights.v1",
        "everybody": weights.everybody,
        "indicators": [
            {
                "indicator": one.id,
                "label": _both(one.label),
                "before": _weight(one.before),
                "after": _weight(one.after),
            }
            for one in weights.indicators
        ],
        "close": [
            {"distance": distance, "before": before, "after": after}
            for distance, before, after in zip(
                close.distances, close.before, close.after, strict=True
            )
        ],
        "readings": [
            {
                "switch": one.switch,
                "question": _both(one.switch_label),
                "reading": one.reading,
                "label": _both(one.label),
                "default": one.is_default,
                "before": one.before,
                "after": one.after,
            }
            for one in weights.readings
        ],
    }


def _weight(weight: IndicatorWeight | None) -> dict[str, Any] | None:
    if weight is None:
        return None
    return {"mean": round(weight.mean, 3), "people": weight.people, "needed": weight.needed}


def _both(text: Text) -> dict[str, str]:
    return {"zh": text.zh, "en": text.en}
