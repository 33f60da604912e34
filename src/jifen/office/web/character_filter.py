"""Characters that no hand types and not every database keeps: they are taken out where a form is
read, once for every page. (The API refuses them: `jifen.office.api.text_checks`.)"""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse, QueryDict

from jifen.office.web.errors import not_found

NUL = "\0"
"""PostgreSQL keeps every character but this one, and no search can ask for it."""


class CleanMiddleware:
    """Forms and queries without NUL; an address with it leads nowhere. A form is read when a view
    asks for it, not before: some views bound first how much they take."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if NUL in request.path_info:
            return not_found(request)
        if "%00" in request.META.get("QUERY_STRING", ""):
            request.GET = cleaned(request.GET)  # type: ignore[assignment] # a QueryDict too
        if request.method == "POST":
            _clean_when_read(request)
        return self._get_response(request)


def _clean_when_read(request: HttpRequest) -> None:
    load = request._load_post_and_files

    def loaded() -> None:
        load()
        request.POST = cleaned(request.POST)  # type: ignore[assignment] # a QueryDict too

    request._load_post_and_files = loaded  # type: ignore[method-assign] # of this request only


def cleaned(said: QueryDict) -> QueryDict:
    """The same without NUL."""
    if not any(NUL in text for name, texts in said.lists() for text in (name, *texts)):
        return said
    found = QueryDict(mutable=True, encoding=said.encoding)
    for name, texts in said.lists():
        found.setlist(name.replace(NUL, ""), [text.replace(NUL, "") for text in texts])
    found._mutable = False
    return found
