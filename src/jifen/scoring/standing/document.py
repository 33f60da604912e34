"""A result as JSON, with what it amounts to."""

from typing import Any

from jifen.policy.text import Lang
from jifen.scoring.result import Assessment, number, plain_value
from jifen.scoring.standing.derive import standing_of
from jifen.scoring.standing.model import Range, Standing
from jifen.scoring.standing.words import words_of


def result_document(assessment: Assessment, lang: Lang = "zh") -> dict[str, Any]:
    """The JSON result of schema jifen.assessment.v1 with two more keys.

    `presumed`: the points if nothing adverse is on record, and the facts that were presumed with
    their values. `standing`: what the result amounts to. `bounds` and `total` are as ever.
    """
    standing = standing_of(assessment)
    vocabulary = assessment.rules.vocabulary
    facts = {
        ident: plain_value(presumed.value)
        for ident in standing.presumed
        if (presumed := vocabulary[ident].presumed)
    }
    return assessment.to_dict(lang) | {
        "presumed": {"bounds": _ends(standing.range), "facts": facts},
        "standing": standing_document(standing, lang),
    }


def standing_document(standing: Standing, lang: Lang) -> dict[str, Any]:
    """A standing as JSON: the same keys for every state, null where nothing may be said."""
    words = words_of(standing)
    return {
        "state": standing.state,
        "presumed_state": standing.presumed_state,
        "number": _points(standing.number),
        "over": _points(standing.over),
        "lacking": _points(standing.lacking),
        "decides": [
            {"kind": decider.kind, "id": decider.id, "label": decider.label(lang)}
            for decider in standing.deciders
        ],
        "words": {name: text(lang) for name, text in words._asdict().items()},
    }


def _points(points: Any) -> int | float | None:
    return None if points is None else number(points)


def _ends(ends: Range) -> list[int | float]:
    return [number(end) for end in ends]
