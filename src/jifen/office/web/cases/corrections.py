"""Corrections as both sides see them: what was asked and why, what came back, old beside new."""

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST

from jifen.office.casework.access import access_case
from jifen.office.casework.actions import corrections
from jifen.office.casework.case_policy import label_item, process_of
from jifen.office.casework.models import (
    Application,
    Correction,
    CorrectionItem,
    MaterialVersion,
)
from jifen.office.web.cases import case_texts
from jifen.office.web.numbers import whole_number
from jifen.office.web.signed import go, say, signed_in, user_of
from jifen.policy.text import Lang, Text

STATES = {
    "open": Text("等待补正", "waits for the applicant"),
    "answered": Text("已补正", "came back"),
    "lapsed": Text("逾期", "overdue"),
    "ended": Text("已终止", "ended"),
}
SPELLS = "contributions"


def describe_corrections(
    application: Application, lang: Lang, *, staff: bool
) -> list[dict[str, Any]]:
    """Every correction of a case, the last first; applicants see the office, not names."""
    rows = application.corrections.select_related("asked_by").prefetch_related("items")
    versions = list(
        MaterialVersion.objects.filter(material__application=application)
        .select_related("material", "document")
        .order_by("pk")
    )
    return [
        {
            "number": row.number,
            "state": row.state,
            "state_words": STATES[row.state](lang),
            "asked_by": row.asked_by.get_full_name()
            if staff
            else Text("受理部门", "the office")(lang),
            "asked_at": timezone.localtime(row.asked_at).strftime("%Y-%m-%d %H:%M"),
            "ended_at": timezone.localtime(row.ended_at).strftime("%Y-%m-%d %H:%M")
            if row.ended_at
            else "",
            "due_on": row.due_on,
            "words": row.words,
            "items": [
                _describe_item(application, row, item, versions, lang) for item in row.items.all()
            ],
        }
        for row in sorted(rows, key=lambda row: -row.number)
    ]


def _describe_item(
    application: Application,
    correction: Correction,
    item: CorrectionItem,
    versions: list[MaterialVersion],
    lang: Lang,
) -> dict[str, Any]:
    kinds = _list_kinds(application, item)
    own = [version for version in versions if version.material.kind in kinds]
    until = correction.ended_at
    new = [
        version
        for version in own
        if version.at >= correction.asked_at and (until is None or version.at <= until)
    ]
    old = [
        version
        for version in own
        if version.at < correction.asked_at
        and (version.dropped_at is None or version.dropped_at >= correction.asked_at)
    ]
    after = item.after or (_read_claim(application, item) if correction.state == "open" else [])
    return {
        "pk": item.pk,
        "kind": item.kind,
        "key": item.key,
        "place": _place_of(item),
        "label": label_item(application, item.kind, item.key)(lang),
        "reason": process_of(application).find_reason_label(item.reason)(lang),
        "words": item.words,
        "answer": item.answer,
        "before": _say(application, item.key, item.before, lang),
        "after": _say(application, item.key, after, lang),
        "changed": item.kind == "fact" and bool(item.before or after) and item.before != after,
        "old": old if new or any(version.dropped_at for version in old) else [],
        "new": new,
    }


def _list_kinds(application: Application, item: CorrectionItem) -> set[str]:
    """The documents of an item: itself, or those that prove the fact."""
    if item.kind == "material":
        return {item.key}
    return {m.id for m in process_of(application).materials if item.key in m.facts}


def _read_claim(application: Application, item: CorrectionItem) -> list[Any]:
    row = application.items.filter(fact=item.key).first()
    return row.given if row and item.kind == "fact" else []


def _say(application: Application, fact: str, value: list[Any], lang: Lang) -> str:
    return case_texts.say_value(application, fact, value[0], lang) if value else ""


def _place_of(item: CorrectionItem) -> str:
    """Where on the form or on the page of the case an item is put right."""
    if item.kind == "material":
        return f"m-{item.key}"
    return "spells" if item.key == SPELLS else f"q-{item.key}"


@signed_in
@require_POST
def resubmit_correction(request: HttpRequest, key: UUID) -> HttpResponse:
    """Store what is said in words and, unless it is only saved, send the correction; where nothing
    was changed the asker is asked first."""
    case = access_case(user_of(request), key, "resubmit")
    answers = {
        number: words
        for name, words in request.POST.items()
        if name.startswith("answer.") and (number := whole_number(name[7:])) is not None
    }
    if answers:
        corrections.answer_items(case, {number: str(words) for number, words in answers.items()})
    if request.POST.get("act") == "save":
        say(request, Text("说明已保存，还没有提交。", "Your words are saved and not sent yet."))
        return go(f"{reverse('case', args=[key])}#correction")
    unchanged = corrections.is_unchanged_since_request(case.application)
    if request.POST.get("anyway") != "yes" and unchanged:
        say(request, _UNCHANGED, bad=True)
        return go(f"{reverse('case', args=[key])}?unchanged=yes#correction")
    corrections.resubmit_case(case)
    say(request, Text("已提交补正内容。", "The correction was submitted."))
    return go(reverse("case", args=[key]))


_UNCHANGED = Text(
    "要求补正的项目都没有改动，还没有提交。请先修改、上传或写明情况；确实不需要改动的，可以仍然提交。",
    "Nothing that was asked for has changed, and nothing was sent. Correct or upload it, or say "
    "why not; if nothing is to be changed, you can send it anyway.",
)
