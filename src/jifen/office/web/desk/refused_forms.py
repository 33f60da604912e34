"""A refused act shows the page of the case again, with what was typed and why it was refused."""

from collections.abc import Callable
from functools import wraps
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse

from jifen.office.desk.actions.form_drafts import forget_form_draft
from jifen.office.web.desk.door import staff_case
from jifen.office.web.desk.review import review_page
from jifen.office.web.signed import WORDS, user_of

Act = Callable[..., HttpResponse]


def keeps_typed(act: Act) -> Act:
    """Of a form that names itself (`form`): refused, nothing that stands in it is lost (422); done,
    what was stored of it while it was typed is forgotten."""

    @wraps(act)
    def guarded(request: HttpRequest, key: UUID, **where: Any) -> HttpResponse:
        form = request.POST.get("form", "")
        try:
            response = act(request, key, **where)
        except WORDS as error:
            if not form:
                raise
            return review_page(request, staff_case(request, key), form=form, refused=error.words)
        if form:
            forget_form_draft(user_of(request), staff_case(request, key).application, form)
        return response

    return guarded
