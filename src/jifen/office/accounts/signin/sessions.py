"""Sessions whose data nobody reads in the database (a SESSION_ENGINE of Django).

Messages for the next page, links and tokens of signing in stand in sessions: they are sealed with
the keys of the vault. A session that cannot be opened is an empty one: its owner signs in again.
"""

import json
from typing import Any

from django.contrib.sessions.backends.db import SessionStore as DatabaseStore

from jifen.office.vault.seal import Unreadable, seal, unseal

PLACE = "session"


class SessionStore(DatabaseStore):
    """As the library's, with sealed data."""

    def encode(self, session_dict: dict[str, Any]) -> str:
        """The data, sealed."""
        return seal(json.dumps(session_dict, separators=(",", ":")), PLACE)

    def decode(self, session_data: Any) -> dict[str, Any]:
        """The data; none where they cannot be opened."""
        try:
            data = json.loads(unseal(str(session_data), PLACE))
        except (Unreadable, ValueError):
            return {}
        return data if isinstance(data, dict) else {}
