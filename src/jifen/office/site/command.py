"""The office for one command: settings, apps, a database that is up to date."""

import os

import django


def ready() -> None:
    """Ready for queries."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "jifen.office.site.settings")
    os.environ.setdefault("JIFEN_STATEMENT_SECONDS", "3600")  # nobody waits for a page
    django.setup()
    from jifen.office.workshop.adopted import refresh_editions  # noqa: PLC0415 - needs the apps

    refresh_editions(now=True)


def migrated() -> None:
    """Bring the database up to date, one process at a time; shipped policies are recorded on the
    way. A role that does not own the tables finds it so, or says who has to: raises
    ImproperlyConfigured."""
    from django.core.exceptions import ImproperlyConfigured  # noqa: PLC0415 - needs the settings
    from django.core.management import call_command  # noqa: PLC0415 - needs the settings
    from django.db import connection  # noqa: PLC0415 - needs the settings

    from jifen.office.audit.faults import build_log_fault  # noqa: PLC0415 - needs the models
    from jifen.office.audit.roles import current_role  # noqa: PLC0415 - needs the models
    from jifen.office.operate.migrating import alone, open_migrations  # noqa: PLC0415 - the same

    role, owns = current_role()
    if not owns and open_migrations():
        raise ImproperlyConfigured(
            build_log_fault("JF-J008", "pending", role=role).in_both_languages
        )
    if connection.vendor == "postgresql":  # a change of a large table may take its time
        with connection.cursor() as cursor:
            cursor.execute("SET statement_timeout = 0")
    with alone():
        call_command("migrate", interactive=False, verbosity=0)
        call_command("createcachetable", verbosity=0)
    connection.close()


def refuse_unmigrated() -> None:
    """Raise ImproperlyConfigured where the database is of another version: in production nothing is
    changed by starting the site."""
    from django.core.exceptions import ImproperlyConfigured  # noqa: PLC0415 - needs the settings

    from jifen.office.operate.doctor.basics import migrations  # noqa: PLC0415 - needs the models

    finding = migrations()
    if finding.is_fault:
        raise ImproperlyConfigured(f"{finding.words.zh}\n{finding.words.en}")
