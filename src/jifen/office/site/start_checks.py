"""What must be so before the site or the worker starts: the right keys, a store to write to.

Each fault stops the start and says what to do. A wrong file of keys would otherwise show only
later, as names that cannot be read and people who are not found; and what was kept in between would
be lost with the right file.
"""

import hashlib
import hmac
from contextlib import suppress
from pathlib import Path
from uuid import uuid4

from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePublicKey
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
from jifen.office.vault.keys import keys
from jifen.office.vault.seal import Unreadable
from jifen.statements.encoding import to_json
from jifen.statements.keys import name_key, public_jwk

_SEAL, _INDEX, _SIGN = "key to seal ", "key to look up by", "key to sign "
_NOTICE = "key of notices "


def refuse_wrong_start() -> None:
    """Raises ImproperlyConfigured where this installation must not start. Nothing is looked at in a
    database that is not migrated yet."""
    refuse_sandbox()
    try:
        kept = dict(InstallationMark.objects.values_list("name", "value"))
    except DatabaseError:
        return
    refuse_other_keys(kept)
    refuse_other_notice_keys()
    refuse_unwritable_store()


def refuse_other_keys(kept: dict[str, str]) -> None:
    """The keys are those with which this database was begun, or with more; new ones are noted, and
    one to look up by that was rotated."""
    if any(name.startswith("key to ") for name in kept) and not Path(settings.JIFEN_KEYS).exists():
        raise ImproperlyConfigured(
            f"{settings.JIFEN_KEYS} is missing, and the database was begun with its keys: restore "
            "it from its backup, or name the right file in JIFEN_KEYS."
        )
    held, older = _check_values(), _older_values()
    lost = sorted(name for name in kept.keys() - held.keys() if _is_lost(name, older))
    other = sorted(
        name
        for name in kept.keys() & held.keys()
        if kept[name] != held[name] and (name, kept[name]) not in older
    )
    if lost or other or not (kept or _first_person_can_be_read()):
        named = ", ".join([*lost, *other]) or "the key to seal people's numbers with"
        raise ImproperlyConfigured(
            f"{settings.JIFEN_KEYS} is not the file of keys of this database: {named} "
            "differs or is missing. Name the right file in JIFEN_KEYS, or restore it from its "
            "backup; with other keys nothing that is sealed can be read."
        )
    for name in held:
        if kept.get(name) != held[name]:
            InstallationMark.objects.update_or_create(name=name, defaults={"value": held[name]})


def _check_values() -> dict[str, str]:
    """A value by which each key is known again, and that does not give it away."""
    held = keys()
    named = {f"{_SEAL}{name}": key for name, key in held.seal.items()}
    named |= {_INDEX: held.index, f"{_SIGN}{held.sign_id}": held.sign}
    return {name: _check_value(key) for name, key in named.items()}


def _older_values() -> set[tuple[str, str]]:
    """What may have been noted of keys that were replaced since: of one to sign only its name, as
    no more than the public half is kept."""
    held = keys()
    older = {(_INDEX, _check_value(key)) for key in held.other_index}
    return older | {(f"{_SIGN}{name}", "") for name in held.other_sign}


def _is_lost(name: str, older: set[tuple[str, str]]) -> bool:
    if name.startswith(_SIGN):
        return (name, "") not in older
    return name.startswith(_SEAL)


def _check_value(key: bytes) -> str:
    return hmac.new(key, b"jifen check value", hashlib.sha256).hexdigest()


def refuse_other_notice_keys() -> None:
    """Papers that were given out can be checked with the keys of notices; the one in use is noted.
    A missing file is made where nothing was signed yet (outside of production)."""
    for words in key_consistency.find_key_problems():
        raise ImproperlyConfigured(words)
    public = {f"{_NOTICE}{name_key(key)}": _fingerprint(key) for key in load_notice_keys().public()}
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


def _fingerprint(key: EllipticCurvePublicKey) -> str:
    return hashlib.sha256(to_json(public_jwk(key))).hexdigest()


def _first_person_can_be_read() -> bool:
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
        kept = store.save(name, ContentFile(b"start check"))
    except OSError as error:
        raise ImproperlyConfigured(
            f"Documents cannot be kept ({error.strerror or type(error).__name__}): make the folder "
            "or store that JIFEN_DOCUMENTS names writable for the user of the site, and see that "
            "there is room."
        ) from None
    with suppress(OSError):
        store.delete(kept)
