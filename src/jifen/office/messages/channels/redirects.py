"""Redirects are refused by every gateway."""

from typing import Any
from urllib.request import HTTPRedirectHandler


class NoRedirect(HTTPRedirectHandler):
    """Refuses redirects: followed, a POST becomes a GET of some page, whose 200 means nothing."""

    def redirect_request(self, *_: Any, **__: Any) -> None:
        """Never."""
