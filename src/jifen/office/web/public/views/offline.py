"""The service worker, and the page that it shows where there is neither a network nor a copy."""

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from jifen.cities import index
from jifen.office.web.page import page
from jifen.office.web.public.offline import service_worker
from jifen.office.web.public.packed_files import serve_packed


@require_safe
def worker(request: HttpRequest) -> HttpResponse:
    """The script stands at the root, since a worker sees what lies below its own address."""
    return serve_packed(request, service_worker(), "text/javascript; charset=utf-8", kept=False)


@require_safe
def offline(request: HttpRequest) -> HttpResponse:
    """Which cities can be opened without a network."""
    return page(request, "public/offline.html", {"cities": list(index().values())}, here="offline")
