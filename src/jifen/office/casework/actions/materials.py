"""Documents of a case: what is wanted, and every version of it."""

from django.db.models import Max
from django.utils import timezone

from jifen.office.accounts.models import User
from jifen.office.casework.access import CaseAccess
from jifen.office.casework.actions.unit_of_work import act_on_case, record_event
from jifen.office.casework.case_policy import (
    process_of,
    rules_of,
    score_facts,
    select_claimed_facts,
)
from jifen.office.casework.faults import CaseFault
from jifen.office.casework.models import Application, Material, MaterialVersion
from jifen.office.casework.words import say
from jifen.office.documents.actions import store_document
from jifen.office.documents.models import Document
from jifen.process import RequiredMaterial, list_required_materials

MOST_VERSIONS = 30


def list_wanted_materials(application: Application) -> tuple[RequiredMaterial, ...]:
    """The documents that follow from the facts claimed, each with its reasons."""
    scored = score_facts(application, select_claimed_facts(application.items.all()))
    return list_required_materials(
        process_of(application), rules_of(application), scored.situation.values
    )


def upload_files(
    case: CaseAccess, kind: str, files: list[tuple[str, bytes]]
) -> list[MaterialVersion]:
    """Add pages to a material. Raises UploadFault (with nothing kept of these files), CaseFault,
    NotAllowed."""
    case.refuse_unless("upload")
    refuse_unknown_kind(case.application, kind)
    documents = [store_document(content, name, case.user) for name, content in files]
    with act_on_case(case, "upload") as application:
        refuse_closed_kind(application, kind)
        material, _ = Material.objects.get_or_create(application=application, kind=kind)
        versions = [add_version(material, document, case.user) for document in documents]
        details = {"material": kind, "sha256": [document.sha256 for document in documents]}
        record_event(application, "uploaded", case, details=details)
        return versions


def add_version(
    material: Material,
    document: Document,
    user: User,
    *,
    most: int = MOST_VERSIONS,
    text_guess: str = "",
) -> MaterialVersion:
    """The document as the next version of a material, within the act; the same file again changes
    nothing. Raises CaseFault for more than `most`."""
    last = material.versions.aggregate(last=Max("number"))["last"] or 0
    if last >= most:
        raise CaseFault(
            "JF-K010",
            say("actions.materials.at_most_files_per_material", most_versions=MOST_VERSIONS),
            material.kind,
        )
    identical_versions = material.versions.filter(
        document__sha256=document.sha256, dropped_at__isnull=True
    )
    if identical_version := identical_versions.first():
        return identical_version  # the same file again changes nothing
    return MaterialVersion.objects.create(
        material=material, number=last + 1, document=document, by=user, text_guess=text_guess
    )


def drop_version(case: CaseAccess, version: MaterialVersion) -> None:
    """Take an upload back; the row stays. Raises CaseFault where a clerk has seen it already."""
    with act_on_case(case, "upload") as application:
        if version.material.application_id != application.pk:
            raise CaseFault("JF-K011", _NOT_OF_CASE)
        refuse_closed_kind(application, version.material.kind)
        if version.reviews.exists():
            raise CaseFault(
                "JF-K012",
                say("actions.materials.this_file_has_been_reviewed"),
            )
        version.dropped_at = timezone.now()
        version.save(update_fields=("dropped_at",))
        record_event(application, "dropped", case, details={"material": version.material.kind})


def refuse_unknown_kind(application: Application, kind: str) -> None:
    """Raises CaseFault for a document that the process does not know."""
    if kind not in {material.id for material in process_of(application).materials}:
        raise CaseFault("JF-K011", _NO_SUCH_KIND, kind)


_NOT_OF_CASE = say("actions.materials.not_of_case")
_NO_SUCH_KIND = say("actions.materials.no_such_kind")


def refuse_closed_kind(application: Application, kind: str) -> None:
    """In a correction only what was asked for is open: its documents, and those that prove the
    facts asked for."""
    correction = application.corrections.filter(state="open").first()
    if correction is None:
        return
    requested_items = set(correction.items.values_list("kind", "key"))
    material = next(m for m in process_of(application).materials if m.id == kind)
    if ("material", kind) in requested_items or any(
        ("fact", fact) in requested_items for fact in material.facts
    ):
        return
    raise CaseFault(
        "JF-K013",
        say("actions.materials.this_correction_does_not_ask"),
        kind,
    )


def list_missing_materials(application: Application) -> list[RequiredMaterial]:
    """Required documents of which nothing is uploaded; of alternatives one is enough."""
    rows = MaterialVersion.objects.filter(
        material__application=application, dropped_at__isnull=True
    )
    uploaded_kinds = set(rows.values_list("material__kind", flat=True))
    all_wanted = list_wanted_materials(application)
    satisfied_groups = {
        w.material.any_of for w in all_wanted if w.material.id in uploaded_kinds
    } - {""}
    return [
        item
        for item in all_wanted
        if item.material.required
        and item.material.id not in uploaded_kinds
        and item.material.any_of not in satisfied_groups
    ]
