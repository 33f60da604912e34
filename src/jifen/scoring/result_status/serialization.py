"""A result and its status as JSON."""

from typing import Any

from jifen.policy.text import Lang
from jifen.scoring.json_values import to_json_number, to_json_value
from jifen.scoring.result import Assessment
from jifen.scoring.result_status.derivation import derive_status
from jifen.scoring.result_status.model import Range, ResultStatus
from jifen.scoring.result_status.status_texts import describe_status


def result_to_dict(assessment: Assessment, lang: Lang = "zh") -> dict[str, Any]:
    """The JSON result of schema jifen.assessment.v1 with two more keys.

    `presumed`: the points if nothing adverse is on record, and the facts that were presumed with
    their values. `standing`: the status of the result. `bounds` and `total` are unchanged.
    """
    status = derive_status(assessment)
    vocabulary = assessment.rules.vocabulary
    facts = {
        fact_id: to_json_value(presumed.value)
        for fact_id in status.presumed
        if (presumed := vocabulary[fact_id].presumed)
    }
    return assessment.to_dict(lang) | {
        "presumed": {"bounds": _range_to_list(status.range), "facts": facts},
        "standing": status_to_dict(status, lang),
    }


def status_to_dict(status: ResultStatus, lang: Lang) -> dict[str, Any]:
    """A status as JSON: the same keys for every state, null where no value may be shown."""
    words = describe_status(status)
    return {
        "state": status.state,
        "presumed_state": status.presumed_state,
        "number": _to_json_points(status.number),
        "over": _to_json_points(status.over),
        "lacking": _to_json_points(status.lacking),
        "decides": [
            {"kind": decider.kind, "id": decider.id, "label": decider.label(lang)}
            for decider in status.deciders
        ],
        "words": {name: text(lang) for name, text in words._asdict().items()},
    }


def _to_json_points(points: Any) -> int | float | None:
    return None if points is None else to_json_number(points)


def _range_to_list(ends: Range) -> list[int | float]:
    return [to_json_number(end) for end in ends]
