"""The app of documents."""

from django.apps import AppConfig


class DocumentsConfig(AppConfig):
    """Immutable files."""

    name = "jifen.office.documents"
    label = "documents"
