"""Preparation of the office for a command: settings, apps and a migrated database."""

import os

import django


def set_up_django() -> None:
    """Load settings and apps, so that queries can be made."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "jifen.office.site.settings")
    os.environ.setdefault("JIFEN_STATEMENT_SECONDS", "3600")  # nobody waits for a page
    django.setup()
    from jifen.office.administration.calendar_years import follow_years  # noqa: PLC0415 - needs the apps
    from jifen.office.administration.districts import follow_districts  # noqa: PLC0415 - the same
    from jifen.office.workshop.editions_in_force import follow_editions  # noqa: PLC0415 - the same

    follow_editions(now=True)
    follow_years(now=True)
    follow_districts(now=True)


def migrate_database() -> None:
    """Migrate the database, one process at a time; shipped policies are recorded too. Raises
    ImproperlyConfigured where migrations are open and the role does not own the tables."""
    from django.core.exceptions import ImproperlyConfigured  # noqa: PLC0415 - needs the settings
    from django.core.management import call_command  # noqa: PLC0415 - needs the settings
    from django.db import connection  # noqa: PLC0415 - needs the settings

    from jifen.office.audit.faults import build_log_fault  # noqa: PLC0415 - needs the models
    from jifen.office.audit.roles import current_role  # noqa: PLC0415 - needs the models
    from jifen.office.operate.open_migrations import hold_migration_lock, list_open_migrations  # noqa: PLC0415 - the same

    role, owns = current_role()
    if not owns and list_open_migrations():
        raise ImproperlyConfigured(
            build_log_fault("JF-J008", "pending", role=role).in_both_languages
        )
    if connection.vendor == "postgresql":  # a change of a large table may take its time
        with connection.cursor() as cursor:
            cursor.execute("SET statement_timeout = 0")
    with hold_migration_lock():
        call_command("migrate", interactive=False, verbosity=0)
        call_command("createcachetable", verbosity=0)
    connection.close()


def refuse_unmigrated() -> None:
    """Raise ImproperlyConfigured where the database is of another version: in production nothing is
    changed by starting the site."""
    from django.core.exceptions import ImproperlyConfigured  # noqa: PLC0415 - needs the settings

    from jifen.office.operate.doctor.basics import check_migrations  # noqa: PLC0415 - needs the models

    finding = check_migrations()
    if finding.is_fault:
        raise ImproperlyConfigured(f"{finding.words.zh}\n{finding.words.en}")
