"""The app of what a city sets for itself."""

from django.apps import AppConfig


class AdministrationConfig(AppConfig):
    """Offices with their contact data, the calendar of working days, deliveries tried again."""

    name = "jifen.office.administration"
    label = "administration"
