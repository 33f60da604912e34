"""When the line is reached, for a program: the facts come with the question and are not kept."""

from decimal import Decimal
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from ninja import Router

from jifen import cities
from jifen.facts.fault import FactsError
from jifen.office.api.shapes import Problem, RouteWanted
from jifen.office.api.tokens import READ
from jifen.office.casework.faults import CaseFault
from jifen.planning.answer import plan
from jifen.planning.case import Wishes, case_of
from jifen.planning.read import NoMoves
from jifen.planning.told import to_dict
from jifen.policy.fault import DocumentError
from jifen.policy.text import Text

router = Router()
_FAULTS = {400: Problem, 401: Problem, 404: Problem, 409: Problem, 422: Problem}


@router.post("/route", response={200: dict[str, Any], **_FAULTS}, auth=READ)
def find_route(request: HttpRequest, response: HttpResponse, body: RouteWanted) -> dict[str, Any]:
    """The years ahead of a person, the routes to the line or the risks of losing it: the result is
    `jifen.route.v1`, as `jifen route --json` gives it (docs/route.md)."""
    response.headers["Cache-Control"] = "private, no-store"
    lang = "en" if request.headers.get("Accept-Language", "").startswith("en") else "zh"
    try:
        answer = plan(_case(body), most=body.moves)
    except FactsError as error:
        first = error.fact_faults[0]
        raise CaseFault(
            first.code, Text(first.words("zh"), first.words("en")), first.path
        ) from None
    except DocumentError as error:
        fault = error.faults[0]
        words = f"{fault.found}: {fault.expected}; {fault.remedy}"
        raise CaseFault(fault.code, Text(words, words), fault.place.file) from None
    except (LookupError, NoMoves) as error:
        none = Text("这一天没有施行中的办法。", str(error))
        raise CaseFault("JF-A004", none, "on") from None
    return to_dict([answer], "en" if lang == "en" else "zh")


def _case(body: RouteWanted) -> Any:
    cities.find(body.city)
    wishes = Wishes(
        frozenset(body.without),
        dict(body.months),
        {move: Decimal(str(yuan)) for move, yuan in body.yuan.items()},
    )
    on = body.on or timezone.localdate()
    return case_of(body.city, body.facts, on, years=body.years, wishes=wishes)
