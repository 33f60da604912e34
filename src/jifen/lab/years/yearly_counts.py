"""What a window holds at the start: only its sum is known, so its years are laid out.

Months at a pay level are taken to be the newest of those who pay at it now, and the oldest of
those who do not, within the months that they have been insured; records lie anywhere.
"""

import numpy as np
from numpy.typing import NDArray

from jifen.lab.years.draws import Draw
from jifen.lab.years.year_step import MONTHS_OF_YEAR, Column, Mask

Numbers = NDArray[np.int32]


def build_yearly_months(
    count: Numbers,
    window: int,
    span: Numbers,
    at_level: Mask,
    recent: Numbers,
    dtype: np.dtype[np.generic],
) -> list[Column]:
    """Months by years back, the newest first. `span`: the last so many months could count;
    `recent`: those of the last year, -1 where not known."""
    years = window // MONTHS_OF_YEAR
    caps = [np.clip(span - MONTHS_OF_YEAR * back, 0, MONTHS_OF_YEAR) for back in range(years)]
    windows = [np.zeros_like(count) for _ in range(years)]
    rest = count.copy()
    _put_months(windows, 0, np.clip(recent, 0, MONTHS_OF_YEAR), rest)
    caps[0] = np.where(recent >= 0, windows[0], caps[0])
    for newest_first in (True, False):
        order = range(years) if newest_first else range(years - 1, -1, -1)
        for back in order:
            room = np.where(at_level == newest_first, caps[back] - windows[back], 0)
            _put_months(windows, back, room, rest)
    for back in range(years):  # figures that contradict each other: somewhere they must be
        _put_months(windows, back, MONTHS_OF_YEAR - windows[back], rest)
    return [part.astype(dtype) for part in windows]


def _put_months(windows: list[Numbers], back: int, room: Numbers, rest: Numbers) -> None:
    taken = np.minimum(room, rest)
    windows[back] += taken
    rest -= taken


def build_yearly_records(
    count: Numbers, window: int, draw: Draw, fact: str, dtype: np.dtype[np.generic]
) -> list[Column]:
    """Records by years back: each lies in any year of the window with the same chance."""
    years = window // MONTHS_OF_YEAR
    windows = [np.zeros_like(count) for _ in range(years)]
    for record in range(int(count.max(initial=0))):
        back = (draw(f"{fact} record {record}") * years).astype(np.int32)
        for year in range(years):
            windows[year] += (count > record) & (back == year)
    return [part.astype(dtype) for part in windows]
