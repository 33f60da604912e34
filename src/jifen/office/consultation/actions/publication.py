"""A revision is proposed for comment by one person and opened, or refused, by another."""

from collections.abc import Callable
from dataclasses import dataclass

from django.db import IntegrityError, transaction
from django.utils import timezone

from jifen import cities
from jifen.office.consultation.access import ConsultationInHand
from jifen.office.consultation.actions.announcements import announce
from jifen.office.consultation.actions.records import acting, log_act
from jifen.office.consultation.days import LONGEST_WINDOW, find_last_day, today
from jifen.office.consultation.faults import refused
from jifen.office.consultation.models import Consultation, ConsultationState
from jifen.office.consultation.rules import PREPARING
from jifen.office.workshop.access import DraftInHand
from jifen.office.workshop.models import Draft, Run, RunState
from jifen.office.workshop.revisions import measure_at, revision_of

LONGEST_EXPLANATION = 4_000
LONGEST_REASON = 2_000
Check = Callable[[Consultation], None]


@dataclass(frozen=True, slots=True)
class ProposedConsultation:
    """What somebody types who proposes a consultation."""

    working_days: int
    explanation: str
    run: Run | None = None


def propose_consultation(hand: DraftInHand, wanted: ProposedConsultation) -> Consultation:
    """Propose the newest revision for comment. Raises ConsultationFault with what is in the way."""
    if not hand.roles & set(PREPARING):
        raise refused("JF-D001", "role")
    hand.refuse_unless("propose")
    try:
        with transaction.atomic():
            draft = Draft.objects.select_for_update().get(pk=hand.draft.pk)
            return _create(hand, draft, wanted)
    except IntegrityError as error:
        raise refused("JF-D002", "unfinished") from error


def _create(hand: DraftInHand, draft: Draft, wanted: ProposedConsultation) -> Consultation:
    revision = revision_of(draft)
    measure = measure_at(draft, revision)
    if not 1 <= wanted.working_days <= LONGEST_WINDOW:
        raise refused("JF-D002", "window", "working_days", most=LONGEST_WINDOW)
    if not wanted.explanation.strip():
        raise refused("JF-D002", "explanation", "explanation")
    if not measure.can_be_scored or measure.policy is None:
        raise refused("JF-D002", "errors")
    row = Consultation.objects.create(
        draft=draft,
        revision=revision,
        run=wanted.run or newest_run(draft, revision.pk),
        city=draft.city,
        title=draft.title,
        explanation=wanted.explanation.strip()[:LONGEST_EXPLANATION],
        against=version_today(draft),
        policy_hash=measure.policy.hash,
        working_days=wanted.working_days,
        proposed_by=hand.user,
        proposed_at=timezone.now(),
    )
    log_act("proposed", hand.user, row, revision=revision.number, days=wanted.working_days)
    return row


def newest_run(draft: Draft, revision_pk: int) -> Run | None:
    """The newest figures of a revision; they are those that are published with it."""
    return Run.objects.filter(draft=draft, revision=revision_pk, state=RunState.DONE).last()


def version_today(draft: Draft) -> str:
    """The version in force with which the draft is compared; where it starts from another city,
    the version that it starts from. Raises ConsultationFault."""
    if draft.city != draft.base_city:
        return draft.base_version
    version = cities.find_city(draft.city).version_on(today())
    if version is None:
        raise refused("JF-D002", "no_version")
    return version.version


def open_consultation(hand: ConsultationInHand) -> Consultation:
    """A second person publishes it from today on, for its working days."""
    with acting(hand, "open") as row:
        row.state = ConsultationState.OPEN
        row.opens_on = today()
        row.last_day = find_last_day(row.opens_on, row.working_days)
        row.decided_by, row.decided_at = hand.user, timezone.now()
        row.save()
        announce("opened", consultation=row)
        log_act("opened", hand.user, row, last_day=row.last_day.isoformat())
    return row


def refuse_consultation(hand: ConsultationInHand, reason: str) -> Consultation:
    """A second person does not publish it."""
    with acting(hand, "refuse") as row:
        row.state = ConsultationState.REFUSED
        row.decided_by, row.decided_at = hand.user, timezone.now()
        _store_reason(row, reason)
        log_act("refused", hand.user, row)
    return row


def withdraw_consultation(hand: ConsultationInHand, reason: str) -> Consultation:
    """Take it back; one that was open stays to be read, with the reason."""
    with acting(hand, "withdraw") as row:
        was_open = row.state == ConsultationState.OPEN
        row.state = ConsultationState.WITHDRAWN
        _store_reason(row, reason)
        if was_open:
            announce("withdrawn", consultation=row)
        log_act("withdrawn", hand.user, row)
    return row


def _store_reason(row: Consultation, reason: str) -> None:
    if not reason.strip():
        raise refused("JF-D003", "reason", "reason")
    row.reason = reason.strip()[:LONGEST_REASON]
    row.save()
