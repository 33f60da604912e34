"""The share of each indicator in who reaches the line, by Shapley's rule.

Indicators are switched on one after another in a random order (all others give no points); what an
indicator adds is averaged over many orders. The shares add up to the people at the line, whatever
the caps and best-of groups between the indicators are. Orders come in pairs, each with its reverse:
that halves the error of most shares. The error given is the standard error of the mean of pairs.

Source: L. S. Shapley, "A value for n-person games" (1953); sampling by orders: J. Castro, D. Gómez,
J. Tejada, "Polynomial calculation of the Shapley value based on sampling" (2009).
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date

import numpy as np

from jifen.lab.population.people import People
from jifen.lab.sweeps.sweeper import sweep_programs
from jifen.lab.weights import Count, to_count
from jifen.policy.policy import Policy
from jifen.policy.text import Text
from jifen.scoring.population.program import Program, build_program
from jifen.scoring.population.tables import OutcomeTable

DEFAULT_PAIRS = 64
_AT_ONCE = 1_024
Switches = tuple[bool, ...]
"""For each indicator that gives points to anybody, whether it is switched on."""


@dataclass(frozen=True, slots=True)
class IndicatorShare:
    """The people that an indicator brings to the line, on the average over all orders; `error`: the
    standard error of that. Negative where it takes points away."""

    id: str
    label: Text
    people: float
    error: float


@dataclass(frozen=True, slots=True)
class Shares:
    """`shares` from the largest on; they add up to `reached` less `without`, the people who reach
    the line with no points at all. `pairs`: how many orders were drawn, each with its reverse."""

    shares: tuple[IndicatorShare, ...]
    reached: Count
    without: Count
    people: Count
    pairs: int
    seed: int


def indicator_shares(
    people: People,
    policy: Policy,
    on: date,
    *,
    pairs: int = DEFAULT_PAIRS,
    seed: int = 7,
    threads: int | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> Shares:
    """The share of every indicator. `pairs` ≥ 2. Raises TableError, TooWide."""
    rules = policy.rules_on(on)
    program = build_program(rules)
    numbers = [n for n, table in enumerate(program.points) if table.least or table.most]
    count = len(numbers)
    orders = _draw_orders(count, pairs, seed)
    wanted = dict.fromkeys(switches for order in orders for switches in _list_growing_sets(order))
    reached = _count_reached(people, program, numbers, list(wanted), on, threads, progress)
    added = np.zeros((len(orders), count))
    for row, order in enumerate(orders):
        steps = [reached[switches] for switches in _list_growing_sets(order)]
        added[row, list(order)] = np.diff(steps)
    by_pair = added.reshape(pairs, 2, count).mean(1)
    mean = by_pair.mean(0)
    error = by_pair.std(0, ddof=1) / np.sqrt(pairs)
    labels = [rules.indicators[number] for number in numbers]
    shares = [
        IndicatorShare(indicator.id, indicator.label, float(mean[n]), float(error[n]))
        for n, indicator in enumerate(labels)
    ]
    return Shares(
        tuple(sorted(shares, key=lambda share: (-share.people, share.id))),
        reached[(True,) * count],
        reached[(False,) * count],
        people.all_people,
        pairs,
        seed,
    )


def _draw_orders(count: int, pairs: int, seed: int) -> list[tuple[int, ...]]:
    """Random orders, each followed by its reverse."""
    random = np.random.default_rng(seed)
    orders: list[tuple[int, ...]] = []
    for _ in range(pairs):
        order = tuple(int(n) for n in random.permutation(count))
        orders += [order, order[::-1]]
    return orders


def _list_growing_sets(order: Sequence[int]) -> list[Switches]:
    """Nothing on, then one indicator more each time, to the last."""
    on = [False] * len(order)
    states = [tuple(on)]
    for number in order:
        on[number] = True
        states.append(tuple(on))
    return states


def _count_reached(
    people: People,
    program: Program,
    numbers: Sequence[int],
    wanted: Sequence[Switches],
    on: date,
    threads: int | None,
    progress: Callable[[int, int], None] | None,
) -> dict[Switches, Count]:
    """The people surely at the line under each setting of the switches."""
    reached: dict[Switches, Count] = {}
    whole, nothing = (True,) * len(numbers), (False,) * len(numbers)
    for start in range(0, len(wanted), _AT_ONCE):
        some = wanted[start : start + _AT_ONCE]
        # the two ends keep the structure of the compiled loop the same in every batch
        programs = tuple(switch_indicators(program, numbers, s) for s in (*some, whole, nothing))
        result = sweep_programs(people, programs, on, None, threads=threads)
        counts = result.reached.sum(1)
        reached |= {s: to_count(counts[n]) for n, s in enumerate(some)}
        if progress:
            progress(min(start + _AT_ONCE, len(wanted)), len(wanted))
    return reached


def switch_indicators(program: Program, numbers: Sequence[int], switches: Switches) -> Program:
    """A program in which some indicators give no points."""
    points = list(program.points)
    for number, is_on in zip(numbers, switches, strict=True):
        if not is_on:
            points[number] = _without_points(points[number])
    low = [min(table.least, 0) for table in program.points]
    high = [max(table.most, 0) for table in program.points]
    least, most = program.tree.tally_bounds(low, high, [True] * len(low))
    if program.floor is not None:
        least, most = max(least, program.floor), max(most, program.floor)
    return replace(
        program,
        points=tuple(points),
        least=min(least, program.least, 0),
        most=max(most, program.most),
    )


_EMPTY: dict[str, OutcomeTable] = {}


def _without_points(table: OutcomeTable) -> OutcomeTable:
    if table.id not in _EMPTY:
        _EMPTY[table.id] = OutcomeTable(table.id, (), (), np.zeros((), np.int32))
    return _EMPTY[table.id]
