"""The office for one command: settings, apps, a database that is up to date."""

import os

import django


def ready() -> None:
    """Ready for queries."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "jifen.office.site.settings")
    os.environ.setdefault("JIFEN_STATEMENT_SECONDS", "3600")  # nobody waits for a page
    django.setup()
