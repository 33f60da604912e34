"""What a renewal takes over from the last decision: facts that hold still, and their documents."""

from datetime import date

from django.utils import timezone

from jifen.office.casework.actions.gates import OPEN_AGAIN
from jifen.office.casework.case_policy import process_of
from jifen.office.casework.models import Application, Item, Material, MaterialVersion
from jifen.office.casework.renewal.difference import list_carried_facts
from jifen.process import Process


def carry_over_facts(old: Application, new: Application) -> None:
    """What holds still is confirmed as it was; the rest is filled in with last year's value."""
    now, new_items = timezone.now(), []
    for carried_fact in list_carried_facts(old, new):
        item = carried_fact.item
        carried_values = {"carried_from": item, "finding": item.finding, "found": item.found}
        carried_values |= {
            "source": item.source,
            "source_as_of": item.source_as_of,
            "found_at": now,
        }
        carried_values |= {"proof_until": item.proof_until}
        new_items.append(
            Item(
                application=new,
                fact=item.fact,
                typed=item.typed if item.found == item.given else None,
                given=item.found,
                why=carried_fact.why,
                **({} if carried_fact.why else carried_values),
            )
        )
    Item.objects.bulk_create(new_items)


def reopen_invalid_facts(new: Application) -> None:
    """On the day of filing: what was carried when the renewal was begun and does not hold any more
    (a certificate that expired, another edition of the rules, a recheck of last year) is open."""
    if new.renews is None:
        return
    old = new.renews.application
    carried_items = {item.fact: item for item in new.items.exclude(carried_from=None)}
    for carried_fact in list_carried_facts(old, new):
        item = carried_items.get(carried_fact.item.fact)
        if item and (
            why := carried_fact.why or ("" if item.found == carried_fact.item.found else "changed")
        ):
            reopen_item(item, why)
    process = process_of(new)
    rows = MaterialVersion.objects.filter(material__application=new, dropped_at__isnull=True)
    for version in rows.exclude(carried_from=None).select_related("material"):
        if not _is_still_valid(version, process, new.on):
            version.dropped_at = timezone.now()
            version.save(update_fields=("dropped_at",))


def reopen_item(item: Item, why: str) -> None:
    """To be looked at, with the reason."""
    for name, value in OPEN_AGAIN.items():
        setattr(item, name, value)
    item.why, item.source = why, ""
    item.save()


def reopen_employer_items(application: Application) -> None:
    """Another employer: what hangs on the employer or the post is looked at again, and papers of
    the one before are no longer in the case."""
    renewal = process_of(application).renewal
    if renewal is None:
        return
    for item in application.items.filter(fact__in=renewal.with_employer):
        reopen_item(item, "employer_changed")
    papers = MaterialVersion.objects.filter(material__application=application)
    papers = papers.filter(material__kind__in=renewal.papers_with_employer, dropped_at__isnull=True)
    papers.update(dropped_at=timezone.now())


def carry_over_documents(old: Application, new: Application) -> None:
    """Accepted versions stand for the renewal too, unless they are too old for their kind, or are
    papers of another employer."""
    process = process_of(new)
    employer_changed = old.unit_id != new.unit_id and process.renewal is not None
    employer_papers = (
        process.renewal.papers_with_employer if employer_changed and process.renewal else ()
    )
    rows = MaterialVersion.objects.filter(material__application=old, dropped_at__isnull=True)
    for version in rows.select_related("material"):
        kind = version.material.kind
        if kind in employer_papers or not _is_still_valid(version, process, new.on):
            continue
        material, _ = Material.objects.get_or_create(application=new, kind=kind)
        MaterialVersion.objects.create(
            material=material,
            number=version.number,
            document=version.document,
            by=version.by,
            carried_from=version,
        )


def _is_still_valid(version: MaterialVersion, process: Process, on: date) -> bool:
    """Whether it is still asked for and young enough, by the day of the upload; a copy that was
    carried over is as old as what it copies."""
    kind = process.find_material(version.material.kind)
    while version.carried_from is not None:
        version = version.carried_from
    months = kind.months_valid if kind else None
    uploaded = timezone.localtime(version.at).date()
    return kind is not None and (months is None or (on - uploaded).days <= 30 * months)
