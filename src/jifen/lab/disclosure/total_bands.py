"""A distribution of totals in bands of enough people."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from jifen.lab.small_counts import FEWEST

Counts = NDArray[Any]


def band_totals(*distributions: Counts) -> Counts:
    """People by total → the same people by band, each counted at the lowest total of its band: a
    band goes on until it holds nobody or at least five of each distribution. Of several the bands
    are the same, and a row of the result is that of each; of one the result is that row. All
    zeros where there are fewer than five in all."""
    rows = np.array(distributions)
    banded = np.zeros_like(rows)
    start, running, last = 0, np.zeros_like(rows[:, 0]), -1
    for place in np.flatnonzero(rows.any(0)):
        if not running.any():
            start = int(place)
        running = running + rows[:, place]
        if np.all((running == 0) | (running >= FEWEST)):
            banded[:, start], last, running = running, start, np.zeros_like(running)
    if running.any() and last >= 0:
        banded[:, last] += running
    return banded[0] if len(distributions) == 1 else banded
