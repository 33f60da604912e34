"""JF-C103: a band, a step, an answer or a condition that can never decide anything."""

from collections.abc import Iterator
from typing import Any

from jifen.policy.checks.evaluate import applicable, axes, countable, people
from jifen.policy.checks.parts import conditions, scales
from jifen.policy.checks.scene import Rule, RulesCheck, Scene
from jifen.policy.checks.truth import outcomes
from jifen.policy.fault import Fault
from jifen.policy.mechanisms.choice import ChoicePoints
from jifen.policy.mechanisms.first_of import FirstOf
from jifen.policy.model import Indicator

_RULE = Rule("JF-C103", "error", "a row that can never decide")


def _run(scene: Scene) -> Iterator[Fault]:
    yield from _bands(scene)
    for indicator in scene.rules.indicators:
        if isinstance(indicator.mechanism, FirstOf):
            yield from _steps(scene, indicator, indicator.mechanism)
        if isinstance(indicator.mechanism, ChoicePoints) and indicator.when:
            yield from _answers(scene, indicator, indicator.mechanism)
    for path, condition in conditions(scene.rules):
        if "first_of" not in path and outcomes(condition, scene.rules.vocabulary) == {False}:
            yield scene.tell(_RULE, path, "never_met")


def _bands(scene: Scene) -> Iterator[Fault]:
    for path, _, scale in scales(scene.rules):
        values = applicable(scene.rules.vocabulary[scale.of], [v for _, v in scale.breaks()])
        deciding = {_first(scale.bands, value) for value in values}
        for number in range(len(scale.bands)):
            if number not in deciding:
                where = (*path, "bands", number)
                yield scene.tell(_RULE, where, "band", number=number + 1, fact=scale.of)


def _first(bands: tuple[Any, ...], value: Any) -> int | None:
    return next((number for number, band in enumerate(bands) if band.holds(value)), None)


def _admitted(scene: Scene, indicator: Indicator) -> list[Any] | None:
    """People who meet the indicator's `when`; None where there are too many to look at."""
    values = axes(indicator, scene.rules.vocabulary)
    if not countable(values):
        return None
    holds = indicator.when.test() if indicator.when else lambda person: True
    return [person for person in people(values) if holds(person)]


def _steps(scene: Scene, indicator: Indicator, ladder: FirstOf) -> Iterator[Fault]:
    admitted = _admitted(scene, indicator)
    if admitted is None:
        return
    tests = [step.when.test() if step.when else None for step in ladder.steps]
    deciding = {
        next((n for n, holds in enumerate(tests) if holds is None or holds(person)), None)
        for person in admitted
    }
    for number in range(len(ladder.steps)):
        if number not in deciding:
            path = ("indicators", indicator.id, "first_of", "steps", number)
            yield scene.tell(_RULE, path, "step", number=number + 1)


def _answers(scene: Scene, indicator: Indicator, choice: ChoicePoints) -> Iterator[Fault]:
    admitted = _admitted(scene, indicator)
    if admitted is None:
        return
    reached = {person[choice.of] for person in admitted}
    for option, points in choice.points:
        if option not in reached and points:
            path = ("indicators", indicator.id, "choice", "points", option)
            yield scene.tell(_RULE, path, "answer", answer=option)


CHECK = RulesCheck(_RULE, _run)
