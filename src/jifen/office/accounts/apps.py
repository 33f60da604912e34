"""The app of accounts."""

from django.apps import AppConfig


class AccountsConfig(AppConfig):
    """Users and the roles of staff."""

    name = "jifen.office.accounts"
    label = "accounts"

    def ready(self) -> None:
        """Sign-ins are recorded."""
        from allauth.account.signals import user_logged_in  # noqa: PLC0415 - needs the apps

        from jifen.office.accounts.openid.sessions import note_beginning  # noqa: PLC0415
        from jifen.office.accounts.signin.access_log import connect_signals  # noqa: PLC0415 - needs the apps

        connect_signals()
        user_logged_in.connect(note_beginning, dispatch_uid="jifen.unified_identity_began")
