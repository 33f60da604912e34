"""The app of casework."""

from django.apps import AppConfig


class CaseworkConfig(AppConfig):
    """Applications, materials, reviews, decisions."""

    name = "jifen.office.casework"
    label = "casework"
