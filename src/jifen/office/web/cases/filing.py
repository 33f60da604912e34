"""Filling and filing a draft quickly: all files at once, facts from registers."""

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import reverse
from django.views.decorators.http import require_POST

from jifen.office.casework.access import CaseAccess, access_case
from jifen.office.casework.actions import prefill as prefilling
from jifen.office.casework.actions import sorting
from jifen.office.casework.case_policy import label_item
from jifen.office.casework.consent import has_consent
from jifen.office.casework.faults import CaseFault
from jifen.office.notices.content.application_form import APPLICATION_FORM
from jifen.office.registry.registers import REGISTERS
from jifen.office.uploads.fault import UploadFault
from jifen.office.web.numbers import whole_number
from jifen.office.web.signed import go, lang_of, say, signed_in, user_of
from jifen.policy.text import Lang, Text

ONE_BY_ONE = "one"
"""What the script of the page adds to a file that it sends alone, to show how far it is."""


def read_files(request: HttpRequest) -> list[tuple[str, bytes]]:
    """The files of a form, each with its name."""
    return [(file.name or "", file.read()) for file in request.FILES.getlist("files")]


def describe_filing(case: CaseAccess, lang: Lang) -> dict[str, Any]:
    """What the page of a case shows for filling and sorting."""
    application = case.application
    may_upload = "upload" in case.acts and not application.corrections.filter(state="open").exists()
    return {
        "may_drop_all": may_upload,
        "unsorted": sorting.list_unsorted_files(application) if "upload" in case.acts else [],
        "sortable": [
            (kind, label(lang)) for kind, label in sorting.list_sortable_materials(application)
        ],
        "may_prefill": "edit" in case.acts
        and application.submitted_at is None
        and has_consent(application),
        "own_form": APPLICATION_FORM,
    }


@signed_in
@require_POST
def upload_files(request: HttpRequest, key: UUID) -> HttpResponse:
    """Keep files that are not sorted yet; a script sends them one by one."""
    case = access_case(user_of(request), key, "upload")
    files = read_files(request)
    alone = request.POST.get("by") == ONE_BY_ONE
    if alone:
        return _answer_script(request, case, files)
    if not files:
        say(request, Text("请先选择文件。", "Choose files first."), bad=True)
    else:
        count = len(sorting.upload_unsorted(case, files))
        say(
            request,
            Text(f"已收到 {count} 个文件，请归类。", f"{count} file(s) are here: sort them."),
        )
    return go(f"{reverse('case', args=[key])}#unsorted")


def _answer_script(
    request: HttpRequest, case: CaseAccess, files: list[tuple[str, bytes]]
) -> HttpResponse:
    try:
        sorting.upload_unsorted(case, files)
    except (CaseFault, UploadFault) as fault:
        return JsonResponse({"words": fault.words(lang_of(request))}, status=422)
    return JsonResponse({"words": ""})


@signed_in
@require_POST
def sort_uploaded_files(request: HttpRequest, key: UUID) -> HttpResponse:
    """Put each file to the document that was said."""
    case = access_case(user_of(request), key, "upload")
    kinds = {
        number: str(kind)
        for name, kind in request.POST.items()
        if name.startswith("kind.") and (number := whole_number(name[5:])) is not None
    }
    count = sorting.sort_files(case, kinds)
    say(request, Text(f"已归类 {count} 个文件。", f"{count} file(s) were sorted."))
    return go(f"{reverse('case', args=[key])}#materials")


@signed_in
@require_POST
def prefill(request: HttpRequest, key: UUID) -> HttpResponse:
    """Fill the draft from registers; what was typed stays."""
    case = access_case(user_of(request), key, "edit")
    result = prefilling.fill_from_registers(case)
    labels = [label_item(case.application, "fact", fact) for fact in result.facts]
    filled = Text("、".join(label.zh for label in labels), ", ".join(label.en for label in labels))
    words = (
        Text(f"已填入：{filled.zh}。请逐项核对。", f"Filled in: {filled.en}. Check each of them.")
        if labels
        else Text("登记部门没有可以填入的内容。", "The registers hold nothing to fill in.")
    )
    say(request, words)
    for name in result.silent_registers:
        register = REGISTERS[name]
        silent = Text(
            f"{register.zh}暂时没有应答，请稍后再试。",
            f"The {register.en} does not answer now: try again later.",
        )
        say(request, silent, bad=True)
    return go(reverse("draft", args=[key]))
