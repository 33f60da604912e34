"""The app of accounts."""

from django.apps import AppConfig


class AccountsConfig(AppConfig):
    """Users and the roles of staff."""

    name = "jifen.office.accounts"
    label = "accounts"

    def ready(self) -> None:
        """Sign-ins are recorded."""
        from jifen.office.accounts.signin.access_log import connect_signals  # noqa: PLC0415 - needs the apps

        connect_signals()
