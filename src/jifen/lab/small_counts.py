"""Small counts: of real people, a count below 5 could tell of a person. It is hidden, with enough
beside it that it cannot be worked out from the others."""

from collections.abc import Mapping, Sequence

FEWEST = 5
"""Counts below this could tell of a person."""
COUNTS = ("people", "before", "after", "gains", "loses")
"""Of a group: everybody, at the line before and after, and who crosses it."""
HIDDEN = "–"
_FLOW = ("before", "after", "gains", "loses")


def hidden_counts(rows: Sequence[Mapping[str, float]]) -> list[frozenset[str]]:
    """The counts of each row that are not shown.

    A small count is hidden; so is all of a group that is small itself. Before, after, gains and
    losses add up in each row, and each column adds up to that of everybody: where only one of them
    is hidden a second one is hidden with it, the next smallest.
    """
    hidden = [{name for name in COUNTS if 0 < row[name] < FEWEST} for row in rows]
    for row, hides in zip(rows, hidden, strict=True):
        if 0 < row["people"] < FEWEST:
            hides |= set(COUNTS)
    while _hide_more(rows, hidden):
        pass
    return [frozenset(hides) for hides in hidden]


def _hide_more(rows: Sequence[Mapping[str, float]], hidden: list[set[str]]) -> bool:
    """Hide one more count where one could be worked out; whether any was."""
    for hides in hidden:
        flow = hides & set(_FLOW)
        if len(flow) == 1:
            hides.add("before" if "after" in flow else "after")
            return True
    if len(rows) == 1:
        return False
    for name in COUNTS:
        if sum(name in hides for hides in hidden) != 1:
            continue
        others = [n for n, hides in enumerate(hidden) if name not in hides and rows[n][name]]
        if others:
            hidden[min(others, key=lambda n: rows[n][name])].add(name)
            return True
    return False


def show_count(count: float, *, sign: bool = False) -> str:
    """A count by itself, hidden where it is small."""
    if 0 < abs(count) < FEWEST:
        return f"<{FEWEST}"
    return f"{count:+,}" if sign else f"{count:,}"


def hide_small(counts: Sequence[float]) -> list[str]:
    """For a row of counts that may be added up: what stands instead of each that is hidden, empty
    where it is shown. Where one alone would be hidden, the next smallest is hidden too."""
    small = {n for n, count in enumerate(counts) if 0 < count < FEWEST}
    if len(small) == 1:
        others = [n for n, count in enumerate(counts) if count >= FEWEST]
        small |= {min(others, key=lambda n: counts[n])} if others else set()
    return [
        "" if n not in small else f"<{FEWEST}" if count < FEWEST else HIDDEN
        for n, count in enumerate(counts)
    ]
