"""How the form holds a value that came from a sheet, a program or a sandbox."""

from typing import Any


def to_form_value(value: Any) -> dict[str, Any]:
    """A given value as the form would hold it (facts from a sheet or the API)."""
    if value is None:
        return {"text": "null"}
    if isinstance(value, bool):
        return {"text": "true" if value else "false"}
    if isinstance(value, list):
        return {"text": "some" if value else "none", "rows": [str(entry) for entry in value]}
    return {"text": str(value)}
