"""How long a session lasts that began with a unified identity: the provider is asked again after
that, whatever was done meanwhile. Its own log-out does not reach the site (ASVS 5.0, 7.6.1)."""

import time
from typing import Any

from django.contrib.sessions.backends.base import SessionBase
from django.http import HttpRequest

LONGEST_SECONDS = 12 * 3600
_BEGAN_KEY = "unified_identity_began"


def note_beginning(request: HttpRequest | None = None, sociallogin: Any = None, **_: Any) -> None:
    """Note when somebody signed in through the provider; a listener of `user_logged_in`."""
    if request is not None and sociallogin is not None:
        request.session[_BEGAN_KEY] = int(time.time())


def must_ask_again(session: SessionBase) -> bool:
    """Whether the provider vouched for this session too long ago."""
    began = session.get(_BEGAN_KEY)
    return isinstance(began, int) and time.time() - began > LONGEST_SECONDS
