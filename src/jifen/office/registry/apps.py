"""The app of the registry."""

from django.apps import AppConfig


class RegistryConfig(AppConfig):
    """People and units."""

    name = "jifen.office.registry"
    label = "registry"
