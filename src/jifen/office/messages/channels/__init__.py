"""Channels: SMS, email and group chats, behind one port; SMS has an embedded one."""

from jifen.office.messages.channels.port import Channel, OutgoingMessage, SendResult
from jifen.office.messages.channels.providers import get_channel

__all__ = ["Channel", "OutgoingMessage", "SendResult", "get_channel"]
