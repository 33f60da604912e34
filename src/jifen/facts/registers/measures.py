"""The measures of `jifen.facts.measures` over contributions, for a block of persons at once.

Where the plain measure gives ABSENT the value is not `known`; where it gives None (does not apply)
it is neither known nor applicable.
"""

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from math import ceil, lcm
from typing import Any

import numpy as np
from numpy.typing import NDArray

from jifen.facts.registers.month_blocks import Flags, Ints, MonthBlock
from jifen.policy.model import Rules, Series
from jifen.policy.vocabulary import Derivation


@dataclass(frozen=True, slots=True)
class BlockResult:
    """A derived fact of a block: one value for each person; `applies` None: it always does."""

    values: NDArray[Any]
    known: Flags | None = None
    applies: Flags | None = None


def _valid_months(block: MonthBlock, derivation: Derivation, wages: Series | None) -> BlockResult:
    del wages
    months = _take_last_months(block.counts_by_month(derivation.scheme), derivation.window)
    return BlockResult(np.count_nonzero(months, axis=1))


def _take_last_months(months: Any, window: int | None) -> Any:
    return months if window is None else months[:, months.shape[1] - window :]


def _unbroken_months(
    block: MonthBlock, derivation: Derivation, wages: Series | None
) -> BlockResult:
    del wages
    backwards = block.counts_by_month(derivation.scheme)[:, ::-1]
    run = np.argmin(backwards, axis=1)
    whole = backwards[np.arange(block.people), run]
    return BlockResult(np.where(whole, block.width, run))


def _list_wages(block: MonthBlock, width: int, wages: Series | None) -> list[Decimal | None]:
    months = range(block.last - width + 1, block.last + 1)
    return [wages.find_figure(month) if wages else None for month in months]


def _months_at_base(block: MonthBlock, derivation: Derivation, wages: Series | None) -> BlockResult:
    """A base in whole fen is at or above multiple × wage where it is at or above that figure
    rounded up to a fen; so whole numbers decide exactly.
    """
    width = derivation.window or block.width
    counts, bases = (
        _take_last_months(block.counts_by_month(derivation.scheme), width),
        block.bases_by_month(derivation.scheme, width),
    )
    steps = _list_wages(block, width, wages)
    multiple = derivation.multiple or Decimal(1)
    least = [0 if wage is None else ceil(multiple * wage * 100) for wage in steps]
    unrecorded = np.array([wage is None for wage in steps])
    reached = counts & (bases > np.array(least, np.int64).clip(max=2**31 - 2).astype(np.int32))
    undecided = counts & ((bases == 0) | unrecorded)
    return BlockResult(np.count_nonzero(reached, axis=1), ~undecided.any(axis=1))


def _mean_base_ratio(
    block: MonthBlock, derivation: Derivation, wages: Series | None
) -> BlockResult:
    """The mean as a Decimal of 28 significant digits: the very division of the plain measure.

    Σ base ÷ wage is taken over one common denominator in whole numbers of any size, so that the
    one rounding is that of the last division.
    """
    width = derivation.window or 36
    scheme = derivation.scheme or "pension"
    counts, bases = (
        _take_last_months(block.counts_by_month(scheme), width),
        block.bases_by_month(scheme, width),
    )
    applies = counts.all(axis=1)
    steps = _list_wages(block, width, wages)
    values = np.full(block.people, None, object)
    if any(wage is None for wage in steps):
        return BlockResult(values, np.zeros(block.people, np.bool_), applies)
    known = applies & (bases > 0).all(axis=1)
    values[known] = _compute_mean_ratios(bases[known], [wage for wage in steps if wage is not None])
    return BlockResult(values, known, applies)


def _compute_mean_ratios(bases: Ints, wages: list[Decimal]) -> list[Decimal]:
    places = max(max(-int(w.as_tuple().exponent), 2) for w in wages)
    units = [int(wage.scaleb(places)) for wage in wages]  # of 10^-places yuan
    common = lcm(*units)
    total = np.zeros(len(bases), object)
    for unit in dict.fromkeys(units):
        months = np.array([other == unit for other in units])
        fen = (bases[:, months].astype(np.int64) - 1).sum(axis=1)
        total += fen.astype(object) * (common // unit * 10 ** (places - 2))
    below = Decimal(common * len(wages))
    return [(Decimal(above) / below).normalize() + 0 for above in total]


MEASURES: dict[str, Callable[[MonthBlock, Derivation, Series | None], BlockResult]] = {
    "valid_months": _valid_months,
    "unbroken_months": _unbroken_months,
    "months_at_base": _months_at_base,
    "mean_base_ratio": _mean_base_ratio,
}
FULL_WINDOW = 36
"""The window of a mean that names none."""


def find_widest_window(rules: Rules) -> int:
    """The longest window that a fact of the vocabulary looks back over."""
    windows = [f.derive.window or FULL_WINDOW for f in rules.vocabulary if f.derive]
    return max(windows, default=FULL_WINDOW)
