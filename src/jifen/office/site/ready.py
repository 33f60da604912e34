"""`/readyz`: whether this server should be sent requests. Details are for the operator only, on the
command line (`jifen doctor`): whoever asks here is not known."""

from django.http import HttpRequest, HttpResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from jifen.office.operate.doctor.basics import check_database, check_migrations

_known_good: set[str] = set()
"""Migrations that were found to be applied stay so while this process runs; looking at them reads
every file of them, which a visitor may not ask for again and again."""


@require_safe
@never_cache
def readyz(request: HttpRequest) -> HttpResponse:
    """200 where the database answers and is of this version, 503 where not."""
    del request
    is_ready = not check_database().is_fault and _is_migrated()
    words = "ready\n" if is_ready else "not ready\n"
    return HttpResponse(words, content_type="text/plain", status=200 if is_ready else 503)


def _is_migrated() -> bool:
    if not _known_good and not check_migrations().is_fault:
        _known_good.add("migrations")
    return bool(_known_good)
