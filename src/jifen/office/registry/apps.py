"""The app of the registry."""

from django.apps import AppConfig


class RegistryConfig(AppConfig):
    """People and units."""

    name = "jifen.office.registry"
    label = "registry"

    def ready(self) -> None:
        """A unified identity ties accounts to people."""
        from jifen.office.registry.unified_identity import connect_sign_in  # noqa: PLC0415 - needs the apps

        connect_sign_in()
