"""People who stand for more or fewer than one: counts, sums and quantiles with a weight each.

Without weights a count is a whole number of people; with them it is a sum of weights, rounded to
six places so that no noise of binary fractions is shown.
"""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from jifen.lab.disclosure.hidden_count import HiddenCount

Count = int | float
"""A number of people; with weights it need not be whole."""
Weights = NDArray[np.float64]
Mask = NDArray[np.bool_]
PLACES = 6
_NOISE = 1e-9
"""By so much of it a sum of weights may differ from the number that it means."""


def to_count(value: Any) -> Count:
    """A number of an array as a plain one."""
    plain = value.item() if hasattr(value, "item") else value
    if isinstance(plain, HiddenCount):
        return plain
    return plain if isinstance(plain, int) else round(float(plain), PLACES)


def count_mask(mask: Mask, weights: Weights | None = None) -> Count:
    """The people of a mask."""
    return int(np.count_nonzero(mask)) if weights is None else to_count(weights[mask].sum())


def count_by_code(
    codes: NDArray[Any], bins: int, weights: Weights | None = None, amounts: Any = None
) -> NDArray[Any]:
    """People by code, or the sum of their amounts. Sums without weights are whole: exact far below
    2 ** 53."""
    if weights is None and amounts is None:
        return np.bincount(codes, minlength=bins)
    each = amounts if weights is None else weights if amounts is None else weights * amounts
    sums = np.bincount(codes, each, bins)
    return sums.astype(np.int64) if weights is None else sums


def find_quantile_place(running: NDArray[Any], share: float) -> int:
    """The first place at which the running sum of people is at least a share of all of them."""
    wanted = share * running[-1]
    if np.issubdtype(running.dtype, np.integer):
        wanted = max(int(np.ceil(wanted)), 1)
    else:
        wanted -= 1e-9 * running[-1]  # a share that is met but for the noise of sums
    return int(np.searchsorted(running, wanted))


def find_lowest_place(over: NDArray[Any], wanted: float) -> int:
    """Of people at or over each place: the lowest place with no more of them than wanted."""
    enough = over <= wanted + (_NOISE * wanted if over.dtype.kind == "f" else 0)
    return int(np.argmax(enough)) if enough.any() else len(over)
