"""The app of published policies."""

from typing import Any

from django.apps import AppConfig
from django.db.models.signals import post_migrate

from jifen.cities import add_editions


def _record(**_: Any) -> None:
    from jifen.office.workshop.actions.editions import record_editions  # noqa: PLC0415 - needs the models

    record_editions()


class WorkshopConfig(AppConfig):
    """Records every shipped policy after the database is brought up to date."""

    name = "jifen.office.workshop"
    label = "workshop"

    def ready(self) -> None:
        """Listen for the end of a migration; versions put in force are versions of their cities."""
        from jifen.office.workshop.editions_in_force import edition_folders  # noqa: PLC0415 - needs the models

        add_editions(edition_folders)
        post_migrate.connect(_record, sender=self, dispatch_uid="workshop.record_editions")
