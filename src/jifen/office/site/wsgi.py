"""The WSGI application that granian serves."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "jifen.office.site.settings")
application = get_wsgi_application()

from jifen.office.site.start_checks import refuse_wrong_start  # noqa: E402 - needs the apps

refuse_wrong_start()
