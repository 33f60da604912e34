"""Which figures are told as ranges: those of the reform, the quota and the groups that are asked
for."""

from collections.abc import Sequence
from datetime import date

from jifen.lab.fairness.groups import FairGroup, FairGrouping, count_grouping
from jifen.lab.population.people import Grouping, People
from jifen.lab.scoring import score_people
from jifen.lab.small_counts import FEWEST
from jifen.lab.uncertainty.ranged_figures import (
    QuotaFigure,
    RangedFigure,
    ReachedFigure,
    ShareFigure,
)
from jifen.lab.words import say
from jifen.policy.policy import Policy
from jifen.policy.text import EMPTY, Text
from jifen.scoring.population.program import build_programs

_FLOWS = {
    "after": say("uncertainty.figure_choice.after"),
    "gains": say("uncertainty.figure_choice.gains"),
    "loses": say("uncertainty.figure_choice.loses"),
    "net": say("uncertainty.figure_choice.net"),
}


def choose_figures(
    people: People,
    policy: Policy,
    on: date,
    *,
    reform: Policy | None = None,
    admit: int | None = None,
    by: Sequence[str] = (),
) -> tuple[list[RangedFigure], list[Text]]:
    """The figures, and what was left out. Raises TableError where a group is missing."""
    figures: list[RangedFigure] = []
    left_out = list[Text]()
    if reform is not None:
        figures += [ReachedFigure(flow, label, "people", flow) for flow, label in _FLOWS.items()]
    if admit is not None:
        usable = people.all_people - people.faulty_people
        label = (
            say("uncertainty.figure_choice.quota", admit=admit)
            if reform is None
            else say("uncertainty.figure_choice.quota_reform", admit=admit)
        )
        figures.append(QuotaFigure("quota", label, "points", admit, float(usable or 1)))
    if by:
        rules = (policy.rules_on(on), *([reform.rules_on(on)] if reform else []))
        scored = score_people(people, build_programs(rules), on)
        for name in by:
            grouping = people.group_by(name)
            counted = count_grouping(grouping, scored[0], scored[-1], sampled=False)
            shown = [group for group in counted.groups if _may_be_shown(people, group)]
            left_out += [
                say("uncertainty.figure_choice.small_group", label=group.label)
                for group in counted.groups
                if group not in shown
            ]
            sides = ("today", "reform") if reform else ("today",)
            for number, side in enumerate(sides):
                figures += _list_shares(grouping, counted, shown, side, number)
    return figures, left_out


def _may_be_shown(people: People, group: FairGroup) -> bool:
    """Of real people a share of few, or of which few are on one side, tells of these few."""
    if people.synthetic or people.exact:
        return True
    counts = [group.people]
    for classes in (group.before, group.after):
        counts += [classes.surely, classes.people - classes.surely]
    return not any(0 < count < FEWEST for count in counts)


def _list_shares(
    grouping: Grouping,
    counted: FairGrouping,
    shown: Sequence[FairGroup],
    side: str,
    number: int,
) -> list[RangedFigure]:
    """The share of each group, and its ratio to the group that is reached most today."""
    ids = grouping.list_ids()
    members = {group.id: grouping.codes == ids.index(group.id) for group in shown}
    reference = counted.reference if counted.reference in shown else None
    figures: list[RangedFigure] = []
    for group in shown:
        place = f"{grouping.name}.{group.id}.{side}"
        share, _ = _name_figures(side, group.label, EMPTY)
        figures.append(ShareFigure(f"share.{place}", share, "share", number, members[group.id]))
        if reference is None or group is reference or not group.is_known:
            continue
        _, ratio = _name_figures(side, group.label, reference.label)
        beside = members[reference.id]
        figures.append(
            ShareFigure(f"ratio.{place}", ratio, "ratio", number, members[group.id], beside)
        )
    return figures


def _name_figures(side: str, label: Text, beside: Text) -> tuple[Text, Text]:
    """What the share and the ratio of a group are called."""
    if side == "today":
        return (
            say("uncertainty.figure_choice.share_today", label=label),
            say("uncertainty.figure_choice.ratio_today", label=label, beside=beside),
        )
    return (
        say("uncertainty.figure_choice.share_reform", label=label),
        say("uncertainty.figure_choice.ratio_reform", label=label, beside=beside),
    )
