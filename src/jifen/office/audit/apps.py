"""The app of the audit log."""

from django.apps import AppConfig


class AuditConfig(AppConfig):
    """Append-only by trigger."""

    name = "jifen.office.audit"
    label = "audit"
