"""JF-C107: a figure that the fact can never have: outside its range, or between its steps."""

from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal

from jifen.policy.catalogue import POLICY
from jifen.policy.checks.parts import Path, conditions, scales, units
from jifen.policy.checks.scene import Rule, RulesCheck, Scene
from jifen.policy.condition import Compare, atoms
from jifen.policy.fault import Fault, Place
from jifen.policy.mechanisms.per_unit import PerUnit
from jifen.policy.quantity import Quantity, plain
from jifen.policy.stretches import step_of
from jifen.policy.text import EMPTY
from jifen.policy.vocabulary import Fact

_RULE = Rule("JF-C107", "error", "a figure outside the range or the steps of its fact")


def _figures(scene: Scene) -> Iterator[tuple[Path, str, Decimal, int]]:
    """Every figure that is compared with a fact: path, fact, figure, and how far into the text."""
    for path, condition in conditions(scene.rules):
        for atom in atoms(condition):
            if isinstance(atom, Compare) and not isinstance(atom.constant, str):
                yield path, atom.fact, Decimal(atom.constant), atom.offset
    for path, _, scale in scales(scene.rules):
        for number, band in enumerate(scale.bands):
            for end in dict.fromkeys((band.low, band.high)):
                if end is not None:
                    yield (*path, "bands", number), scale.of, end, 0
    for path, _, unit in units(scene.rules):
        for key, quantity in _quantities(unit):
            yield (*path, key), unit.of, quantity.amount, 0


def _quantities(unit: PerUnit) -> Iterator[tuple[str, Quantity]]:
    yield "every", unit.every
    if unit.starts_at:
        yield "starts_at", unit.starts_at
    if unit.first:
        yield "first", unit.first[0]
    if unit.half:
        yield "half", unit.half[0]


def _run(scene: Scene) -> Iterator[Fault]:
    for path, ident, figure, offset in _figures(scene):
        fact = scene.rules.vocabulary[ident]
        if not fact.least <= figure <= fact.most:
            yield _moved(_fault(scene, path, fact, figure, "outside"), offset)
        elif figure % step_of(fact):
            yield _moved(_fault(scene, path, fact, figure, "between"), offset)


def _moved(fault: Fault, offset: int) -> Fault:
    """The fault at the comparison itself, which stands so far into the text of a condition."""
    place = fault.place
    return replace(fault, place=Place(place.file, place.line, place.column + offset))


def _fault(scene: Scene, path: Path, fact: Fact, figure: Decimal, kind: str) -> Fault:
    return scene.tell(
        _RULE,
        path,
        kind,
        figure=plain(figure),
        fact=fact.id,
        least=plain(fact.least),
        most=plain(fact.most),
        step=plain(step_of(fact)),
        unit=POLICY.phrase("counted_in", unit=fact.unit) if fact.unit else EMPTY,
    )


CHECK = RulesCheck(_RULE, _run)
