"""Derives the status of a result from an assessment."""

from collections.abc import Iterable, Iterator
from decimal import Decimal

from jifen.policy.condition import list_condition_facts
from jifen.policy.mechanisms.veto import Veto
from jifen.policy.text import Text
from jifen.scoring.result import Assessment
from jifen.scoring.result_status.model import Decider, Range, ResultStatus, State
from jifen.scoring.result_status.presumption import presume_clean_record


def derive_status(assessment: Assessment) -> ResultStatus:
    """The status of an assessment."""
    presumed = presume_clean_record(assessment)
    state, line = derive_state(assessment), assessment.threshold
    answered = bool(assessment.situation.values or assessment.situation.ranges)
    low = presumed.bounds[0]
    return ResultStatus(
        state=state,
        presumed_state=derive_state(presumed),
        ranked=assessment.rules.decision.mode == "rank",
        threshold=line,
        number=choose_headline_number(state, answered, presumed.answered, presumed.bounds),
        range=presumed.bounds,
        bounds=assessment.bounds,
        answered=answered,
        deciders=tuple(_list_deciders(assessment, presumed, state)),
        presumed=_list_presumed_facts(assessment),
        points_sure=line is None or low >= line,
        ways=tuple(way.label for way in assessment.open_ways),
        narrowest=assessment.exact,
    )


def derive_state(assessment: Assessment) -> State:
    """The state that holds for every value of the missing facts."""
    if assessment.vetoed:
        return "vetoed"
    if assessment.eligible is False and assessment.reached is False:
        return "refused"
    if assessment.reached is None:
        return "open"
    return "reached" if assessment.reached else "below"


def choose_headline_number(
    state: State, answered: bool, settled: Decimal, within: Range
) -> Decimal | None:
    """The points that may stand alone: what the answers so far give, moved into the range.

    None where a veto or a condition makes points meaningless, or nothing is answered yet.
    """
    if state in ("vetoed", "refused") or not answered:
        return None
    low, high = within
    return min(max(settled, low), high)


def _list_presumed_facts(assessment: Assessment) -> tuple[str, ...]:
    vocabulary = assessment.rules.vocabulary
    return tuple(fact_id for fact_id in assessment.missing if vocabulary[fact_id].presumed)


def _list_deciders(assessment: Assessment, presumed: Assessment, state: State) -> Iterator[Decider]:
    if state == "vetoed":
        yield from (
            Decider("veto", indicator.id, indicator.label)
            for indicator, met in assessment.vetoes
            if met
        )
    elif state == "refused":
        for requirement, met in assessment.conditions:
            if met is False:
                yield Decider("condition", requirement.id, requirement.label, requirement.remedy)
    elif state == "open":
        yield from _fact_deciders(assessment, _find_open_facts(assessment, presumed))
    else:
        for line in assessment.lines:
            gives = line.scaled_low or line.scaled_high
            if line.counted and gives and not line.indicator.is_veto:
                yield Decider("indicator", line.indicator.id, line.indicator.label)


def _find_open_facts(assessment: Assessment, presumed: Assessment) -> tuple[str, ...]:
    """The missing facts that decide. Presumed ones are asked last, and facts that only change
    points are left out once the points suffice."""
    if presumed.reached is not None:
        return assessment.missing
    line = presumed.threshold
    if line is not None and presumed.bounds[0] < line:
        return presumed.missing
    tests = [c.requirement.when for c in presumed.conditions if c.met is None]
    vetoes = (indicator.mechanism for indicator, met in presumed.vetoes if met is None)
    tests += [mechanism.when for mechanism in vetoes if isinstance(mechanism, Veto)]
    tests += [result.way.when for result in presumed.ways if result.met is None]
    asked = assessment.rules.vocabulary.find_asked_fact
    wanted = {asked(fact) for test in tests for fact in list_condition_facts(test)}
    return tuple(fact_id for fact_id in presumed.missing if fact_id in wanted) or presumed.missing


def _fact_deciders(assessment: Assessment, fact_ids: Iterable[str]) -> Iterator[Decider]:
    vocabulary = assessment.rules.vocabulary
    for fact_id in fact_ids:
        fact = vocabulary[fact_id]
        yield Decider("fact", fact_id, fact.label, _question_or_label(fact.question, fact.label))


def _question_or_label(question: Text, label: Text) -> Text:
    return question if question.zh else label
