"""The app of the API."""

from django.apps import AppConfig


class ApiConfig(AppConfig):
    """Tokens, requests that were answered, webhooks."""

    name = "jifen.office.api"
    label = "api"
