"""Lines of the log, as JSON or as text: what happened and where, without names and numbers.

An error's own words are left out, since a database puts the values of a row into them: its type and
the places of the code are logged instead. Messages of other libraries are kept to their fixed part.
As a last defence, digits as long as an identity number or a telephone number are masked.
"""

import json
import logging
import re
import traceback
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from jifen.office.operate.current_request import find_route, get_current_request

_OURS = "jifen"
_MOST_FRAMES = 12
_MOST_CAUSES = 4
_PERSONAL_NUMBER = re.compile(r"(?<![0-9A-Za-z-])(?:\d{17}[\dXx]|\d{15}|1\d{10})(?![0-9A-Za-z-])")
_FOLDER = str(Path(__file__).parents[3])


class JsonLines(logging.Formatter):
    """One JSON object a line."""

    def format(self, record: logging.LogRecord) -> str:
        """A line, with the request and the account where there is one."""
        fields: dict[str, Any] = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": describe_event(record),
        }
        if current := get_current_request(getattr(record, "request", None)):
            fields |= {"request": current.number, "account": current.account}
        fields |= getattr(record, "fields", {})
        if record.exc_info and record.exc_info[1]:
            fields["errors"] = describe_errors(record.exc_info[1])
        return json.dumps(fields, ensure_ascii=False, default=str)


class TextLines(logging.Formatter):
    """A line to read. `show_errors`: with the words of errors, where all people are invented."""

    def __init__(self, *, show_errors: bool = False) -> None:
        super().__init__()
        self._show_errors = show_errors

    def format(self, record: logging.LogRecord) -> str:
        """A line; of an error also where it came from."""
        at = self.formatTime(record)
        lines = [f"{at} {record.levelname} {record.name}: {describe_event(record)}"]
        if fields := getattr(record, "fields", None):
            lines[0] += " " + " ".join(f"{name}={value}" for name, value in fields.items())
        if current := get_current_request(getattr(record, "request", None)):
            lines[0] += f" (request {current.number})"
        if record.exc_info and record.exc_info[1]:
            if self._show_errors:
                return "\n".join([*lines, self.formatException(record.exc_info)])
            for error in describe_errors(record.exc_info[1]):
                lines += [f"  {error['type']}", *(f"    {place}" for place in error["places"])]
        return "\n".join(lines)


def describe_event(record: logging.LogRecord) -> str:
    """What happened, in the words of the code that logged it."""
    if request := getattr(record, "request", None):  # Django's own, which name the address
        status = getattr(record, "status_code", "")
        return f"{status} at {find_route(request)}"
    if record.name.split(".", 1)[0] == _OURS:
        return _PERSONAL_NUMBER.sub("…", record.getMessage())
    place = f"{Path(record.pathname).name}:{record.lineno}"
    return f"{record.msg} ({place})" if record.args and isinstance(record.msg, str) else place


def describe_errors(error: BaseException) -> list[dict[str, Any]]:
    """The type and the places of an error and of those that caused it, without their words."""
    found: list[dict[str, Any]] = []
    cause: BaseException | None = error
    while cause is not None and len(found) < _MOST_CAUSES:
        frames = traceback.extract_tb(cause.__traceback__)[-_MOST_FRAMES:]
        places = [f"{_shorten(f.filename)}:{f.lineno} {f.name}" for f in frames]
        kind = type(cause)
        found.append({"type": f"{kind.__module__}.{kind.__qualname__}", "places": places})
        cause = cause.__cause__ or cause.__context__
    return found


def _shorten(file: str) -> str:
    return file.removeprefix(f"{_FOLDER}/").rpartition("site-packages/")[2]
