"""A result as JSON, with what it amounts to."""

from typing import Any

from jifen.policy.text import Lang
from jifen.scoring.result import Assessment, to_json_number, to_json_value
from jifen.scoring.result_status.derivation import derive_status
from jifen.scoring.result_status.model import Range, ResultStatus
from jifen.scoring.result_status.status_texts import describe_status


def result_to_dict(assessment: Assessment, lang: Lang = "zh") -> dict[str, Any]:
    """The JSON result of schema jifen.assessment.v1 with two more keys.

    `presumed`: the points if nothing adverse is on record, and the facts that were presumed with
    their values. `standing`: what the result amounts to. `bounds` and `total` are as ever.
    """
    standing = derive_status(assessment)
    vocabulary = assessment.rules.vocabulary
    facts = {
        ident: to_json_value(presumed.value)
        for ident in standing.presumed
        if (presumed := vocabulary[ident].presumed)
    }
    return assessment.to_dict(lang) | {
        "presumed": {"bounds": _range_to_list(standing.range), "facts": facts},
        "standing": status_to_dict(standing, lang),
    }


def status_to_dict(standing: ResultStatus, lang: Lang) -> dict[str, Any]:
    """A standing as JSON: the same keys for every state, null where nothing may be said."""
    words = describe_status(standing)
    return {
        "state": standing.state,
        "presumed_state": standing.presumed_state,
        "number": _to_json_points(standing.number),
        "over": _to_json_points(standing.over),
        "lacking": _to_json_points(standing.lacking),
        "decides": [
            {"kind": decider.kind, "id": decider.id, "label": decider.label(lang)}
            for decider in standing.deciders
        ],
        "words": {name: text(lang) for name, text in words._asdict().items()},
    }


def _to_json_points(points: Any) -> int | float | None:
    return None if points is None else to_json_number(points)


def _range_to_list(ends: Range) -> list[int | float]:
    return [to_json_number(end) for end in ends]
