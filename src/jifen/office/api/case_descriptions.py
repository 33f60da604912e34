"""A case as the API shows it."""

import json
from typing import Any

from django.utils import timezone

from jifen.office.api.request_faults import to_request_fault
from jifen.office.api.schemas import Shown
from jifen.office.casework.access import CaseAccess
from jifen.office.casework.actions.drafts import list_editable_facts
from jifen.office.casework.actions.submission import list_filing_faults
from jifen.office.casework.case_policy import (
    label_item,
    process_of,
    score_facts,
    select_claimed_facts,
    standing_of_decision,
)
from jifen.office.casework.faults import CaseFault
from jifen.office.casework.models import (
    Application,
    Correction,
    CorrectionItem,
    Decision,
    PointsPeriod,
)
from jifen.office.casework.renewal.opening import find_opening, refuse_early_renewal
from jifen.scoring.result_status import describe_status, status_to_dict

OFFERED_ACTS = frozenset(
    {
        "edit",
        "upload",
        "submit",
        "resubmit",
        "withdraw",
        "ask_expedite",
        "ask_recheck",
        "choose_renewal",
    }
)
"""Acts of an employer; each is the operationId of an operation."""
PERSONAL_ACTS = frozenset({"consent", "answer_false"})
"""Acts that are only the person's own, who signs in."""
RENEW = "renew"


def summarize_case(application: Application) -> dict[str, Any]:
    """A case in a list."""
    return {
        "key": application.key,
        "number": application.number,
        "state": application.state,
        "due_on": application.due_on,
    }


def describe_case(case: CaseAccess) -> dict[str, Any]:
    """A case: where it stands, what may be done, what it lacks, what is asked, its decision."""
    application = case.application
    faults = (
        list_filing_faults(application, process_of(application)) if "submit" in case.acts else []
    )
    open_correction = application.corrections.filter(state="open").first()
    points = _find_points(application)
    acts = set(case.acts & OFFERED_ACTS) | ({RENEW} if points and may_renew(points) else set())
    return {
        **summarize_case(application),
        "kind": application.kind,
        "city": application.city,
        "district": application.district,
        "name": application.person.name,
        "revision": application.revision,
        "version": application.version,
        "acts": sorted(acts),
        "lacking": [describe_fault(fault) for fault in faults],
        "correction": open_correction and describe_correction(application, open_correction),
        "decision": _describe_decision(application),
        "points": points and describe_points(points),
    }


def to_json(fields: dict[str, Any]) -> dict[str, Any]:
    """A case as it is kept for a repeated request."""
    plain: dict[str, Any] = Shown.model_validate(fields).model_dump(mode="json")
    return plain


def describe_fault(fault: CaseFault) -> dict[str, Any]:
    """A fault in both languages."""
    words = fault.words
    return {"code": fault.code, "place": fault.place, "zh": words.zh, "en": words.en}


def describe_facts(application: Application) -> dict[str, Any]:
    """Every fact of the case, and what of it cannot be read."""
    open_facts = list_editable_facts(application)
    process = process_of(application)
    rows = []
    for item in application.items.order_by("fact"):
        label = label_item(application, "fact", item.fact)
        reason = process.find_reason_label(item.reason).zh if item.reason else ""
        rows.append(
            {
                "fact": item.fact,
                "zh": label.zh,
                "en": label.en,
                "value": item.given[0] if item.given else None,
                "may_change": open_facts is None or item.fact in open_facts,
                "finding": item.finding,
                "confirmed": item.found[0] if item.found else None,
                "reason": reason,
                "words": item.words,
            }
        )
    return {
        "revision": application.revision,
        "facts": select_claimed_facts(application.items.all()),
        "items": rows,
        "faults": list_value_faults(application),
    }


def list_value_faults(application: Application) -> list[dict[str, Any]]:
    """The claimed values that cannot be read, each with its place."""
    scored = score_facts(application, select_claimed_facts(application.items.all()))
    return [describe_fault(to_request_fault(fault)) for fault in scored.faults]


def describe_correction(application: Application, correction: Correction) -> dict[str, Any]:
    """What was asked, why, until when, and what came back."""
    return {
        "number": correction.number,
        "state": correction.state,
        "asked_at": correction.asked_at,
        "due_on": correction.due_on,
        "ended_at": correction.ended_at,
        "words": correction.words,
        "items": [_describe_item(application, item) for item in correction.items.all()],
    }


def _describe_item(application: Application, item: CorrectionItem) -> dict[str, Any]:
    process = process_of(application)
    label = label_item(application, item.kind, item.key)
    reason = process.find_reason_label(item.reason)
    documents = (
        [item.key]
        if item.kind == "material"
        else [material.id for material in process.materials if item.key in material.facts]
    )
    return {
        "id": item.pk,
        "kind": item.kind,
        "key": item.key,
        "zh": label.zh,
        "en": label.en,
        "reason": item.reason,
        "reason_zh": reason.zh,
        "reason_en": reason.en,
        "words": item.words,
        "documents": documents,
        "before": item.before[0] if item.before else None,
        "after": item.after[0] if item.after else None,
        "answer": item.answer,
    }


def _describe_decision(application: Application) -> dict[str, Any] | None:
    decision = application.decisions.filter(void_at__isnull=True, revoked_at__isnull=True).first()
    if decision is None or decision.signed_at is None:
        return None
    return {
        "outcome": decision.outcome,
        "total": float(decision.total),
        "on": decision.on,
        "policy": decision.policy,
        "policy_version": decision.policy_version,
        "policy_hash": decision.policy_hash,
        "signed_at": decision.signed_at,
        "standing": _describe_amounts(decision),
        "result": json.loads(decision.result),
    }


def _describe_amounts(decision: Decision) -> dict[str, Any]:
    standing = standing_of_decision(decision)
    headline = describe_status(standing).headline
    fields = status_to_dict(standing, "zh")
    return {
        **{name: fields[name] for name in ("state", "number", "over", "lacking")},
        "zh": headline.zh,
        "en": headline.en,
    }


def _find_points(application: Application) -> PointsPeriod | None:
    """The last points of the case, where its employer renews them still."""
    rows = PointsPeriod.objects.filter(
        decision__application=application, employer=application.unit_id, ended_on__isnull=True
    )
    rows = rows.select_related("person", "permit", "decision__application")
    return rows.order_by("-id").first()


def may_renew(period: PointsPeriod) -> bool:
    """Whether the renewal can be begun today: the time has come, and none is under way."""
    ended = ("withdrawn", "lapsed")
    if period.decision.renewals.exclude(state__in=ended).exists():
        return False
    try:
        refuse_early_renewal(period, timezone.localdate())
    except CaseFault:
        return False
    return True


def describe_points(period: PointsPeriod) -> dict[str, Any]:
    """Points, and from when they may be renewed."""
    opening = find_opening(period)
    return {
        "id": period.pk,
        "case": period.decision.application.key,
        "name": period.person.name,
        "since": period.since,
        "until": period.until,
        "may_renew": may_renew(period),
        "renew_from": opening.first,
        "zh": opening.words.zh,
        "en": opening.words.en,
    }
