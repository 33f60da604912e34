"""Operations on corrections."""

from typing import Any
from uuid import UUID

from django.http import HttpRequest
from ninja import Router

from jifen.office.api.case_descriptions import describe_case, describe_correction
from jifen.office.api.request_schemas import ItemAnswer, Resubmission
from jifen.office.api.routes import log_case_look
from jifen.office.api.schemas import CorrectionShown, Shown
from jifen.office.api.tokens import READ, WRITE
from jifen.office.api.unit_cases import FAULTS, access_unit_case
from jifen.office.api.words import say
from jifen.office.casework.actions import corrections
from jifen.office.casework.faults import CaseFault, SeveralFaults
from jifen.office.casework.models import Application, CorrectionItem

router = Router()


@router.get(
    "/applications/{key}/corrections", response={200: list[CorrectionShown], **FAULTS}, auth=READ
)
def list_corrections(request: HttpRequest, key: UUID) -> list[dict[str, Any]]:
    """Every correction of the case with its items, reasons and last day, the newest first."""
    case = access_unit_case(request, key)
    log_case_look(request, case, "corrections by API")
    rows = case.application.corrections.prefetch_related("items").order_by("-number")
    return [describe_correction(case.application, row) for row in rows]


@router.post(
    "/applications/{key}/resubmit",
    response={200: Shown, **FAULTS},
    auth=WRITE,
    operation_id="resubmit",
)
def resubmit_application(
    request: HttpRequest, key: UUID, body: Resubmission | None = None
) -> dict[str, Any]:
    """Send a correction back, with words to its items. Where nothing that was asked for has
    changed it is refused, unless `anyway`: a round would be used up."""
    case = access_unit_case(request, key, "resubmit")
    resubmission = body or Resubmission()
    if resubmission.answers:
        _refuse_unknown_items(case.application, resubmission.answers)
        answers = {answer.id: answer.words for answer in resubmission.answers}
        corrections.answer_items(case, answers)
    if not resubmission.anyway and corrections.is_unchanged_since_request(case.application):
        raise CaseFault("JF-A014", _UNCHANGED, "anyway")
    corrections.resubmit_case(case)
    return describe_case(access_unit_case(request, key))


def _refuse_unknown_items(application: Application, answers: list[ItemAnswer]) -> None:
    rows = CorrectionItem.objects.filter(
        correction__application=application, correction__state="open"
    )
    known_ids = set(rows.values_list("pk", flat=True))
    unknown_ids = [answer.id for answer in answers if answer.id not in known_ids]
    if unknown_ids:
        raise SeveralFaults(
            CaseFault("JF-A015", _NO_SUCH_ITEM, f"answers.{item_id}") for item_id in unknown_ids
        )


_UNCHANGED = say("corrections.unchanged")
_NO_SUCH_ITEM = say("corrections.no_such_item")
