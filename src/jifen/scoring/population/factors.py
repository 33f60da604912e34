"""Multipliers of a total or a group over arrays of many people."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from jifen.scoring.tree import Factor, RoundedProduct

Points = NDArray[Any]


def multiply_array(factor: RoundedProduct, points: Points) -> Points:
    """`RoundedProduct.multiply` of each of an array."""
    amounts = np.abs(points.astype(np.int64)) * factor.above + factor.added_before_division
    amounts = amounts // factor.below * factor.size
    return np.where(points < 0, -amounts, amounts).astype(np.int32)


def widen_arrays(
    factor: Factor, low: Points, high: Points, states: tuple[Points, Points]
) -> tuple[Points, Points]:
    """`Factor.widen` of each of an array."""
    low, high = np.asarray(low, np.int32), np.asarray(high, np.int32)
    surely, perhaps = states[0] != 0, states[1] != 0
    multiplied_low, multiplied_high = multiply_array(factor, low), multiply_array(factor, high)
    least = np.where(
        surely, multiplied_low, np.where(perhaps, np.minimum(low, multiplied_low), low)
    )
    most = np.where(
        surely, multiplied_high, np.where(perhaps, np.maximum(high, multiplied_high), high)
    )
    return least, most
