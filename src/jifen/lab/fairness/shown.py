"""What is shown of a group: of real people small counts are hidden, and every figure that follows
from a hidden one with them."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from jifen.lab.fairness.groups import FairGroup, FairGrouping, Ratio
from jifen.lab.small_counts import FEWEST, hidden_counts
from jifen.lab.weights import Count

Figure = Count | None


@dataclass(frozen=True, slots=True)
class ShownGroup:
    """A group with its figures by name; None where one is hidden, or where there is none."""

    group: FairGroup
    counts: Mapping[str, Figure]
    shares: Mapping[str, float | None]
    ratios: Mapping[str, Ratio | None]
    hidden: frozenset[str]


def list_shown(grouping: FairGrouping, *, is_register: bool) -> Iterator[ShownGroup]:
    """The groups of a grouping as they may be shown."""
    counts = [_count_group(group) for group in grouping.groups]
    hidden = hidden_counts(counts) if is_register else [frozenset[str]() for _ in counts]
    for group, row, hides in zip(grouping.groups, counts, hidden, strict=True):
        yield _show_group(grouping, group, row, hides)


def _count_group(group: FairGroup) -> dict[str, Count]:
    return {
        "people": group.people,
        "before": group.before.surely,
        "after": group.after.surely,
        "gains": group.gains,
        "loses": group.loses,
    }


def _show_group(
    grouping: FairGrouping, group: FairGroup, row: Mapping[str, Count], hides: frozenset[str]
) -> ShownGroup:
    counts: dict[str, Figure] = {
        name: None if name in hides else count for name, count in row.items()
    }
    shares = dict[str, float | None]()
    ratios = dict[str, Ratio | None]()
    sides = (
        ("before", group.before, group.share_before, grouping.compare_before),
        ("after", group.after, group.share_after, grouping.compare_after),
    )
    for side, classes, share, compare in sides:
        is_hidden = bool(hides & {"people", side})
        small = bool(hides) and 0 < classes.perhaps < FEWEST
        counts[f"open_{side}"] = None if is_hidden or small else classes.perhaps
        shares[side] = None if is_hidden else share
        ratios[side] = None if is_hidden else compare(group)
    return ShownGroup(group, counts, shares, ratios, hides)
