"""Papers that prove a request: for the expedited lane, for a recheck."""

from jifen.office.casework.access import CaseAccess
from jifen.office.casework.actions.materials import add_version
from jifen.office.casework.actions.unit_of_work import act_on_case, record_event
from jifen.office.casework.faults import CaseFault
from jifen.office.casework.models import (
    Application,
    Expedite,
    Material,
    MaterialVersion,
    Recheck,
)
from jifen.office.casework.words import say
from jifen.office.documents.actions import store_document
from jifen.policy.text import Text

EXPEDITE, RECHECK = "expedite", "recheck"
_LABELS = {
    EXPEDITE: say("actions.request_papers.proof_for_the_expedited_lane"),
    RECHECK: say("actions.request_papers.proof_for_the_recheck"),
}
_ACTS = {EXPEDITE: "ask_expedite", RECHECK: "ask_recheck"}
Files = list[tuple[str, bytes]]


def name_kind(request: Expedite | Recheck) -> str:
    """Under which kind of document the papers of a request are kept."""
    return f"{EXPEDITE if isinstance(request, Expedite) else RECHECK}-{request.pk}"


def find_request_label(kind: str) -> Text | None:
    """The words for papers of a request; None for any other kind of document."""
    request, _, number = kind.partition("-")
    return _LABELS.get(request) if number.isdecimal() else None


def add_request_papers(
    case: CaseAccess, request: Expedite | Recheck, files: Files
) -> list[MaterialVersion]:
    """Add papers to a request that is not decided yet. Raises UploadFault, CaseFault."""
    if not files:
        return []
    kind = name_kind(request)
    act = _ACTS[kind.partition("-")[0]]
    case.refuse_unless(act)
    documents = [store_document(content, name, case.user) for name, content in files]
    with act_on_case(case, act) as application:
        if not _is_open(application, request):
            raise CaseFault("JF-K074", _DECIDED)
        material, _ = Material.objects.get_or_create(application=application, kind=kind)
        versions = [add_version(material, document, case.user) for document in documents]
        details = {"material": kind, "sha256": [document.sha256 for document in documents]}
        record_event(application, "uploaded", case, details=details)
        return versions


def _is_open(application: Application, request: Expedite | Recheck) -> bool:
    if isinstance(request, Expedite):
        return application.expedites.filter(pk=request.pk, approved__isnull=True).exists()
    return application.rechecks.filter(pk=request.pk, state="open").exists()


_DECIDED = say("actions.request_papers.decided")
