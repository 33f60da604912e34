"""Numbers for axes and tables: exact with thousands in a table, short on an axis."""

import math
from collections.abc import Sequence

from jifen.charts.words import say
from jifen.policy.text import Lang, display_width

LETTER_WIDTH = 7.2
"""About how wide a letter is drawn."""
_MINUS = "−"


HIDDEN = "*"
"""What stands for a figure that is not shown (no number)."""


def format_figure(value: float) -> str:
    """A figure in full: whole numbers whole, others with two places; a mark for no number."""
    if math.isnan(value):
        return HIDDEN
    text = f"{value:,.0f}" if float(value).is_integer() else f"{value:,.2f}"
    return text.replace("-", _MINUS)


def format_alike(values: Sequence[float | None]) -> list[str]:
    """Figures read beside each other: all whole, or all with one place; a dash for none."""
    places = 0 if all(value is None or float(value).is_integer() for value in values) else 1
    return [
        "—" if value is None else f"{value:,.{places}f}".replace("-", _MINUS) for value in values
    ]


def format_axis_figure(value: float, lang: Lang) -> str:
    """A figure on an axis: 120万 and 3亿 in Chinese, 1.2M in English."""
    for step in say("figure_formats.units_of_an_axis")(lang).split(", "):
        size, unit = step.split()
        if abs(value) >= float(size):
            return f"{value / float(size):g}{unit}".replace("-", _MINUS)
    return f"{value:g}".replace("-", _MINUS)


def round_ticks(low: float, high: float, about: int = 5) -> list[float]:
    """Round values (1, 2 or 5 times a power of ten) that cover a range."""
    if not math.isfinite(low) or not math.isfinite(high) or high <= low:
        high = low + 1
    rough = (high - low) / about
    power = 10.0 ** math.floor(math.log10(rough))
    step = next(power * m for m in (1, 2, 5, 10) if power * m >= rough - 1e-12)
    first, last = math.floor(low / step + 1e-9), math.ceil(high / step - 1e-9)
    return [n * step for n in range(first, last + 1)]


def choose_label_interval(labels: Sequence[str], room: float) -> int:
    """Show every n-th label, so that none runs into the next."""
    longest = max((display_width(label) for label in labels), default=1) * LETTER_WIDTH + 10
    slot = room / max(len(labels), 1)
    return max(int(-(-longest // max(slot, 1e-9))), 1)
