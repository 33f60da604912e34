"""Days and months of whole columns, as jifen.policy.months counts them for one day."""

from datetime import date
from typing import Any

import numpy as np
from numpy.typing import NDArray

Days = NDArray[np.datetime64]
"""datetime64[D]; NaT where no day is known."""
NO_DAY = np.datetime64("NaT", "D")
ONE_DAY, ONE_MONTH = np.timedelta64(1, "D"), np.timedelta64(1, "M")
"""Steps with their unit: numpy takes no bare number for one any more."""


def to_numpy_day(day: date) -> np.datetime64:
    """One day as arrays hold it."""
    return np.datetime64(day, "D")


def add_months(days: Days, months: Any) -> Days:
    """The same day so many months later; the month's last day where it has no such day."""
    start = days.astype("M8[M]")
    target = start + np.asarray(months).astype("m8[M]")
    length = (target + ONE_MONTH).astype("M8[D]") - target.astype("M8[D]")
    within = np.minimum(days - start.astype("M8[D]"), length - ONE_DAY)
    return np.asarray(target.astype("M8[D]") + within, "M8[D]")


def count_full_months(since: Days, until: date) -> NDArray[np.int64]:
    """Full months from each day to the last day, both inside; 0 where that is not yet begun."""
    after = to_numpy_day(until) + ONE_DAY
    months = (after.astype("M8[M]") - since.astype("M8[M]")).astype(np.int64)
    short = add_months(since, months) > after
    return np.asarray(np.maximum(months - short, 0), np.int64)
