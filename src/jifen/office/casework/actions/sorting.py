"""Files dropped all at once: kept unsorted, then put to their documents by a person's word."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.utils import timezone

from jifen.office.casework.access import CaseAccess
from jifen.office.casework.actions.materials import (
    add_version,
    list_wanted_materials,
    refuse_closed_kind,
    refuse_unknown_kind,
)
from jifen.office.casework.actions.unit_of_work import act_on_case, record_event
from jifen.office.casework.case_policy import process_of
from jifen.office.casework.faults import CaseFault
from jifen.office.casework.material_guess import guess_material, guess_material_by_text
from jifen.office.casework.models import Application, Material, MaterialVersion
from jifen.office.casework.words import say
from jifen.office.documents.actions import store_document
from jifen.policy.text import Text
from jifen.process import MaterialRule
from jifen.reader.documents import read_first_text
from jifen.reader.faults import RefusedFile

UNSORTED = "unsorted"
MOST_AT_ONCE = 60


@dataclass(frozen=True, slots=True)
class UnsortedFile:
    """A file that waits for a word: which document it is. `guess` may be ''; `by_text`: it is from
    the words on the pages, since the name says nothing."""

    version: MaterialVersion
    guess: str
    by_text: bool = False


def upload_unsorted(case: CaseAccess, files: list[tuple[str, bytes]]) -> list[MaterialVersion]:
    """Keep files whose document is not said yet. Raises UploadFault, CaseFault, NotAllowed."""
    case.refuse_unless("upload")
    if len(files) + len(list_unsorted_files(case.application)) > MOST_AT_ONCE:
        raise CaseFault("JF-K015", _TOO_MANY, UNSORTED)
    documents = [store_document(content, name, case.user) for name, content in files]
    rules = _list_materials(case.application)
    guesses = [_guess_by_text(content, rules) for _, content in files]
    with act_on_case(case, "upload") as application:
        material, _ = Material.objects.get_or_create(application=application, kind=UNSORTED)
        versions = [
            add_version(material, document, case.user, most=1000, text_guess=guess)
            for document, guess in zip(documents, guesses, strict=True)
        ]
        details = {"material": UNSORTED, "sha256": [document.sha256 for document in documents]}
        record_event(application, "uploaded", case, details=details)
        return versions


_TOO_MANY = say("actions.sorting.too_many", most_at_once=MOST_AT_ONCE)


def list_unsorted_files(application: Application) -> list[UnsortedFile]:
    """The files that wait, each with the guess."""
    rows = MaterialVersion.objects.filter(
        material__application=application, material__kind=UNSORTED, dropped_at__isnull=True
    )
    versions = list(rows.select_related("document", "material").order_by("number"))
    if not versions:
        return []
    wanted = [item.material for item in list_wanted_materials(application)]
    return [_describe_unsorted_file(row, wanted) for row in versions]


def _describe_unsorted_file(row: MaterialVersion, wanted: list[MaterialRule]) -> UnsortedFile:
    by_name = guess_material(row.document.name, wanted)
    return UnsortedFile(
        row, by_name or row.text_guess, by_text=not by_name and row.text_guess != ""
    )


def _guess_by_text(content: bytes, rules: list[MaterialRule]) -> str:
    """Of a PDF whose pages carry text; a scan says nothing, and a file that takes too long to read
    is kept without a guess."""
    if not content.startswith(b"%PDF"):
        return ""
    try:
        return guess_material_by_text(read_first_text(content), rules)
    except RefusedFile:
        return ""


def _list_materials(application: Application) -> list[MaterialRule]:
    """The documents that are wanted first, then the others of the process."""
    wanted = [item.material for item in list_wanted_materials(application)]
    wanted_ids = {material.id for material in wanted}
    return [*wanted, *(m for m in process_of(application).materials if m.id not in wanted_ids)]


def sort_files(case: CaseAccess, kinds: Mapping[int, str]) -> int:
    """Put files to their documents: the number of a version → the document; '' leaves it, and
    'drop' takes it back. How many were put. Raises CaseFault, NotAllowed."""
    with act_on_case(case, "upload") as application:
        files = {file.version.pk: file.version for file in list_unsorted_files(application)}
        chosen = {pk: kind for pk, kind in kinds.items() if pk in files and kind}
        for kind in set(chosen.values()) - {DROP}:
            refuse_unknown_kind(application, kind)
            refuse_closed_kind(application, kind)
        for pk, kind in chosen.items():
            if kind != DROP:
                material, _ = Material.objects.get_or_create(application=application, kind=kind)
                add_version(material, files[pk].document, case.user)
            files[pk].dropped_at = timezone.now()
            files[pk].save(update_fields=("dropped_at",))
        details = {"materials": sorted(set(chosen.values()))}
        record_event(application, "sorted", case, details=details)
        return len(chosen)


DROP = "drop"


def make_unsorted_fault(application: Application) -> CaseFault | None:
    """Files that nobody would look at stand in the way of filing."""
    count = len(list_unsorted_files(application))
    if not count:
        return None
    words = say("actions.sorting.file_s_are_not_sorted", count=count)
    return CaseFault("JF-K028", words, UNSORTED)


def list_sortable_materials(application: Application) -> list[tuple[str, Text]]:
    """The documents to choose from: those wanted first, then the others of the process."""
    return [(material.id, material.label) for material in _list_materials(application)]
