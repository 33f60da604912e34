"""The app of accounts."""

from django.apps import AppConfig


class AccountsConfig(AppConfig):
    """Users and the roles of staff."""

    name = "jifen.office.accounts"
    label = "accounts"
