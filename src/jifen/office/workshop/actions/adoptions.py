"""From a revision to a version in force: proposed by one, decided by another, and withdrawn before
its first day. Each is one transaction with its record in the log."""

import hashlib
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone

from jifen import cities
from jifen.office.accounts.models import User
from jifen.office.audit.actions import record
from jifen.office.notices.keys import load_notice_keys
from jifen.office.workshop import faults
from jifen.office.workshop.access import AdoptionInHand, DraftInHand, access_adoption
from jifen.office.workshop.actions.editions import record_editions
from jifen.office.workshop.adopted_document import build_document, frame_of_version
from jifen.office.workshop.editions_in_force import follow_editions
from jifen.office.workshop.editions_of_version import (
    edition_to_correct,
    newest_edition,
    next_edition,
)
from jifen.office.workshop.measure import Measure, read_whole
from jifen.office.workshop.models import Adoption, AdoptionState, Draft, Revision
from jifen.office.workshop.readiness import was_consulted
from jifen.office.workshop.revisions import findings_of, measure_at, revision_of
from jifen.office.workshop.words import say
from jifen.policy.editing import write_document
from jifen.policy.policy import Policy
from jifen.rulebook.inherited_cases import write_inherited_cases
from jifen.statements.edition import SignedEdition

_VERSION = re.compile(r"[0-9A-Za-z][0-9A-Za-z-]{0,19}\Z")
LONGEST_REASON = 2_000


@dataclass(frozen=True, slots=True)
class Proposed:
    """What somebody types who proposes an adoption. `reason`: why the public was not consulted."""

    version: str
    since: date
    title_zh: str
    title_en: str
    reason: str


@dataclass(frozen=True, slots=True)
class ProposedCorrection:
    """What somebody types who proposes a correction. `reason`: what was wrong in the text, and how
    the public was consulted, or why not."""

    title_zh: str
    title_en: str
    reason: str


def propose_adoption(hand: DraftInHand, wanted: Proposed) -> Adoption:
    """Propose the newest revision for adoption. Raises StudioFault with what is in the way."""
    return _propose(hand, wanted, None)


def propose_correction(hand: DraftInHand, correction: ProposedCorrection) -> Adoption:
    """Propose the newest revision as a new edition of the version that the draft starts from: the
    same name and days, another text. Raises StudioFault with what is in the way."""
    corrected = edition_to_correct(hand.draft)
    if corrected is None:
        raise faults.nothing_to_correct()
    wanted = Proposed(
        corrected.version,
        corrected.since,
        correction.title_zh,
        correction.title_en,
        correction.reason,
    )
    return _propose(hand, wanted, corrected)


def _propose(hand: DraftInHand, wanted: Proposed, corrected: Adoption | None) -> Adoption:
    hand.refuse_unless("propose")
    with transaction.atomic():
        draft = Draft.objects.select_for_update().get(pk=hand.draft.pk)
        revision = revision_of(draft)
        measure = measure_at(draft, revision, wanted.since)
        refuse_unready(draft, measure)
        if corrected is None:
            _refuse_wrong(draft, wanted)
        else:
            _refuse_wrong_correction(wanted, measure)
        edition = next_edition(draft.city, wanted.version)
        text = document_of(measure, wanted, edition)
        policy = _read(measure, text)
        if draft.adoptions.filter(state=AdoptionState.PROPOSED).exists():
            raise faults.already_proposed()
        row = Adoption.objects.create(
            draft=draft,
            revision=revision,
            city=draft.city,
            version=wanted.version,
            edition=edition,
            recorded_on=today(),
            corrects=corrected,
            since=wanted.since,
            text=text,
            sha256=hashlib.sha256(text.encode()).hexdigest(),
            policy_hash=policy.hash,
            cases=_write_cases(revision, measure, policy),
            reason=wanted.reason.strip()[:LONGEST_REASON],
            proposed_by=hand.user,
            proposed_at=timezone.now(),
        )
        _log("studio.adoption_proposed", hand.user, row)
    return row


def decide_adoption(hand: AdoptionInHand, *, adopt: bool, reason: str = "") -> Adoption:
    """A second person puts the version in force from its first day, or refuses. Raises
    StudioFault."""
    with _deciding(hand, "decide") as row:
        if not adopt and not reason.strip():
            raise faults.no_reason()
        if adopt:
            measure = measure_at(row.draft, row.revision, row.since)
            refuse_unready(row.draft, measure)
            _refuse_outdated(row)
            row.statement = _sign(row)
            record_editions([_read(measure, row.text)])
        row.state = AdoptionState.ADOPTED if adopt else AdoptionState.REFUSED
        _decide(row, hand.user, reason)
        _log(f"studio.adoption_{row.state}", hand.user, row)
    return row


def withdraw_adoption(hand: AdoptionInHand, reason: str) -> Adoption:
    """Take back what was proposed, or a version before it is in force; not one on which a later one
    follows. Raises StudioFault."""
    with _deciding(hand, "withdraw") as row:
        if not reason.strip():
            raise faults.no_reason()
        if row.state == AdoptionState.ADOPTED:
            _refuse_withdrawal(row)
        row.state = AdoptionState.WITHDRAWN
        _decide(row, hand.user, reason)
        _log("studio.adoption_withdrawn", hand.user, row)
    return row


def refuse_unready(draft: Draft, measure: Measure) -> None:
    """Raises StudioFault where the draft has errors, changes worked cases that nobody judged as
    intended, keeps the facts of another city, or is in a consultation that is not finished."""
    was_consulted(draft)
    if draft.base_city != draft.city:
        raise faults.other_citys_facts(draft.base_city)
    if not measure.can_be_scored or measure.policy is None:
        errors = sum(placed.fault.severity == "error" for placed in measure.faults)
        raise faults.has_errors(errors)
    judged = findings_of(draft)
    unjudged = [
        case
        for case in measure.changed_cases
        if judged.get((case.id, case.after.describe_outcome().en)) is not True
    ]
    if unjudged:
        raise faults.cases_not_accepted(len(unjudged))


def document_of(measure: Measure, wanted: Proposed, edition: int = 1) -> str:
    """The whole document of the version: the revision with every default in its place, under its
    own name and day. What the measure says of its instrument stays as it was drafted."""
    assert measure.start is not None
    assert measure.policy is not None  # refused before (refuse_unready)
    frame = frame_of_version(wanted.version, edition, wanted.since, today())
    title = {"title": {"zh": wanted.title_zh, "en": wanted.title_en}}
    plain = build_document(measure.start, measure.policy, frame | title)
    return write_document(plain)


def _write_cases(revision: Revision, measure: Measure, policy: Policy) -> str:
    """The worked cases of the version, with the results that were accepted."""
    title, number = revision.draft.title, revision.number
    accepted = say("actions.adoptions.the_new_result_under_revision", title=title, number=number)
    changed = {case.id: case.before.describe_outcome() for case in measure.changed_cases}
    return write_inherited_cases(measure.base, policy, changed, accepted)


def _read(measure: Measure, text: str) -> Policy:
    """The document as it will be read. Raises StudioFault where it cannot be."""
    policy, found = read_whole(measure.base, text)
    if policy is None:
        raise faults.has_errors(len(found))
    return policy


def _refuse_wrong(draft: Draft, wanted: Proposed) -> None:
    """Raises StudioFault for a name, a day or a title that cannot be."""
    if not _VERSION.match(wanted.version):
        raise faults.no_version_name()
    if not wanted.title_zh.strip() or not wanted.title_en.strip():
        raise faults.no_measure_title()
    if not wanted.reason.strip() and not was_consulted(draft):
        raise faults.no_consultation()
    _refuse_taken(draft.city, wanted.version, wanted.since)


def _refuse_taken(city: str, version: str, since: date) -> None:
    """Raises StudioFault where the day is past, or another version has the name or a later day."""
    if since <= today():
        raise faults.day_is_past()
    versions = cities.find_city(city).versions
    if any(known.version == version for known in versions):
        raise faults.version_is_taken(version)
    latest = max(known.since for known in versions)
    if since <= latest:
        raise faults.day_is_taken(latest)


def _refuse_wrong_correction(wanted: Proposed, measure: Measure) -> None:
    """Raises StudioFault for a correction without a title or a reason, or that corrects nothing."""
    if not wanted.title_zh.strip() or not wanted.title_en.strip():
        raise faults.no_measure_title()
    if not wanted.reason.strip():
        raise faults.no_reason()
    title = measure.base.title
    is_renamed = (wanted.title_zh, wanted.title_en) != (title.zh, title.en)
    if not measure.change and measure.start is measure.base and not is_renamed:
        raise faults.nothing_to_correct()


def _refuse_outdated(row: Adoption) -> None:
    """Raises StudioFault where another version has the name or the day by now, or another edition
    was adopted since the proposal."""
    if row.corrects is None:
        _refuse_taken(row.city, row.version, row.since)
    newest = newest_edition(row.city, row.version)
    if newest != row.corrects or row.edition != next_edition(row.city, row.version):
        raise faults.edition_is_outdated()


def _refuse_withdrawal(row: Adoption) -> None:
    if row.since <= today():
        raise faults.is_in_force()
    if newest_edition(row.city, row.version) != row:
        raise faults.edition_follows()
    if row.corrects_id:
        return
    later = Adoption.objects.filter(city=row.city, state=AdoptionState.ADOPTED, since__gt=row.since)
    if later.exists():
        raise faults.later_version_follows()


@contextmanager
def _deciding(hand: AdoptionInHand, act: str) -> Iterator[Adoption]:
    """The adoption, until the transaction ends nobody else's; afterwards this process knows."""
    try:
        with transaction.atomic():
            row = Adoption.objects.select_for_update(of=("self",)).get(pk=hand.adoption.pk)
            access_adoption(hand.user, row.key, act)
            yield row
            transaction.on_commit(_refresh)
    except IntegrityError as error:
        if hand.adoption.corrects_id:
            raise faults.edition_is_outdated() from error
        raise faults.version_is_taken(hand.adoption.version) from error


def _refresh() -> None:
    follow_editions(now=True)


def _decide(row: Adoption, user: User, reason: str) -> None:
    row.decided_by, row.decided_at = user, timezone.now()
    row.decision_reason = reason.strip()[:LONGEST_REASON]
    row.save()


def today() -> date:
    """The day in the time zone of the office."""
    return timezone.localdate()


def _sign(row: Adoption) -> str:
    """The statement that anybody can check with the published keys."""
    edition = SignedEdition(
        row.city,
        row.version,
        row.since.isoformat(),
        today().isoformat(),
        row.policy_hash,
        row.sha256,
        str(row.edition),
    )
    return edition.sign(load_notice_keys())


def _log(act: str, user: User, row: Adoption) -> None:
    details: Mapping[str, Any] = {
        "version": row.version,
        "edition": row.edition,
        "since": row.since.isoformat(),
        "revision": row.revision.number,
        "sha256": row.sha256,
    }
    record(
        act,
        actor=f"user:{user.pk}",
        subject=f"draft:{row.draft_id}",
        city=row.city,
        details=details,
    )
