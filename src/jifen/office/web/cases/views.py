"""A case for those who file it, and for the person."""

import json
from typing import Any
from uuid import UUID, uuid4

from django.db import transaction
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from jifen import cities
from jifen.office.administration.offices import find_office
from jifen.office.casework.access import CaseAccess, access_case
from jifen.office.casework.actions import (
    expedited_lane,
    materials,
    post_decision,
    request_papers,
)
from jifen.office.casework.actions.submission import list_filing_faults, submit_case
from jifen.office.casework.assignees import list_rows_of_case
from jifen.office.casework.case_policy import (
    policy_of,
    process_of,
    rules_of,
    standing_of_decision,
)
from jifen.office.casework.consent import has_consent
from jifen.office.casework.department_scope import find_department_scope
from jifen.office.casework.models import Application, FalseRecord, MaterialVersion
from jifen.office.casework.rules import ENDED, PERSON
from jifen.office.desk.actions.threads import (
    has_unread_messages,
    mark_messages_read,
    may_write_messages,
)
from jifen.office.documents.actions import read_content
from jifen.office.documents.models import Document
from jifen.office.uploads.preview import draw_preview as draw
from jifen.office.web.cases import case_texts
from jifen.office.web.cases.corrections import describe_corrections
from jifen.office.web.cases.filing import describe_filing, read_files
from jifen.office.web.cases.gate_rows import gate_rows
from jifen.office.web.cases.store import unread_births
from jifen.office.web.data_access import log_case, log_look
from jifen.office.web.desk.case_messages import describe_threads
from jifen.office.web.notices.labels import papers_of
from jifen.office.web.public.panel import result_context
from jifen.office.web.signed import go, lang_of, say, signed_in, user_of, work_page
from jifen.office.web.waiting_labels import shown
from jifen.policy.text import Lang, Text
from jifen.scoring.result_status import describe_outcome


@signed_in
@require_safe
def case(request: HttpRequest, key: UUID) -> HttpResponse:
    """Everything about one case."""
    found = access_case(user_of(request), key)
    if found.is_staff:
        return go(reverse("review", args=[key]))
    application, lang = found.application, lang_of(request)
    log_case(request, application)
    waiting = (
        list_filing_faults(application, process_of(application)) if "submit" in found.acts else []
    )
    asked = describe_corrections(application, lang, staff=False)
    context = {
        "case": found,
        "agreed": has_consent(application),
        "a": application,
        "state": case_texts.STATES[application.state](lang),
        "policy": policy_of(application),
        "process": process_of(application),
        "materials": case_texts.material_rows(application, lang),
        "facts": []
        if application.submitted_at is None
        else case_texts.fact_rows(application, lang),
        "told": case_texts.messages_of(application, lang),
        "papers": papers_of(application, lang, timezone.localdate()),
        "office": find_office(application.city, application.district),
        "history": case_texts.history(application, lang, staff=False),
        "lacking": [{"words": f.words(lang), "place": f.place} for f in waiting],
        "correction": next((row for row in asked if row["state"] == "open"), None),
        "corrections": [row for row in asked if row["state"] != "open"],
        "unchanged": request.GET.get("unchanged") == "yes",
        "decision": case_texts.decision_of(application),
        **_decided(application, lang),
        "rechecks": application.rechecks.order_by("-id"),
        "false_records": _list_own_findings(found),
        "submit_key": str(uuid4()),
        "gates": gate_rows(application, lang),
        "waits": shown(list_rows_of_case(application.pk), lang, timezone.localdate(), desk=False),
        "over": application.state in ENDED,
        "open_materials": _open_materials(application),
        **describe_filing(found, lang),
        "unread_births": unread_births(application.family),
        "threads": describe_threads(found, lang),
        "to_answer": has_unread_messages(found),
        "may_answer": may_write_messages(application),
        "caution": cities.find_city(application.city).caution(lang),
    }
    mark_messages_read(found)
    return work_page(request, "cases/case.html", context)


def _list_own_findings(found: CaseAccess) -> "QuerySet[FalseRecord]":
    """What was found and is heard: the person's alone, not the employer's or the agency's."""
    rows = FalseRecord.objects.filter(application=found.application)
    return rows if PERSON in found.sides else rows.none()


def _open_materials(application: Application) -> set[str] | None:
    """The documents that may be uploaded now; None: all."""
    correction = application.corrections.filter(state="open").first()
    if correction is None:
        return None
    asked = set(correction.items.values_list("kind", "key"))
    return {
        m.id
        for m in process_of(application).materials
        if ("material", m.id) in asked or any(("fact", f) in asked for f in m.facts)
    }


def _decided(application: Application, lang: Lang) -> dict[str, Any]:
    """The signed decision: its stored result, and what that amounts to."""
    decision = case_texts.decision_of(application)
    if decision is None or decision.signed_at is None:
        return {"result": None, "standing": None, "outcome": ""}
    result: dict[str, Any] = json.loads(decision.result)
    return {
        "result": result,
        "standing": result_context(standing_of_decision(decision), lang),
        "outcome": describe_outcome(decision.outcome)(lang),
        "measure": rules_of(application).title(lang),
    }


@signed_in
@require_POST
def upload(request: HttpRequest, key: UUID, kind: str) -> HttpResponse:
    """Add pages to a document."""
    found = access_case(user_of(request), key, "upload")
    files = read_files(request)
    if not files:
        say(request, Text("请先选择文件。", "Choose a file first."), bad=True)
    else:
        made = materials.upload_files(found, kind, files)
        count = len(made)
        say(request, Text(f"已上传 {count} 个文件。", f"{count} file(s) uploaded."))
    return go(f"{reverse('case', args=[key])}#m-{kind}")


@signed_in
@require_POST
def drop(request: HttpRequest, key: UUID, version: int) -> HttpResponse:
    """Take an upload back."""
    found = access_case(user_of(request), key, "upload")
    row = MaterialVersion.objects.filter(pk=version, material__application=found.application)
    if one := row.select_related("material").first():
        materials.drop_version(found, one)
        say(request, Text("已撤回该文件。", "The file was taken back."))
    return go(reverse("case", args=[key]))


def _document(request: HttpRequest, key: UUID, version: int) -> tuple[Document, Any] | None:
    """A document of a case that the asker may see, once scanned; the read is recorded."""
    found = access_case(user_of(request), key)
    rows = MaterialVersion.objects.filter(pk=version, material__application=found.application)
    row = rows.select_related("document", "material").first()
    if row is None or (found.is_staff and not row.document.may_be_opened):
        return None
    scope = find_department_scope(found)
    if scope is not None and row.material.kind not in scope.materials:
        return None
    subject, what = f"application:{found.application.pk}", f"document {row.material.kind}"
    log_look(request, subject, what, city=found.application.city)
    return row.document, row


@signed_in
@require_safe
def document(request: HttpRequest, key: UUID, version: int) -> HttpResponse:
    """A document as it was uploaded: offered for saving, never run by the browser."""
    found = _document(request, key, version)
    if found is None:
        return HttpResponse(status=404)
    row = found[0]
    response = HttpResponse(read_content(row), content_type="application/octet-stream")
    extension = {"pdf": "pdf", "jpeg": "jpg", "png": "png"}[row.kind]
    name = f"{found[1].material.kind}-{found[1].number}.{extension}"
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


@signed_in
@require_safe
def preview(request: HttpRequest, key: UUID, version: int, number: int) -> HttpResponse:
    """One page as a picture made here."""
    found = _document(request, key, version)
    if found is None:
        return HttpResponse(status=404)
    row = found[0]
    return HttpResponse(draw(read_content(row), row.kind, number), content_type="image/jpeg")


@signed_in
@require_POST
def file_case(request: HttpRequest, key: UUID) -> HttpResponse:
    """Submit."""
    found = access_case(user_of(request), key, "submit")
    made = submit_case(found, request.POST.get("submit_key", "")[:80])
    words = Text(
        f"已提交，回执编号 {made.number}。",
        f"Submitted; the number of the receipt is {made.number}.",
    )
    say(request, words)
    return go(reverse("case", args=[key]))


@signed_in
@require_POST
def withdraw(request: HttpRequest, key: UUID) -> HttpResponse:
    """Take the application back."""
    words = request.POST.get("words", "")
    post_decision.withdraw_case(access_case(user_of(request), key, "withdraw"), words)
    say(request, Text("申请已撤回。", "The application was withdrawn."))
    return go(reverse("case", args=[key]))


@signed_in
@require_POST
def ask_expedite(request: HttpRequest, key: UUID) -> HttpResponse:
    """Ask for the expedited lane."""
    found = access_case(user_of(request), key, "ask_expedite")
    with transaction.atomic():
        row = expedited_lane.ask_expedite(
            found, request.POST.get("ground", ""), request.POST.get("words", "")
        )
        request_papers.add_request_papers(found, row, read_files(request))
    say(request, Text("加急申请已提交，等待主管批准。", "A supervisor will decide."))
    return go(reverse("case", args=[key]))


@signed_in
@require_POST
def ask_recheck(request: HttpRequest, key: UUID) -> HttpResponse:
    """Ask for a recheck, with reasons by line."""
    found = access_case(user_of(request), key, "ask_recheck")
    reasons = [
        {"line": name.removeprefix("line."), "words": str(words)[:2000]}
        for name, words in request.POST.items()
        if name.startswith("line.")
    ]
    with transaction.atomic():
        row = post_decision.ask_recheck(found, reasons)
        request_papers.add_request_papers(found, row, read_files(request))
    say(request, Text("复核申请已提交。", "The recheck was asked for."))
    return go(reverse("case", args=[key]))


@signed_in
@require_POST
def answer_false(request: HttpRequest, key: UUID, record: int) -> HttpResponse:
    """What the person says to a finding of false material."""
    found = access_case(user_of(request), key, "answer_false")
    row = FalseRecord.objects.filter(application=found.application, pk=record).first()
    if row:
        post_decision.answer_false_material(found, row, request.POST.get("words", ""))
        say(request, Text("陈述已提交。", "Your answer was recorded."))
    return go(reverse("case", args=[key]))
