"""The status of a stored result: a decision, or the self-assessment made at filing."""

from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any

from jifen.policy.text import Text
from jifen.scoring.result_status.derivation import choose_headline_number
from jifen.scoring.result_status.model import Decider, ResultStatus, State


def derive_stored_status(result: Mapping[str, Any], *, ranked: bool) -> ResultStatus:
    """The status of a result in the schema jifen.assessment.v1; `ranked`: by the measure's mode.

    A stored result holds no presumption, so its range is its bounds; its labels have one language.
    KeyError where the mapping is no such result.
    """
    low, high = (_to_decimal(end) for end in result["bounds"])
    line = None if result["threshold"] is None else _to_decimal(result["threshold"])
    state = _stored_state(result)
    return ResultStatus(
        state=state,
        presumed_state=state,
        ranked=ranked,
        threshold=line,
        number=choose_headline_number(state, True, low, (low, high)),
        range=(low, high),
        bounds=(low, high),
        answered=True,
        deciders=tuple(_stored_deciders(result, state)),
        presumed=(),
        points_sure=line is None or low >= line,
        ways=tuple(_same_in_both_languages(way) for way in result.get("ways", ()) if way["met"])
        if result["reached"]
        else (),
    )


def _stored_state(result: Mapping[str, Any]) -> State:
    if result["vetoed"]:
        return "vetoed"
    if result["eligible"] is False and not result["reached"]:
        return "refused"
    if result["reached"] is None:
        return "open"
    return "reached" if result["reached"] else "below"


def _stored_deciders(result: Mapping[str, Any], state: State) -> Iterator[Decider]:
    if state == "refused":
        for condition in result["conditions"]:
            if condition["met"] is False:
                yield Decider("condition", condition["id"], _same_in_both_languages(condition))
    elif state in ("reached", "below"):
        for line in result["lines"]:
            if line["counted"] and line["points"]:
                yield Decider("indicator", line["id"], _same_in_both_languages(line))


def _same_in_both_languages(row: Mapping[str, Any]) -> Text:
    return Text(row["label"], row["label"])


def _to_decimal(value: float) -> Decimal:
    return Decimal(str(value))
