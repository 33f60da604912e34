"""The steps of a rotation. The file of keys records which steps were done (vault/rotation.py), so
that an interrupted rotation can go on."""

import json
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import transaction

from jifen.office.accounts.installation import ACTOR
from jifen.office.accounts.models import InstallationMark
from jifen.office.audit.actions import record
from jifen.office.audit.roles import refuse_resealing
from jifen.office.site.rotation.lock import CannotRotate, hold_rotation_lock
from jifen.office.site.rotation.reindexing import reindex_all
from jifen.office.site.rotation.resealing import Progress, count_sealed_with, reseal_all
from jifen.office.site.rotation.stored_files import reseal_files
from jifen.office.site.start_checks import refuse_other_keys
from jifen.office.vault import rotation
from jifen.office.vault.keys import keys, parse_keys
from jifen.office.vault.reloaded_file import INTERVAL
from jifen.office.vault.secret_files import replace_whole

WAIT_SECONDS = 3 * INTERVAL
"""Seconds after which every process of this machine has read a file that was replaced."""

Say = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class RotationOutcome:
    """How many values were written anew, and which could not be, in words."""

    done: int
    faults: list[str]


def rotate_key(kind: str, *, announce_only: bool, say: Say, progress: Progress) -> RotationOutcome:
    """Replace the key of one kind (`vault.rotation.KINDS`), or go on where it was stopped. Raises
    CannotRotate, ImproperlyConfigured."""
    path = Path(settings.JIFEN_KEYS)
    if kind == rotation.SEAL and (refused := refuse_resealing()):
        raise CannotRotate(refused.in_both_languages)
    refuse_other_keys(dict(InstallationMark.objects.values_list("name", "value")))
    with hold_rotation_lock(path):
        written = read_key_file(path)
        if rotation.is_unfinished(written, kind):
            say(f"{kind}: a rotation was stopped before it was done; going on with it")
        elif not _put_new_key_in_use(path, written, kind, announce_only=announce_only, say=say):
            return RotationOutcome(0, [])
        return _rewrite_with_new_key(path, kind, progress)


def _put_new_key_in_use(
    path: Path, written: Any, kind: str, *, announce_only: bool, say: Say
) -> bool:
    """Announce and use; whether the new key is in use."""
    if not rotation.is_announced(written, kind):
        written = rotation.announce_key(written, kind, settings.JIFEN_SUITE)
        write_key_file(path, written)
        say(f"{kind}: a new key is announced; every process reads it within {WAIT_SECONDS:.0f} s")
    if announce_only:
        say(f"copy {path.name} to the other machines, then run `jifen keys rotate {kind}` here")
        return False
    time.sleep(WAIT_SECONDS)
    write_key_file(path, rotation.activate_key(written, kind))
    _update_check_values()
    say(f"{kind}: the new key is in use; the older one stays to read with")
    time.sleep(WAIT_SECONDS)
    return True


def _rewrite_with_new_key(path: Path, kind: str, progress: Progress) -> RotationOutcome:
    _update_check_values()
    rewritten, faults = 0, list[str]()
    if kind == rotation.SEAL:
        rewritten, faults = reseal_all(keys.reread().current, progress)
    elif kind == rotation.INDEX:
        rewritten, faults = reindex_all(progress)
    if not faults:
        with transaction.atomic():
            record("keys.rotated", actor=ACTOR, details={"kind": kind, "done": rewritten})
        write_key_file(path, rotation.finish_rotation(read_key_file(path), kind))
    return RotationOutcome(rewritten, faults)


def seal_stored_files(progress: Progress) -> RotationOutcome:
    """Seal the files that are plain, or under an older key. Raises CannotRotate."""
    refuse_other_keys(dict(InstallationMark.objects.values_list("name", "value")))
    with hold_rotation_lock(Path(settings.JIFEN_KEYS)):
        sealed, faults = reseal_files(progress)
        if sealed:
            with transaction.atomic():
                record("files.sealed", actor=ACTOR, details={"done": sealed})
    return RotationOutcome(sealed, faults)


def forget_seals() -> list[str]:
    """Remove the older keys to seal with, under which nothing is sealed any more; their names.
    Raises CannotRotate."""
    path = Path(settings.JIFEN_KEYS)
    with hold_rotation_lock(path):
        written = read_key_file(path)
        if rotation.is_unfinished(written, rotation.SEAL):
            raise CannotRotate("a rotation is not done: run `jifen keys rotate seal` first")
        remaining, names = rotation.drop_older_keys(written)
        for name in names:
            if count := count_sealed_with(name):
                raise CannotRotate(
                    f"{count} values are sealed with {name}: run `jifen keys rotate seal` first"
                )
        with transaction.atomic():
            InstallationMark.objects.filter(name__in=[f"key to seal {n}" for n in names]).delete()
            record("keys.forgotten", actor=ACTOR, details={"names": names})
        write_key_file(path, remaining)
    return names


def _update_check_values() -> None:
    """The check values of the keys in use, so that an older copy of the file stops the start."""
    keys.reread()
    refuse_other_keys(dict(InstallationMark.objects.values_list("name", "value")))


def read_key_file(path: Path) -> Any:
    """A file of keys as JSON. Raises CannotRotate."""
    try:
        return json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise CannotRotate(f"{path} cannot be read ({type(error).__name__})") from None


def write_key_file(path: Path, written: Any) -> None:
    """Replace the file of keys. Raises CannotRotate."""
    parse_keys(written)
    replace_key_file(path, written)
    keys.reread()


def replace_key_file(path: Path, written: Any) -> None:
    """Replace a file of keys of either kind, whole. Raises CannotRotate."""
    try:
        replace_whole(path, json.dumps(written, indent=1))
    except OSError as error:
        raise CannotRotate(
            f"{path} cannot be replaced ({error.strerror}): nothing was changed. Run this as the "
            "user who owns the file, where its folder can be written."
        ) from None
