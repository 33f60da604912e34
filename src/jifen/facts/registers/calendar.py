"""Days and months of whole columns, as jifen.policy.months counts them for one day."""

from datetime import date
from typing import Any

import numpy as np
from numpy.typing import NDArray

Days = NDArray[np.datetime64]
"""datetime64[D]; NaT where no day is known."""


def day_number(day: date) -> np.datetime64:
    """One day as arrays hold it."""
    return np.datetime64(day, "D")


def plus_months(days: Days, months: Any) -> Days:
    """The same day so many months later; the month's last day where it has no such day."""
    start = days.astype("M8[M]")
    target = start + np.asarray(months).astype("m8[M]")
    length = (target + 1).astype("M8[D]") - target.astype("M8[D]")
    within = np.minimum(days - start.astype("M8[D]"), length - 1)
    return np.asarray(target.astype("M8[D]") + within, "M8[D]")


def full_months(since: Days, until: date) -> NDArray[np.int64]:
    """Full months from each day to the last day, both inside; 0 where that is not yet begun."""
    after = day_number(until) + 1
    months = (after.astype("M8[M]") - since.astype("M8[M]")).astype(np.int64)
    short = plus_months(since, months) > after
    return np.asarray(np.maximum(months - short, 0), np.int64)
