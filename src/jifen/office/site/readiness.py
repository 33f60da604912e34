"""`/readyz`: whether this server should get requests. It is public, so details are shown only on
the command line (`jifen doctor`)."""

from django.http import HttpRequest, HttpResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from jifen.office.operate.doctor.basics import check_database, check_migrations

_known_applied: set[str] = set()
"""Set once the migrations were found to be applied, since they stay so while this process runs;
checking reads every migration file, which visitors must not cause again and again."""


@require_safe
@never_cache
def readyz(request: HttpRequest) -> HttpResponse:
    """200 where the database answers and is of this version, 503 where not."""
    del request
    is_ready = not check_database().is_fault and _is_migrated()
    words = "ready\n" if is_ready else "not ready\n"
    return HttpResponse(words, content_type="text/plain", status=200 if is_ready else 503)


def _is_migrated() -> bool:
    if not _known_applied and not check_migrations().is_fault:
        _known_applied.add("migrations")
    return bool(_known_applied)
