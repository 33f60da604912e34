"""A new case: for whom, through which employer, at which office, with which answers."""

from typing import Any

from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from jifen.cities import index
from jifen.office.casework.access import CaseAccess
from jifen.office.casework.actions.drafts import open_draft
from jifen.office.casework.actions.prefill import fill_from_number
from jifen.office.registry.access import list_own_units, list_represented_employers
from jifen.office.registry.actions.people import find_or_add_person
from jifen.office.registry.faults import RegistryFault
from jifen.office.registry.models import Mandate, Person, Unit
from jifen.office.web.mine.brought_answers import read_brought_answers, save_brought_answers
from jifen.office.web.mine.views import find_process_today
from jifen.office.web.public.shared import shared_with_any
from jifen.office.web.signed import WORDS, go, lang_of, say, signed_in, user_of, work_page
from jifen.policy.text import Text
from jifen.process import Process


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def begin_case(request: HttpRequest, city: str) -> HttpResponse:
    """A new case; the answers that the device keeps are taken in only where that was ticked."""
    process = find_process_today(city)
    if process is None:
        raise Http404
    user = user_of(request)
    employers = [unit for unit in list_represented_employers(user) if unit.city == city]
    person = Person.objects.filter(user=user).first()
    words, place, typed = "", "", request.POST
    if request.method == "POST":
        try:
            return _begin(request, city, process, employers, person)
        except WORDS as error:
            words, place = error.words(lang_of(request)), getattr(error, "place", "")
    context = {
        "city": index()[city],
        "process": process,
        "employers": employers,
        "person": person,
        "alone": "person" in process.filers,
        "error": words,
        "place": place,
        "typed": typed,
        "shared": shared_with_any(city),
    }
    return work_page(request, "mine/begin.html", context, status=422 if words else 200)


def _begin(
    request: HttpRequest, city: str, process: Process, employers: list[Unit], own: Person | None
) -> HttpResponse:
    """The draft with what was brought, or nothing at all."""
    brought = read_brought_answers(request.POST, city)
    with transaction.atomic():
        case = _open_case(request, city, process, employers, own)
        count = save_brought_answers(case, brought) if brought else 0
        fill_from_number(case)
    if count:
        words = Text(
            f"已带入这台设备上的 {count} 项答案，请逐项核对。",
            f"Answers brought from this device: {count}. Check each of them.",
        )
        say(request, words)
    return go(reverse("draft", args=[case.application.key]))


def _open_case(
    request: HttpRequest, city: str, process: Process, employers: list[Unit], own: Person | None
) -> CaseAccess:
    user, post = user_of(request), request.POST
    if post.get("for") == "self" and own and "person" in process.filers:
        _check_district(process, post.get("district", ""))
        return open_draft(user, city, own, unit=None, district=post["district"])
    unit = next((u for u in employers if str(u.pk) == post.get("unit")), None)
    if unit is None:
        raise RegistryFault("JF-G030", Text("请选择用人单位。", "Choose the employer."), "unit")
    district = unit.district if process.office == "employer_district" else post.get("district", "")
    _check_district(process, district)
    person = find_or_add_person(
        user, post.get("identity", ""), post.get("name", ""), post.get("phone", "")
    )
    agency = find_agency(user, unit)
    return open_draft(user, city, person, unit=unit, agency=agency, district=district)


def _check_district(process: Process, district: str) -> None:
    if not process.takes_district(district):
        words = Text("请选择受理的区。", "Choose the district of the office.")
        raise RegistryFault("JF-G031", words, "district")


def find_agency(user: Any, unit: Unit) -> Unit | None:
    """The agency through which somebody acts, where they are not of the employer itself."""
    own_units = list_own_units(user)
    if own_units.filter(pk=unit.pk).exists():
        return None
    mandates = Mandate.objects.filter(employer=unit, agency__in=own_units, ended_at__isnull=True)
    mandate = mandates.select_related("agency").first()
    return mandate.agency if mandate else None
