"""Proposals that wait for a signature: outcome and differences of each; several signed at once."""

from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from jifen.office.accounts.roles import list_posts
from jifen.office.casework.queries import list_desks
from jifen.office.desk.signing import (
    SignatureChoice,
    UnsignedDecision,
    list_proposals,
    sign_decisions,
)
from jifen.office.waiting.rules import SIGNERS
from jifen.office.web.cases import case_texts
from jifen.office.web.data_access import log_look
from jifen.office.web.desk.queue import choose_desk
from jifen.office.web.desk.queue_acts import report_batch
from jifen.office.web.desk.queue_rows import describe_case_row
from jifen.office.web.numbers import whole_number
from jifen.office.web.signed import go, lang_of, signed_in, user_of, work_page
from jifen.policy.text import Lang
from jifen.scoring.result_status import describe_decided_outcome


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def sign_batch(request: HttpRequest) -> HttpResponse:
    """What waits for the asker's signature, with what differs; those ticked are signed."""
    user, lang = user_of(request), lang_of(request)
    desks = [desk for desk in list_desks(user) if not desk.department]
    if not desks or not any(post.role in SIGNERS for post in list_posts(user)):
        raise Http404
    if request.method == "POST":
        choices = [choice for text in request.POST.getlist("case") if (choice := _read(text))]
        report_batch(request, sign_decisions(user, choices))
        return go(reverse("sign_batch"))
    desk = choose_desk(request, desks)
    proposals = list_proposals(user, desk, timezone.localdate())
    for proposal in proposals:
        number = proposal.application.pk
        log_look(request, f"application:{number}", "signing", city=proposal.application.city)
    rows = [_describe_proposal(proposal, lang) for proposal in proposals]
    return work_page(request, "desk/signing.html", {"rows": rows, "desks": desks, "chosen": desk})


def _read(text: str) -> SignatureChoice | None:
    key, _, version = text.partition(":")
    number = whole_number(version)
    try:
        return None if number is None else SignatureChoice(UUID(key), number)
    except ValueError:
        return None


def _describe_proposal(proposal: UnsignedDecision, lang: Lang) -> dict[str, Any]:
    application, decision = proposal.application, proposal.decision
    changed = [
        {
            "label": row["label"],
            "claimed": row["claimed"],
            "found": row["found"],
            "reason": row["reason"],
            "words": row["words"],
        }
        for row in case_texts.fact_rows(application, lang)
        if row["fact"] in {item.fact for item in proposal.changed}
    ]
    return describe_case_row(application, lang) | {
        "version": application.version,
        "outcome": decision.outcome,
        "outcome_words": describe_decided_outcome(decision.outcome, decision.total)(lang),
        "proposed_by": decision.proposed_by.get_full_name() if decision.proposed_by else "",
        "words": decision.words,
        "lines": [line | {"label": _label(line["label"], lang)} for line in proposal.lines],
        "changed": changed,
        "renewal": application.renews_id is not None,
    }


def _label(label: Any, lang: Lang) -> str:
    return str(label.get(lang, "")) if isinstance(label, dict) else str(label)
