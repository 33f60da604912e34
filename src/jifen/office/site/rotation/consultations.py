"""Rebuilding the blind indexes of the e-mail addresses of consultations: of those who comment,
support or subscribe, and of the mails to them."""

from django.db import IntegrityError, transaction

from jifen.office.consultation.actions.voices import index_of
from jifen.office.consultation.models import Comment, Mail, Subscriber, Support
from jifen.office.site.rotation.portions import list_portions
from jifen.office.site.rotation.resealing import Progress
from jifen.office.vault.seal import Unreadable

_Addressed = type[Comment] | type[Support] | type[Subscriber]
_NAMES: dict[str, _Addressed] = {"comment": Comment, "support": Support, "subscriber": Subscriber}
"""By the name of the column of a mail that is about such a row."""


def reindex_addresses(progress: Progress) -> tuple[int, list[str]]:
    """How many rows with an address were indexed anew, and what could not be, in words."""
    reindexed, faults = 0, list[str]()
    for name, model in _NAMES.items():
        looked_at, total = 0, model.objects.count()
        for keys in list_portions(model):
            count, bad = _reindex_portion(name, keys)
            reindexed, faults, looked_at = reindexed + count, faults + bad, looked_at + len(keys)
            progress(f"consultations: {name}", looked_at, max(total, looked_at))
    return reindexed, faults


def _reindex_portion(name: str, keys: list[int]) -> tuple[int, list[str]]:
    """A portion; one row at a time where an address cannot be opened or stands twice."""
    try:
        with transaction.atomic():
            return _reindex_rows(name, keys), []
    except Unreadable as fault:
        if len(keys) == 1:
            return 0, [f"consultation {name} {keys[0]}: {fault}"]
    except IntegrityError:
        if len(keys) == 1:
            return 0, [
                f"consultation {name} {keys[0]}: another row has the same address; remove the "
                "address of one of the two"
            ]
    outcomes = [_reindex_portion(name, [key]) for key in keys]
    return sum(count for count, _ in outcomes), [fault for _, bad in outcomes for fault in bad]


def _reindex_rows(name: str, keys: list[int]) -> int:
    """The rows that have an address, and the mails about them. Raises Unreadable, and
    IntegrityError where a row under the new index is there already."""
    changed = 0
    rows = _NAMES[name].objects.select_for_update().filter(pk__in=keys).order_by("pk")
    for row in rows.exclude(address_index=""):
        current = index_of(row.email)
        if row.address_index != current:
            row.address_index = current
            row.save(update_fields=["address_index"])
            changed += 1
        mails = Mail.objects.filter(**{name: row}).exclude(address_index="")
        mails.exclude(address_index=current).update(address_index=current)
    return changed
