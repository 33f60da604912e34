"""When the line is reached, and by which moves: one click after the self-assessment.

Nothing is stored: the facts come with the form and go with the page.
"""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.urls import reverse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from jifen.cities import City
from jifen.office.web.budget import PLANNER
from jifen.office.web.other_cities import elsewhere
from jifen.office.web.page import page
from jifen.office.web.planner import YEARS, route_context, typed_moves, wishes_of, years_of
from jifen.office.web.preferences import preferences
from jifen.office.web.public.answers import from_post
from jifen.office.web.public.catalogue import city_or_404, day_or, readable, today
from jifen.office.web.public.faults import in_words
from jifen.office.web.public.questions import Question, question
from jifen.office.web.public.self_assessment import Work, work_out
from jifen.planning.case import build_case
from jifen.planning.messages import CITIES_ASSUMPTION
from jifen.planning.moves_file import has_moves, moves_for_city
from jifen.planning.planner import PlanResult, plan
from jifen.policy.policy import Policy
from jifen.policy.text import Lang, Text

_OWN = ("without.", "takes.", "cost.", "years", "others", "act")
"""What the page asks beside the facts."""
_BAD = Text(
    "应为 0 到 %s 的数字，暂按原值计算。", "Expected a number from 0 to %s; left out for now."
)


@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
@PLANNER.spends
def route(request: HttpRequest, city: str) -> HttpResponse:
    """The years ahead, the routes or the risks, and what can be chosen about the moves."""
    found, lang = city_or_404(city), preferences(request).lang
    on = day_or(request.POST.get("as_of"), today())
    policy = readable(found.version_on(on))
    if request.method != "POST" or policy is None:
        return HttpResponseRedirect(reverse("assess", args=[found.id]))
    work = work_out(policy, on, from_post(policy.vocabulary, request.POST))
    context: dict[str, Any] = {
        "city": found,
        "on": on,
        "policy": policy,
        "rules": work.rules,
        "kept": _kept(request.POST),
        "step_by_step": "walk.at" in request.POST,
        "faults": [in_words(fault, work.rules.vocabulary, lang) for fault in work.faults],
        "years": years_of(request.POST),
        "all_years": YEARS,
        "answer": None,
        "asked": [],
        "no_moves": not has_moves(found.id),
    }
    if not work.faults and not context["no_moves"]:
        context |= _answered(found, work, policy, request.POST, lang)
        asked = {one.id for one in context["asked"]}
        context["kept"] = [
            (name, text) for name, text in context["kept"] if not {name, text} & asked
        ]
    return page(
        request,
        "public/route.html",
        context,
        keeps_form=True,
        here=found.id,
        path=reverse("route", args=[found.id]),
    )


def _answered(
    city: City, work: Work, policy: Policy, post: QueryDict, lang: Lang
) -> Mapping[str, Any]:
    moves = moves_for_city(city.id)
    wishes, wrong = wishes_of(post, tuple(move.id for move in moves.moves))
    case = build_case(
        city.id,
        work.given(),
        work.on,
        years=years_of(post),
        wishes=wishes,
        readings=work.answers.readings,
    )
    answer = plan(case)
    return route_context(answer, lang) | {
        "answer": answer,
        "asked": _asked(work, answer, lang),
        "typed": typed_moves(moves, post),
        "without": wishes.ruled_out,
        "wrong": {name: _BAD(lang) % _most(name) for name in wrong},
        "taken": CITIES_ASSUMPTION(lang),
        "elsewhere": elsewhere(case) if post.get("others") == "on" else None,
    }


def _asked(work: Work, answer: PlanResult, lang: Lang) -> list[Question]:
    """The questions that decide on the earliest day and have one field: asked on this page, also
    where the form hides them because the score of today does not hang on them."""
    decided_by = answer.earliest_day.decided_by if answer.earliest_day else ()
    facts = [work.rules.vocabulary[ident] for ident in decided_by]
    fields = [fact.id for fact in facts if not fact.is_record and fact.type != "dates"]
    return [replace(question(work, ident, lang), visible=True) for ident in fields]


def _most(name: str) -> str:
    return "360" if name.startswith("takes.") else "100,000,000"


def _kept(post: QueryDict) -> list[tuple[str, str]]:
    """The answers of the form, carried along as they were typed."""
    return [
        (name, text[:20_000])
        for name, texts in post.lists()
        if not name.startswith(_OWN)
        for text in texts[:600]
    ]
