"""A program of an employer that calls the API."""

import json
from typing import Any

from django.test import Client

from jifen.office.api import tokens
from tests.world.office import Office


class Program:
    """A program with a token."""

    def __init__(self, office: Office, scopes: tuple[str, ...] = ("read", "write")) -> None:
        self.token, self.secret = tokens.create_token(
            office.operator, office.unit, "HR", list(scopes)
        )
        self.client = Client(enforce_csrf_checks=True)

    def call(self, method: str, path: str, body: Any = None, **headers: str) -> Any:
        """One request."""
        sent = {"Authorization": f"Bearer {self.secret}", **headers}
        data = (
            {} if body is None else {"data": json.dumps(body), "content_type": "application/json"}
        )
        return getattr(self.client, method)(f"/api/v1{path}", headers=sent, **data)
