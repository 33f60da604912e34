"""The order of selection of a measure, read: `decision.selection`, and the quotas of its places."""

from jifen.policy.linker import PolicyLinker
from jifen.policy.model import PlaceQuotas, SelectionRule
from jifen.policy.shapes import Entry

_CODE = "JF-P098"


def read_selection(decision: Entry, link: PolicyLinker) -> SelectionRule | None:
    """The rule; None where the measure has none. Reports what no selection can follow."""
    entry = decision["selection"]
    _check_quotas(decision, link)
    if entry is None:
        return None
    if decision["mode"] == "threshold":
        link.report_fault(_CODE, entry.place_of(), "by_line")
    return SelectionRule(
        entry["level"] or "all",
        entry["stamp"] or "none",
        entry["draws"] or "once",
        _read_places(entry, link),
        link.read_basis(entry),
    )


def _read_places(selection: Entry, link: PolicyLinker) -> PlaceQuotas | None:
    entry = selection["places"]
    if entry is None or entry["then"] is None:
        return None
    percent = entry["percent"]
    if percent is not None:
        if entry["then"] == "nobody":
            link.report_fault(_CODE, entry.place_of("percent"), "share_of_nothing")
        if not 0 < percent <= 100:
            link.report_fault(_CODE, entry.place_of("percent"), "share", percent=percent)
    if selection["draws"] == "repeated":
        link.report_fault(_CODE, entry.place_of(), "draws_by_place")
    return PlaceQuotas(entry["then"], percent)


def _check_quotas(decision: Entry, link: PolicyLinker) -> None:
    by_place = bool(decision["selection"] and decision["selection"]["places"])
    for quota in decision["quotas"]:
        if not quota or not quota["places"]:
            continue
        given = sum(people or 0 for people in quota["places"].values())
        if not by_place:
            link.report_fault(_CODE, quota.place_of("places"), "places_unsaid")
        if quota["people"] is not None and given > quota["people"]:
            words = {"given": given, "people": quota["people"]}
            link.report_fault(_CODE, quota.place_of("places"), "too_many", **words)
