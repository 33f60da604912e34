"""What must be so before the site or the worker starts: the right keys, a store to write to.

Each fault stops the start and says what to do. A wrong file of keys would otherwise show only
later, as names that cannot be read and people who are not found; and what was kept in between would
be lost with the right file.
"""

import hashlib
import hmac
from contextlib import suppress
from uuid import uuid4

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.core.files.base import ContentFile
from django.core.files.storage import storages
from django.db import DatabaseError

from jifen.office.accounts.models import InstallationMark
from jifen.office.notices.keys import notice_keys
from jifen.office.registry.models import Person
from jifen.office.registry.models.people import identity_indexes
from jifen.office.sandbox.guard import refuse_sandbox
from jifen.office.vault.keys import keys
from jifen.office.vault.seal import Unreadable

_SEAL = "key to seal "


def refuse_wrong_start() -> None:
    """Raises ImproperlyConfigured where this installation must not start. Nothing is looked at in a
    database that is not migrated yet."""
    refuse_sandbox()
    try:
        kept = dict(InstallationMark.objects.values_list("name", "value"))
    except DatabaseError:
        return
    refuse_other_keys(kept)
    notice_keys()
    refuse_unwritable_store()


def refuse_other_keys(kept: dict[str, str]) -> None:
    """The keys are those with which this database was begun, or with more; new ones are noted."""
    held = _check_values()
    lost = sorted(name for name in kept.keys() - held.keys() if name.startswith(_SEAL))
    other = sorted(name for name in kept.keys() & held.keys() if kept[name] != held[name])
    if lost or other or not (kept or _first_person_can_be_read()):
        named = ", ".join([*lost, *other]) or "the key to seal people's numbers with"
        raise ImproperlyConfigured(
            f"{settings.JIFEN_KEYS} is not the file of keys of this database: {named} "
            "differs or is missing. Name the right file in JIFEN_KEYS, or restore it from its "
            "backup; with other keys nothing that is sealed can be read."
        )
    for name in held.keys() - kept.keys():
        InstallationMark.objects.get_or_create(name=name, defaults={"value": held[name]})


def _check_values() -> dict[str, str]:
    """A value by which each key is known again, and that does not give it away."""
    held = keys()
    named = {f"{_SEAL}{name}": key for name, key in held.seal.items()}
    named |= {"key to look up by": held.index, f"key to sign {held.sign_id}": held.sign}
    return {
        name: hmac.new(key, b"jifen check value", hashlib.sha256).hexdigest()
        for name, key in named.items()
    }


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
