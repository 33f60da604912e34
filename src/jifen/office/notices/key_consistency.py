"""Whether the keys that seal notices are there, and are those that signed the last of them."""

from collections.abc import Iterator
from pathlib import Path

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

from jifen.office.notices.keys import load_notice_keys, uses_key_file
from jifen.office.notices.models import Sheet
from jifen.statements.faults import StatementFault
from jifen.statements.jws import read_signed
from jifen.statements.keys import Keys, name_key


def find_key_problems() -> Iterator[str]:
    """What is missing or does not fit, one sentence each. No key is made on the way."""
    last = Sheet.objects.order_by("-id").first()
    if uses_key_file() and not Path(settings.JIFEN_NOTICE_KEYS).exists():
        if last:
            file = settings.JIFEN_NOTICE_KEYS
            yield f"keys of notices: {file} is missing; restore it from its backup"
        return
    try:
        public = {name_key(key): key for key in load_notice_keys().public()}
    except ImproperlyConfigured as error:
        yield f"keys of notices: {error}"
        return
    if last and not _is_genuine(last.statement, public):
        yield (
            f"keys of notices: they did not sign notice {last.notice.number}, which can no longer "
            "be checked; restore the file that did from its backup"
        )


def _is_genuine(statement: str, public: Keys) -> bool:
    try:
        return bool(read_signed(statement, public).genuine)
    except StatementFault:
        return False
