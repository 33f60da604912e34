"""The app of notices."""

from django.apps import AppConfig


class NoticesConfig(AppConfig):
    """Notices with a number, their sheets, what was revoked, who looked."""

    name = "jifen.office.notices"
    label = "notices"

    def ready(self) -> None:
        """What casework removes after its years takes its notices along."""
        from jifen.office.casework import retention  # noqa: PLC0415 - needs the models
        from jifen.office.notices.actions.removal import remove_notices  # noqa: PLC0415

        retention.register_removal(remove_notices)
