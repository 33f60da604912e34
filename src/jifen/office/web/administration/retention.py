"""What is past its years of keeping: listed, and removed by the administrator of the server."""

from itertools import islice

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from jifen.office.audit.roles import refuse_removal
from jifen.office.casework.retention import list_expired_cases
from jifen.office.web.administration.door import list_administered_cities, show_administration
from jifen.office.web.data_access import log_look
from jifen.office.web.signed import signed_in, user_of

MOST_ROWS = 200


@signed_in
@require_safe
def show_retention(request: HttpRequest) -> HttpResponse:
    """A dry run: which cases `jifen retention --wet-run` would remove. Nothing is removed here: the
    site may not delete what the log speaks of."""
    cities = list_administered_cities(request)
    asked = request.GET.get("list") == "1"
    expired = list(islice(list_expired_cases(cities=cities), MOST_ROWS)) if asked else []
    if expired:
        log_look(request, f"user:{user_of(request).pk}", "expired cases", city=cities[0])
    context = {
        "asked": asked,
        "rows": expired,
        "is_cut": len(expired) == MOST_ROWS,
        "site_may_not": refuse_removal() is not None,
    }
    return show_administration(request, "administration/retention.html", context)
