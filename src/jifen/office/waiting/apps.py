"""The app of what waits."""

from django.apps import AppConfig


class WaitingConfig(AppConfig):
    """Everything that waits on somebody."""

    name = "jifen.office.waiting"
    label = "waiting"
