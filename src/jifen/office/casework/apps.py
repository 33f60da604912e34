"""The app of casework."""

from django.apps import AppConfig


class CaseworkConfig(AppConfig):
    """Applications, materials, reviews, decisions."""

    name = "jifen.office.casework"
    label = "casework"

    def ready(self) -> None:
        """Points of a permit that is cancelled wait for no renewal."""
        from jifen.office.casework.waiting_rows import end_waits_of_permit  # noqa: PLC0415 - needs the apps
        from jifen.office.registry.permit_cancellations import follow_cancellations  # noqa: PLC0415

        follow_cancellations(end_waits_of_permit)
