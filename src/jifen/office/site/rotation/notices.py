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
from jifen.office.site.rotation.lock import CannotRotate, hold_rotation_lock
from jifen.office.site.rotation.steps import WAIT_SECONDS, Say, read_key_file, replace_key_file
from jifen.office.site.start_checks import refuse_other_notice_keys
from jifen.statements.faults import StatementFault

STATEMENT, CERTIFICATE = "statement", "certificate"
KINDS = (STATEMENT, CERTIFICATE)


def rotate_notice_key(kind: str, *, announce_only: bool, name: str, say: Say) -> None:
    """Replace the key of statements, or the seal of PDF files with a certificate for `name`. Raises
    CannotRotate, ImproperlyConfigured."""
    if not uses_key_file():
        raise CannotRotate(
            f"the keys of notices are those of {settings.JIFEN_NOTICE_SIGNER}: rotate them there"
        )
    path = Path(settings.JIFEN_NOTICE_KEYS)
    key_file.reread()
    refuse_other_notice_keys()
    with hold_rotation_lock(path):
        if kind == STATEMENT:
            _rotate_statement_key(path, announce_only=announce_only, say=say)
            return
        replace_key_file(path, rotation.replace_seal(read_key_file(path), name))
        _record_rotation(kind)
        say("certificate: papers are sealed with the new key from now on")


def _rotate_statement_key(path: Path, *, announce_only: bool, say: Say) -> None:
    written = read_key_file(path)
    if not rotation.has_announced_key(written):
        written = _announce_key(written)
        replace_key_file(path, written)
        say("statement: the new key is published beside the one in use")
    if announce_only:
        say(
            f"copy {path.name} to the other machines; when everybody who checks papers offline "
            "has the new list (a day), run `jifen keys rotate statement`"
        )
        return
    time.sleep(WAIT_SECONDS)
    replace_key_file(path, rotation.activate_announced_key(written))
    _record_rotation(STATEMENT)
    say(
        "statement: the new key signs, and the older one stays published; who checks papers "
        "offline downloads keys.json again"
    )


def _announce_key(written: rotation.KeyFileFields) -> rotation.KeyFileFields:
    try:
        return rotation.announce_statement_key(written, settings.JIFEN_SUITE)
    except StatementFault as fault:
        raise CannotRotate(f"{fault.words.zh}\n{fault}") from None


def _record_rotation(kind: str) -> None:
    key_file.reread()
    refuse_other_notice_keys()
    with transaction.atomic():
        record("keys.rotated", actor=ACTOR, details={"kind": kind})
