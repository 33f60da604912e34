"""The WSGI application that granian serves."""

import os

from django.conf import settings
from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "jifen.office.site.settings")

from jifen.office.site.request_bodies import TimedBodies

_django = get_wsgi_application()

from jifen.office.site.metrics.exposition import start_metrics_server  # noqa: E402 - needs the apps
from jifen.office.site.start_checks import refuse_wrong_start  # noqa: E402 - needs the apps
from jifen.rulebook.faulty_cities import leave_out_broken  # noqa: E402

leave_out_broken()
refuse_wrong_start()
if settings.JIFEN_METRICS:
    start_metrics_server(settings.JIFEN_METRICS, settings.JIFEN_METRICS_TOKEN)
application = TimedBodies(
    _django,
    seconds=settings.JIFEN_BODY_SECONDS,
    rate=settings.JIFEN_BODY_RATE,
    places=max(settings.JIFEN_THREADS * 3 // 4, 1),
)
