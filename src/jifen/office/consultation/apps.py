"""The app of consultations."""

from django.apps import AppConfig


class ConsultationConfig(AppConfig):
    """Consultations on revisions of drafts, and those who subscribe to their notices."""

    name = "jifen.office.consultation"
    label = "consultation"

    def ready(self) -> None:
        """An adoption asks whether the public was consulted."""
        from jifen.office.consultation.queries import find_consulted  # noqa: PLC0415 - needs the models
        from jifen.office.workshop.readiness import ask_for_consultations  # noqa: PLC0415 - the same

        ask_for_consultations(find_consulted)
