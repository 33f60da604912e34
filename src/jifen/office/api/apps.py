"""The app of the API."""

from django.apps import AppConfig


class ApiConfig(AppConfig):
    """Tokens, requests that were answered, webhooks."""

    name = "jifen.office.api"
    label = "api"

    def ready(self) -> None:
        """What waits and fails here is shown with what waits and fails elsewhere."""
        from jifen.office.administration.failed_deliveries import (  # noqa: PLC0415 - apps first
            register_source,
        )
        from jifen.office.api.failed_webhooks import WEBHOOK_QUEUE, FailedWebhooks  # noqa: PLC0415
        from jifen.office.operate.queues import register_queue  # noqa: PLC0415

        register_queue(WEBHOOK_QUEUE)
        register_source(FailedWebhooks())
