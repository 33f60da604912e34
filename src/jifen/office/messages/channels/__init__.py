"""Ways out: each a port with an embedded one behind it."""

from jifen.office.messages.channels.port import Channel, Outgoing, Sent
from jifen.office.messages.channels.ways import channel

__all__ = ["Channel", "Outgoing", "Sent", "channel"]
