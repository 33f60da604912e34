"""The app of the desks of the staff."""

from django.apps import AppConfig


class DeskConfig(AppConfig):
    """What the staff of a city keeps beside the cases."""

    name = "jifen.office.desk"
    label = "desk"

    def ready(self) -> None:
        """What stands here of a case goes with it."""
        from jifen.office.casework.retention import register_removal  # noqa: PLC0415 - apps first
        from jifen.office.desk.removal import remove_desk_rows  # noqa: PLC0415

        register_removal(remove_desk_rows)
