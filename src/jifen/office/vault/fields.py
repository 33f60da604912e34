"""Model fields that are sealed in the database and plain in Python, and the index beside them."""

import json
from collections.abc import Callable
from typing import Any

from django.db import models
from django.db.models.lookups import Exact, IsNull

from jifen.office.vault.seal import blind_index, seal, unseal


class SealedField(models.TextField):  # type: ignore[type-arg] # generic in the stubs only
    """Text that the database holds sealed. It cannot be searched or sorted; keep a blind index
    beside it. An empty text is kept as it is, so that rows without one can be found."""

    _pyi_private_set_type: Any  # what the stubs of Django take and give
    _pyi_private_get_type: str

    @property
    def place(self) -> str:
        """The place that the sealed text is bound to: a text moved elsewhere cannot be opened."""
        return f"{self.model._meta.label}.{self.attname}"

    def get_prep_value(self, value: Any) -> Any:
        """The sealed text; an empty one and None stay as they are."""
        text = self._to_text(value)
        return seal(text, self.place) if text else text

    def from_db_value(self, value: Any, *_: Any) -> Any:
        """The plain value. Raises Unreadable."""
        return self._from_text(unseal(value, self.place) if value else value)

    def get_lookup(self, lookup_name: str) -> Any:
        """Only whether there is something: a sealed value is found by its blind index. Raises
        TypeError for any other lookup."""
        if lookup_name == "isnull":
            return IsNull
        if lookup_name == "exact":
            return _ExactlyEmpty
        raise TypeError(f"{self.name} is sealed: look it up by its blind index")

    def _to_text(self, value: Any) -> str | None:
        return str(value) if value else ""

    def _from_text(self, text: str | None) -> Any:
        return text or ""


class SealedJSONField(SealedField):
    """A JSON value that the database holds sealed. Its default, where that is an empty list or
    object, is kept as an empty text, so that rows without a value can be found."""

    _pyi_private_get_type: Any

    def _to_text(self, value: Any) -> str | None:
        if value is None:
            return None
        if self._is_empty_default(value):
            return ""
        return json.dumps(value, ensure_ascii=False, separators=(",", ":"))

    def _from_text(self, text: str | None) -> Any:
        if text is None:
            return None
        return json.loads(text) if text else self.get_default()

    def to_python(self, value: Any) -> Any:
        """The value as it is: it is no text in Python."""
        return value

    def _is_empty_default(self, value: Any) -> bool:
        return value in ([], {}) and self.has_default() and value == self.get_default()


class _ExactlyEmpty(Exact):
    """Whether nothing is kept; for nothing else."""

    def get_prep_lookup(self) -> Any:
        """An empty text. Raises TypeError for a value, which is sealed anew each time."""
        if self.rhs not in ("", [], {}):
            raise TypeError(f"{self.lhs.target.name} is sealed: look it up by its blind index")
        return ""


class BlindIndexField(models.CharField):  # type: ignore[type-arg] # generic in the stubs only
    """The blind index of another field of the row, written whenever the row is saved or created in
    bulk. `folded` makes one text of all spellings that are to be found together."""

    def __init__(
        self,
        *args: Any,
        of: str = "",
        folded: Callable[[str], str] = str.strip,
        **options: Any,
    ) -> None:
        options.setdefault("max_length", 64)
        options.setdefault("db_index", True)
        options.setdefault("editable", False)
        options.setdefault("default", "")
        self.of, self.folded = of, folded
        super().__init__(*args, **options)

    def deconstruct(self) -> Any:
        """As migrations keep it: a plain field of text."""
        name, _, args, options = super().deconstruct()
        return name, "django.db.models.CharField", args, options

    def pre_save(self, model_instance: models.Model, add: bool) -> Any:
        """The index of the text as it is now; nothing for an empty text."""
        folded_text = self.folded(getattr(model_instance, self.of))
        index = blind_index(folded_text, self.purpose) if folded_text else ""
        setattr(model_instance, self.attname, index)
        return index

    @property
    def purpose(self) -> str:
        """What keeps the indexes of two fields apart."""
        return self.of
