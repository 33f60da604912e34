"""A second person signs the answers: the open data, its statement and the sealed summary stand
together in one transaction, or not at all."""

import json
from hashlib import sha256

from django.utils import timezone

from jifen.office.consultation.access import ConsultationInHand
from jifen.office.consultation.actions.announcements import announce
from jifen.office.consultation.actions.records import acting, log_act
from jifen.office.consultation.days import today
from jifen.office.consultation.faults import refused
from jifen.office.consultation.models import Consultation, ConsultationState, ConsultationSummary
from jifen.office.consultation.open_data import write_json
from jifen.office.consultation.pdf.summary import render_summary
from jifen.office.consultation.queries import open_comments
from jifen.office.notices.keys import load_notice_keys
from jifen.statements.consultation import SignedConsultation


def sign_answers(hand: ConsultationInHand) -> ConsultationSummary:
    """Publish the answers, signed. Raises ConsultationFault, also where a comment was shown again
    meanwhile and has no answer."""
    with acting(hand, "sign") as row:
        if count := open_comments(row).count():
            raise refused("JF-D022", "open", count=count)
        document, on, keys = write_json(row), today(), load_notice_keys()
        digest = sha256(document.encode()).hexdigest()
        statement = build_statement(row, digest).sign_with(keys)
        pdf = render_summary(row, json.loads(document), (statement, digest), on, keys)
        summary = ConsultationSummary.objects.create(
            consultation=row,
            document=document,
            sha256=digest,
            statement=statement,
            pdf=pdf,
            pdf_sha256=sha256(pdf).hexdigest(),
            signed_by=hand.user,
            signed_at=timezone.now(),
        )
        row.state = ConsultationState.ANSWERED
        row.save()
        announce("answered", consultation=row)
        log_act("answers_signed", hand.user, row, sha256=digest, pdf=summary.pdf_sha256)
    return summary


def build_statement(row: Consultation, digest: str) -> SignedConsultation:
    """What is signed of a consultation."""
    return SignedConsultation(
        consultation=str(row.key),
        city=row.city,
        title=row.title,
        revision=row.revision.number,
        policy_hash=row.policy_hash,
        opened_on=row.opens_on.isoformat() if row.opens_on else "",
        last_day=row.last_day.isoformat() if row.last_day else "",
        answered_on=today().isoformat(),
        comments=row.numbered,
        sha256=digest,
    )
