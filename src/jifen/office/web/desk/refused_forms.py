"""A refused act shows the page of the case again, with what was typed and why it was refused."""

from collections.abc import Callable
from functools import wraps
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse

from jifen.office.web.desk.door import staff_case
from jifen.office.web.desk.review import review_page
from jifen.office.web.signed import WORDS

Act = Callable[..., HttpResponse]


def keeps_typed(act: Act) -> Act:
    """Of a form that names itself (`form`): refused, nothing that stands in it is lost (422)."""

    @wraps(act)
    def guarded(request: HttpRequest, key: UUID, **where: Any) -> HttpResponse:
        try:
            return act(request, key, **where)
        except WORDS as error:
            form = request.POST.get("form", "")
            if not form:
                raise
            return review_page(request, staff_case(request, key), form=form, refused=error.words)

    return guarded
