"""New keys of notices: announced and used, or replaced at once (notices/rotation.py)."""

import time
from pathlib import Path

from django.conf import settings
from django.db import transaction

from jifen.office.accounts.installation import ACTOR
from jifen.office.audit.actions import record
from jifen.office.notices import rotation
from jifen.office.notices.key_file import key_file
from jifen.office.notices.keys import uses_key_file
from jifen.office.site.rotation.alone import CannotRotate, alone
from jifen.office.site.rotation.steps import WAIT, Say, read, replace
from jifen.office.site.start_checks import refuse_other_notice_keys

STATEMENT, CERTIFICATE = "statement", "certificate"
KINDS = (STATEMENT, CERTIFICATE)


def rotate(kind: str, *, announce_only: bool, name: str, say: Say) -> None:
    """Replace the key of statements, or the seal of PDF files with a certificate for `name`. Raises
    CannotRotate, ImproperlyConfigured."""
    if not uses_key_file():
        raise CannotRotate(
            f"the keys of notices are those of {settings.JIFEN_NOTICE_SIGNER}: rotate them there"
        )
    path = Path(settings.JIFEN_NOTICE_KEYS)
    key_file.again()
    refuse_other_notice_keys()
    with alone(path):
        if kind == STATEMENT:
            _statement(path, announce_only=announce_only, say=say)
            return
        replace(path, rotation.replace_seal(read(path), name))
        _record(kind)
        say("certificate: papers are sealed with the new key from now on")


def _statement(path: Path, *, announce_only: bool, say: Say) -> None:
    written = read(path)
    if not rotation.has_announced_key(written):
        written = rotation.announce_statement_key(written)
        replace(path, written)
        say("statement: the new key is published beside the one in use")
    if announce_only:
        say(
            f"copy {path.name} to the other machines; when everybody who checks papers offline "
            "has the new list (a day), run `jifen keys rotate statement`"
        )
        return
    time.sleep(WAIT)
    replace(path, rotation.activate_announced_key(written))
    _record(STATEMENT)
    say(
        "statement: the new key signs, and the older one stays published; who checks papers "
        "offline downloads keys.json again"
    )


def _record(kind: str) -> None:
    key_file.again()
    refuse_other_notice_keys()
    with transaction.atomic():
        record("keys.rotated", actor=ACTOR, details={"kind": kind})
