"""The app of messages."""

from django.apps import AppConfig


class MessagesConfig(AppConfig):
    """Reminders and messages, their deliveries, what people chose."""

    name = "jifen.office.messages"
    label = "ledger"
