"""The app of what keeps an installation running."""

from django.apps import AppConfig


class OperateConfig(AppConfig):
    """Heartbeats of background processes."""

    name = "jifen.office.operate"
    label = "operate"
