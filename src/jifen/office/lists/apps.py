"""The app of published lists."""

from django.apps import AppConfig


class ListsConfig(AppConfig):
    """Entries, published lists, objections, rounds of a ranking."""

    name = "jifen.office.lists"
    label = "lists"
