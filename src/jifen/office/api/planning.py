"""The operation that plans when the threshold is reached. Facts of a request are not stored."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from ninja import Router

from jifen import cities
from jifen.facts.fault import FactsError
from jifen.office.api.request_faults import read_language, to_request_fault
from jifen.office.api.schemas import Problem, RouteWanted
from jifen.office.api.tokens import READ
from jifen.office.api.words import say
from jifen.office.casework.faults import CaseFault, SeveralFaults
from jifen.planning.case import PlanCase, Wishes, build_case
from jifen.planning.faults import UnusableWishes, find_wish_faults
from jifen.planning.initial_state import Habits
from jifen.planning.moves_file import NoMoves
from jifen.planning.planner import PlanResult
from jifen.planning.serialization import serialize_plans
from jifen.planning.several_cities import CaseBuilder, plan_for_cities
from jifen.policy.fault import DocumentError, Fault
from jifen.policy.policy import Policy
from jifen.policy.text import Lang, Text

router = Router()
_FAULTS = {400: Problem, 401: Problem, 404: Problem, 409: Problem, 422: Problem}


@router.post("/route", response={200: dict[str, Any], **_FAULTS}, auth=READ)
def find_route(request: HttpRequest, response: HttpResponse, body: RouteWanted) -> dict[str, Any]:
    """The years ahead of a person, the routes to the line or the risks of losing it: the result is
    `jifen.route.v1`, as `jifen route --json` gives it (docs/route.md)."""
    response.headers["Cache-Control"] = "private, no-store"
    lang = read_language(request)
    try:
        answers = _plan_for_body(body, lang)
    except DocumentError as error:
        raise SeveralFaults(map(_to_request_fault, error.faults)) from None
    except (LookupError, NoMoves) as error:
        none = say("planning.route", error=str(error))
        raise CaseFault("JF-A004", none, "on") from None
    return serialize_plans(answers, lang)


def _to_request_fault(fault: Fault) -> CaseFault:
    words = f"{fault.found}: {fault.expected}; {fault.remedy}"
    return CaseFault(fault.code, Text(words, words), fault.place.file)


def _plan_for_body(body: RouteWanted, lang: Lang) -> list[PlanResult]:
    names = list(dict.fromkeys(body.cities)) or [body.city or next(iter(cities.index()))]
    on = body.on or timezone.localdate()
    policies = {name: _find_policy(name, body.version, on) for name in names}
    if not any(policies.values()):
        raise LookupError(f"no measure of {', '.join(names)} is in force on {on}")
    case_builder = _build_cases(body, on, policies)
    try:
        results = plan_for_cities(
            names,
            body.facts,
            on,
            case_builder,
            policies=policies,
            readings=body.readings,
            most=body.moves,
            lang=lang,
        )
        return list(results)
    except FactsError as error:
        # faults of the wishes do not depend on the facts: both are reported together
        cases = [case_builder(name, {}) for name, policy in policies.items() if policy]
        faults = [*error.fact_faults, *find_wish_faults(cases, body.moves)]
        raise SeveralFaults(map(to_request_fault, faults)) from None
    except UnusableWishes as error:
        raise SeveralFaults(map(to_request_fault, error.wish_faults)) from None


def _build_cases(
    body: RouteWanted, on: date, policies: Mapping[str, Policy | None]
) -> CaseBuilder[str]:
    """What is asked, for each city and the facts that it knows."""
    wishes, pays = _read_wishes(body), None if body.pays is None else Decimal(str(body.pays))

    def build_for_city(name: str, facts: Mapping[str, Any]) -> PlanCase:
        return build_case(
            name,
            facts,
            on,
            policy=policies[name] if body.version else None,
            years=body.years,
            wishes=wishes.wishes_for_city(name, policies),
            habits=Habits(pays=pays),
            readings=body.readings,
        )

    return build_for_city


def _find_policy(city: str, version: str, on: date) -> Policy | None:
    return cities.load(city, version) if version else cities.in_force(city, on)


def _read_wishes(body: RouteWanted) -> Wishes:
    yuan = {move: Decimal(str(yuan)) for move, yuan in body.yuan.items()}
    return Wishes(frozenset(body.without), dict(body.months), yuan)
