"""Operations on the documents of a case."""

from typing import Any
from uuid import UUID

from django.http import HttpRequest
from ninja import File, Router, Status
from ninja.files import UploadedFile

from jifen.office.api.schemas import Uploaded, Wanted
from jifen.office.api.tokens import READ, WRITE
from jifen.office.api.unit_cases import FAULTS, access_unit_case
from jifen.office.casework.actions import materials
from jifen.office.casework.faults import NoSuchCase
from jifen.office.casework.models import MaterialVersion

router = Router()


@router.get("/applications/{key}/documents", response={200: list[Wanted], **FAULTS}, auth=READ)
def list_documents(request: HttpRequest, key: UUID) -> list[dict[str, Any]]:
    """The documents that follow from the facts claimed, and the files that are there."""
    application = access_unit_case(request, key).application
    rows = MaterialVersion.objects.filter(
        material__application=application, dropped_at__isnull=True
    )
    versions_by_kind: dict[str, list[dict[str, Any]]] = {}
    for row in rows.select_related("material", "document").order_by("pk"):
        versions_by_kind.setdefault(row.material.kind, []).append(_describe_version(row))
    return [
        {
            "id": wanted.material.id,
            "zh": wanted.material.label.zh,
            "en": wanted.material.label.en,
            "required": wanted.material.required,
            "uploaded": len(versions_by_kind.get(wanted.material.id, ())),
            "versions": versions_by_kind.get(wanted.material.id, []),
        }
        for wanted in materials.list_wanted_materials(application)
    ]


def _describe_version(row: MaterialVersion) -> dict[str, Any]:
    document = row.document
    return {
        "number": row.number,
        "sha256": document.sha256,
        "pages": document.pages,
        "at": row.at,
    }


@router.post(
    "/applications/{key}/documents/{kind}",
    response={201: Uploaded, **FAULTS},
    auth=WRITE,
    operation_id="upload",
)
def upload_document(
    request: HttpRequest,
    key: UUID,
    kind: str,
    file: File[UploadedFile],
) -> Status[Any]:
    """Upload a PDF, JPEG or PNG. The same file again changes nothing."""
    case = access_unit_case(request, key, "upload")
    (version,) = materials.upload_files(case, kind, [(file.name or "", file.read())])
    document = version.document
    uploaded = {"sha256": document.sha256, "pages": document.pages, "number": version.number}
    return Status(201, uploaded)


@router.delete(
    "/applications/{key}/documents/{kind}/{number}", response={200: Uploaded, **FAULTS}, auth=WRITE
)
def drop_document(request: HttpRequest, key: UUID, kind: str, number: int) -> dict[str, Any]:
    """Take a file back, while nobody has reviewed it."""
    case = access_unit_case(request, key, "upload")
    rows = MaterialVersion.objects.filter(
        material__application=case.application, material__kind=kind, dropped_at__isnull=True
    )
    version = rows.select_related("material", "document").filter(number=number).first()
    if version is None:
        raise NoSuchCase
    materials.drop_version(case, version)
    document = version.document
    return {"sha256": document.sha256, "pages": document.pages, "number": version.number}
