"""How unevenly points are spread: the Lorenz curve and the Gini coefficient of a distribution."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from jifen.lab.weights import Count, to_count

TENTHS = tuple(n / 10 for n in range(11))


@dataclass(frozen=True, slots=True)
class Spread:
    """`gini`: 0 where all have as many points, near 1 where one has all; None where nobody has
    any. `lorenz`: the share of all points that the lowest 0 %, 10 % … 100 % of the people hold.
    Totals below zero count as none."""

    people: Count
    gini: float | None
    lorenz: tuple[float, ...]


def measure_spread(people: NDArray[Any], totals: NDArray[np.float64]) -> Spread:
    """Of people by their total, in rising order of the totals."""
    counted = to_count(people.sum())
    people = people.astype(np.float64)
    points = people * np.maximum(totals, 0)
    whole = points.sum()
    if not whole:
        return Spread(counted, None, ())
    held = np.concatenate([[0.0], np.cumsum(points) / whole])
    share = np.concatenate([[0.0], np.cumsum(people) / people.sum()])
    # twice the area between the curve and the diagonal, by trapezes
    gini = 1 - float(((held[1:] + held[:-1]) * np.diff(share)).sum())
    return Spread(counted, gini, tuple(float(x) for x in np.interp(TENTHS, share, held)))
