"""What a renewal takes over from the last decision: facts that hold still, and their documents."""

from datetime import date

from django.utils import timezone

from jifen.office.casework.models import Application, Item, Material, MaterialVersion
from jifen.office.casework.renewal.difference import difference
from jifen.office.casework.standing import process_of


def carry_facts(old: Application, new: Application) -> None:
    """What holds still is confirmed as it was; the rest is filled in with last year's value."""
    now, made = timezone.now(), []
    for one in difference(old, new):
        item = one.item
        held = {"carried_from": item, "finding": item.finding, "found": item.found}
        held |= {"source": item.source, "source_as_of": item.source_as_of, "found_at": now}
        held |= {"proof_until": item.proof_until}
        made.append(
            Item(
                application=new,
                fact=item.fact,
                typed=item.typed if item.found == item.given else None,
                given=item.found,
                why=one.why,
                **({} if one.why else held),
            )
        )
    Item.objects.bulk_create(made)


def carry_documents(old: Application, new: Application) -> None:
    """Accepted versions stand for the renewal too, unless they are too old for their kind."""
    process = process_of(new)
    rows = MaterialVersion.objects.filter(material__application=old, dropped_at__isnull=True)
    for version in rows.select_related("material"):
        kind = process.material(version.material.kind)
        if kind is None or _too_old(version, kind.months_valid, new.on):
            continue
        material, _ = Material.objects.get_or_create(application=new, kind=kind.id)
        MaterialVersion.objects.create(
            material=material,
            number=version.number,
            document=version.document,
            by=version.by,
            carried_from=version,
        )


def _too_old(version: MaterialVersion, months: int | None, on: date) -> bool:
    """By the day of the upload; a copy that was carried over is as old as what it copies."""
    while version.carried_from is not None:
        version = version.carried_from
    return months is not None and (on - version.at.date()).days > 30 * months
