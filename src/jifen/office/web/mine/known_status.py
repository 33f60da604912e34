"""What the registers of this system know of somebody, for the question what is open to them."""

from datetime import date, timedelta
from typing import Any

from django.utils import timezone

from jifen.entitlements import KnownStatus
from jifen.office.casework.actions.periods import find_permit, find_points_on
from jifen.office.casework.models import Decision, Outcome, PointsPeriod
from jifen.office.lists.models import Entry
from jifen.office.registry.actions.permits import list_history, rules_for
from jifen.office.registry.models import Permit, Person
from jifen.permits import PermitRules, PermitState, list_month_statuses
from jifen.permits.card import count_completed_months, find_permit_status
from jifen.policy.text import Text
from jifen.scoring.result_status import describe_decided_outcome

ONE_DAY = timedelta(days=1)
COUNTING = (PermitState.VALID, PermitState.SUSPENDED)


def find_known_status(person: Person, city: str, on: date) -> KnownStatus:
    """Permit, points, lists and family as they are on record in a city; what is not on record is
    not known."""
    decision = _find_decision(person, city)
    fields = _find_permit_fields(person, city, on) | _find_list_notice(person, city)
    fields |= (
        _find_valid_points(person, city, on)
        if _has_points_periods(person, city)
        else _describe_points(decision)
    )
    if fields.get("permit") is False and fields["points"]:
        # points are valid as long as the permit, and lapse with it
        fields |= {"points": False, "points_on": fields["permit_ended_on"]}
    return KnownStatus(**fields, met=_find_family_conditions(decision))


def _find_permit_fields(person: Person, city: str, on: date) -> dict[str, Any]:
    permit = find_permit(person, city) or _find_last_permit(person, city)
    if permit is None:
        return {}
    rules = rules_for(city, on)
    status, months_by_any_permit = (
        find_permit_status(rules, permit.card, on),
        _count_months_of_all_permits(rules, person, city, on),
    )
    months = count_completed_months(rules, permit.card, on)
    valid = status.state is PermitState.VALID
    ended = (
        permit.cancelled_on
        if status.state is PermitState.CANCELLED
        else status.valid_until + ONE_DAY
    )
    return {
        "permit": valid,
        "permit_until": status.valid_until,
        "permit_ended_on": None if valid else ended,
        "permit_since": status.counted_since,
        "permit_months": months,
        "all_months": max(months, months_by_any_permit),
    }


def _count_months_of_all_permits(rules: PermitRules, person: Person, city: str, on: date) -> int:
    """Months by any permit of somebody, each once, without the one that runs: who left the city and
    came back has another permit, and keeps the months by the former."""
    months = set()
    for permit in Permit.objects.filter(person=person, city=city).prefetch_related("events"):
        history = list_month_statuses(rules, list_history(permit), on)
        months |= {
            month_status.month for month_status in history[:-1] if month_status.state in COUNTING
        }
    return len(months)


def _find_last_permit(person: Person, city: str) -> Permit | None:
    return Permit.objects.filter(person=person, city=city).order_by("-cancelled_on").first()


def _find_decision(person: Person, city: str) -> Decision | None:
    """The last signed decision that stands."""
    rows = Decision.objects.filter(application__person=person, application__city=city)
    rows = rows.filter(void_at__isnull=True, revoked_at__isnull=True, signed_at__isnull=False)
    return rows.select_related("application").order_by("-signed_at").first()


def _has_points_periods(person: Person, city: str) -> bool:
    """Whether the city gives points for a period."""
    return PointsPeriod.objects.filter(person=person, city=city).exists()


def _find_valid_points(person: Person, city: str, on: date) -> dict[str, Any]:
    period = find_points_on(person, city, on)
    if period is not None:
        return _describe_points(period.decision)
    rows = PointsPeriod.objects.filter(person=person, city=city)
    last = rows.filter(since__lte=on).order_by("-since").first()
    ended = last and (last.ended_on or (last.until + ONE_DAY if last.until else None))
    words = Text("积分已失效或已终止", "points that are still valid")
    if coming := rows.filter(since__gt=on, ended_on__isnull=True).order_by("since").first():
        words = Text(
            f"积分有效期尚未开始（{coming.since} 起）",
            f"points that are valid already (those decided begin on {coming.since})",
        )
    return {"points": False, "points_on": ended, "points_words": words}


def _describe_points(decision: Decision | None) -> dict[str, Any]:
    if decision is None:
        words = Text("积分达到分数线（没有积分决定）", "points at the line (none is decided)")
        return {"points": False, "points_words": words}
    if decision.outcome == Outcome.REACHED:
        return {"points": True, "points_by": decision.policy_version}
    outcome = describe_decided_outcome(decision.outcome, decision.total)
    words = Text(
        f"积分达到分数线（决定：{outcome.zh}）", f"points at the line (decided: {outcome.en})"
    )
    signed = timezone.localtime(decision.signed_at).date() if decision.signed_at else None
    return {"points": False, "points_on": signed, "points_words": words}


def _find_list_notice(person: Person, city: str) -> dict[str, Any]:
    rows = Entry.objects.filter(decision__application__person=person, city=city)
    if settled := rows.filter(state="settled").first():
        return {"notice": True, "settled_on": settled.ended_on}
    entry = rows.order_by("-id").first()
    if entry is None or entry.settle_by is None or entry.state != "noticed":
        return {"notice": False}
    return {"notice": True, "notice_until": entry.settle_by}


def _find_family_conditions(decision: Decision | None) -> dict[str, bool]:
    """The members that the application names live along."""
    relations = {
        member.get("relation") for member in (decision.application.family if decision else [])
    }
    met = {}
    if "child" in relations:
        met["child_lives_with_holder"] = True
    if relations & {"child", "spouse"}:
        met["family_lives_with_holder"] = True
    return met
