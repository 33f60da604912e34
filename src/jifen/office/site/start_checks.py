"""Checks before the site or the worker starts: the right keys, and a store that can be written.

Each fault stops the start and says what to do. A wrong file of keys would otherwise show only
later, as names that cannot be read and people who are not found; and what was kept in between would
be lost with the right file.
"""

import hashlib
import hmac
from contextlib import suppress
from pathlib import Path
from uuid import uuid4

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.core.files.base import ContentFile
from django.core.files.storage import storages
from django.db import DatabaseError

from jifen.office.accounts.models import InstallationMark
from jifen.office.notices import key_consistency
from jifen.office.notices.keys import load_notice_keys
from jifen.office.registry.models import Person
from jifen.office.registry.models.people import identity_indexes
from jifen.office.sandbox.guard import refuse_sandbox
from jifen.office.site.plain_lines import refuse_plain_lines
from jifen.office.vault.keys import keys
from jifen.office.vault.seal import Unreadable
from jifen.statements.encoding import to_json
from jifen.statements.keys import PublicKey, name_key, public_jwk

_SEAL, _INDEX, _SIGN = "key to seal ", "key to look up by", "key to sign "
_NOTICE = "key of notices "


def refuse_wrong_start() -> None:
    """Raises ImproperlyConfigured where this installation must not start. Nothing is looked at in a
    database that is not migrated yet."""
    refuse_sandbox()
    refuse_plain_lines()
    try:
        stored_values = dict(InstallationMark.objects.values_list("name", "value"))
    except DatabaseError:
        return
    refuse_other_keys(stored_values)
    refuse_other_notice_keys()
    refuse_unwritable_store()


def refuse_other_keys(stored_values: dict[str, str]) -> None:
    """The keys are those with which this database was begun, or with more; new ones are noted, and
    one to look up by that was rotated."""
    if (
        any(name.startswith("key to ") for name in stored_values)
        and not Path(settings.JIFEN_KEYS).exists()
    ):
        raise ImproperlyConfigured(
            f"{settings.JIFEN_KEYS} is missing, and the database was begun with its keys: restore "
            "it from its backup, or name the right file in JIFEN_KEYS."
        )
    current_values, older_values = _compute_check_values(), _compute_older_values()
    lost = sorted(
        name
        for name in stored_values.keys() - current_values.keys()
        if _is_lost(name, older_values)
    )
    differing = sorted(
        name
        for name in stored_values.keys() & current_values.keys()
        if stored_values[name] != current_values[name]
        and (name, stored_values[name]) not in older_values
    )
    if lost or differing or not (stored_values or _can_read_first_person()):
        named = ", ".join([*lost, *differing]) or "the key to seal people's numbers with"
        raise ImproperlyConfigured(
            f"{settings.JIFEN_KEYS} is not the file of keys of this database: {named} "
            "differs or is missing. Name the right file in JIFEN_KEYS, or restore it from its "
            "backup; with other keys nothing that is sealed can be read."
        )
    for name in current_values:
        if stored_values.get(name) != current_values[name]:
            InstallationMark.objects.update_or_create(
                name=name, defaults={"value": current_values[name]}
            )


def _compute_check_values() -> dict[str, str]:
    """A value by which each key is known again, and that does not give it away."""
    current_keys = keys()
    named = {f"{_SEAL}{name}": key for name, key in current_keys.seal.items()}
    named |= {_INDEX: current_keys.index, f"{_SIGN}{current_keys.sign_id}": current_keys.sign}
    return {name: _compute_check_value(key) for name, key in named.items()}


def _compute_older_values() -> set[tuple[str, str]]:
    """What may have been noted of keys that were replaced since: of one to sign only its name, as
    no more than the public half is kept."""
    current_keys = keys()
    older = {(_INDEX, _compute_check_value(key)) for key in current_keys.other_index}
    return older | {(f"{_SIGN}{name}", "") for name in current_keys.other_sign}


def _is_lost(name: str, older: set[tuple[str, str]]) -> bool:
    if name.startswith(_SIGN):
        return (name, "") not in older
    return name.startswith(_SEAL)


def _compute_check_value(key: bytes) -> str:
    return hmac.new(key, b"jifen check value", hashlib.sha256).hexdigest()


def refuse_other_notice_keys() -> None:
    """Papers that were given out can be checked with the keys of notices; the one in use is noted.
    A missing file is made where nothing was signed yet (outside of production)."""
    for words in key_consistency.find_key_problems():
        raise ImproperlyConfigured(words)
    public = {
        f"{_NOTICE}{name_key(key)}": _compute_fingerprint(key)
        for key in load_notice_keys().public()
    }
    noted = InstallationMark.objects.filter(name__startswith=_NOTICE)
    lost = sorted(set(noted.values_list("name", "value")) - public.items())
    if lost:
        raise ImproperlyConfigured(
            f"{settings.JIFEN_NOTICE_KEYS} is not the file of the keys of notices of this "
            f"database: {lost[0][0]} is missing. Name the right file in JIFEN_NOTICE_KEYS, or "
            "restore it from its backup; without that key papers given out cannot be checked."
        )
    in_use = next(iter(public))
    InstallationMark.objects.get_or_create(name=in_use, defaults={"value": public[in_use]})


def _compute_fingerprint(key: PublicKey) -> str:
    return hashlib.sha256(to_json(public_jwk(key))).hexdigest()


def _can_read_first_person() -> bool:
    """Whether the keys fit a database from before check values were kept."""
    try:
        person = Person.objects.order_by("pk").first()
        return person is None or person.identity_index in identity_indexes(person.identity)
    except Unreadable:
        return False


def refuse_unwritable_store() -> None:
    """Documents can be kept: a file is written, and taken away again."""
    store = storages["documents"]
    name = f"start-check-{uuid4()}"
    try:
        stored_name = store.save(name, ContentFile(b"start check"))
    except OSError as error:
        raise ImproperlyConfigured(
            f"Documents cannot be kept ({error.strerror or type(error).__name__}): make the folder "
            "or store that JIFEN_DOCUMENTS names writable for the user of the site, and see that "
            "there is room."
        ) from None
    with suppress(OSError):
        store.delete(stored_name)
