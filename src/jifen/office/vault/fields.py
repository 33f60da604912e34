"""A model field that is sealed in the database and plain in Python."""

from typing import Any

from django.db import models

from jifen.office.vault.seal import seal, unseal


class SealedField(models.TextField):  # type: ignore[type-arg] # generic in the stubs only
    """Text that the database holds sealed. It cannot be searched; keep a blind index beside it."""

    @property
    def place(self) -> str:
        """What its text is bound to."""
        return f"{self.model._meta.label}.{self.attname}"

    def get_prep_value(self, value: Any) -> Any:
        """Sealed on the way in; nothing stays nothing."""
        return seal(str(value), self.place) if value else ""

    def from_db_value(self, value: Any, *_: Any) -> Any:
        """Plain on the way out. Raises Unreadable."""
        return unseal(value, self.place) if value else ""

    def get_lookup(self, lookup_name: str) -> Any:
        """A sealed field is found by its blind index only."""
        raise TypeError(f"{self.name} is sealed: look it up by its blind index")
