"""What is open for somebody today, and what is not."""

from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_safe

from jifen.cities import index
from jifen.entitlements import assess_entitlement, load_entitlements
from jifen.office.lists.models import Entry
from jifen.office.registry.models import Person
from jifen.office.web.mine.known_status import find_known_status
from jifen.office.web.public.entitlements import parts
from jifen.office.web.signed import signed_in, user_of, work_page


@signed_in
@require_safe
def show_my_entitlements(request: HttpRequest, city: str) -> HttpResponse:
    """By the permit, the points and the settlement routes of a city."""
    person = Person.objects.filter(user=user_of(request)).first()
    if person is None or city not in index():
        raise Http404
    on, whole = timezone.localdate(), load_entitlements(city)
    known = find_known_status(person, city, on)
    context = {
        "city": index()[city],
        "whole": whole,
        "known": known,
        "on": on,
        "parts": parts(
            assess_entitlement(entitlement, known, on) for entitlement in whole.list_in_force(on)
        ),
        "place": Entry.objects.filter(decision__application__person=person, city=city).last(),
    }
    return work_page(request, "mine/opens.html", context)
