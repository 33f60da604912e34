"""The app that owns templates and static files."""

from django.apps import AppConfig


class WebConfig(AppConfig):
    """Pages store nothing, so this app has no models."""

    name = "jifen.office.web"
    label = "web"
