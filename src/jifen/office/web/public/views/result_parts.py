"""Parts of the result that take a moment: the way in three cards, and the calendar file."""

from datetime import date

from django.http import HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from jifen.cities import City
from jifen.office.web.budget import PLANNER
from jifen.office.web.page import template_of
from jifen.office.web.preferences import preferences
from jifen.office.web.public.answers import from_post
from jifen.office.web.public.catalogue import city_or_404, day_or, readable, today
from jifen.office.web.public.next_steps.cards import way_ahead
from jifen.office.web.public.next_steps.dates import calendar_file, dates_of
from jifen.office.web.public.next_steps.filing import filing
from jifen.office.web.public.self_assessment import Work, work_out


@csrf_exempt
@require_POST
@PLANNER.spends
def cards(request: HttpRequest, city: str) -> HttpResponse:
    """The three routes, as a part of the result page; 204 where there is no measure."""
    found = city_or_404(city)
    work = _work(request, found)
    if work is None:
        return HttpResponse(status=204)
    lang = preferences(request).lang
    way = way_ahead(work, lang)
    dated = dates_of(found, work.on, filing(work, lang), way, lang)
    context = {"way": way, "dated": dated, "city": found}
    return HttpResponse(template_of(lang, "public/cards.html").render(context))


@csrf_exempt
@require_POST
@PLANNER.spends
def dates(request: HttpRequest, city: str) -> HttpResponse:
    """The dates of the result as a file for the phone's calendar."""
    found = city_or_404(city)
    work = _work(request, found)
    if work is None:
        return HttpResponse(status=204)
    lang = preferences(request).lang
    dated = dates_of(found, work.on, filing(work, lang), way_ahead(work, lang), lang)
    response = HttpResponse(calendar_file(dated), content_type="text/calendar; charset=utf-8")
    response.headers["Content-Disposition"] = f'attachment; filename="jifen-{found.id}.ics"'
    return response


def _work(request: HttpRequest, city: City) -> Work | None:
    on: date = day_or(request.POST.get("as_of"), today())
    policy = readable(city.version_on(on))
    if policy is None:
        return None
    return work_out(policy, on, from_post(policy.vocabulary, request.POST), presets=False)
