"""Asking the longer questions about a revision."""

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from jifen.office.audit.actions import record
from jifen.office.workshop.access import DraftInHand
from jifen.office.workshop.faults import (
    brief_is_faulty,
    cannot_be_studied,
    no_such_population,
)
from jifen.office.workshop.measure import base_of
from jifen.office.workshop.models import (
    Draft,
    Population,
    Revision,
    RunState,
    Study,
    StudyKind,
)
from jifen.office.workshop.revisions import measure_at, revision_of
from jifen.policy.fault import DocumentError
from jifen.policy.policy import Policy

FEWEST_SECONDS, MOST_SECONDS, USUAL_SECONDS = 5, 600, 60
LONGEST_BRIEF = 50_000
OF_MEASURE = "measure: "
"""What stands before another measure in the brief of a question about its weights."""
PAIRS = 32
"""Pairs of random orders in which the indicators of a draft are weighed."""
_PENDING = (RunState.WAITING, RunState.RUNNING)
_COUNTING = (*_PENDING, RunState.DONE)


def request_study(
    hand: DraftInHand,
    revision: Revision,
    population: Population,
    kind: StudyKind,
    brief: str = "",
    seconds: int = 0,
) -> Study:
    """Have a question answered; the answer that there is where the same was asked before. What
    waits of the same kind on older revisions is not answered any more. Raises StudioFault."""
    hand.refuse_unless("simulate")
    draft = hand.draft
    measure = measure_at(draft, revision)
    if not measure.can_be_scored or measure.policy is None:
        raise cannot_be_studied(revision.number)
    if brief:
        refuse_faulty_brief(brief, measure.policy)
    with transaction.atomic():
        Draft.objects.select_for_update().get(pk=draft.pk)  # who asks at the same time waits
        asked = Study.objects.filter(draft=draft, population=population, kind=kind)
        if kind == StudyKind.WEIGHTS:  # those of other measures are other questions
            asked = asked.filter(brief="")
        same = asked.filter(revision=revision, on=draft.on, brief=brief)
        if study := same.filter(state__in=_COUNTING).first():
            return study
        older = asked.filter(revision__number__lt=revision.number, state__in=_PENDING)
        older.update(state=RunState.SUPERSEDED, claim="", lease_until=None)
        limit = min(max(seconds, FEWEST_SECONDS), MOST_SECONDS) if seconds else 0
        return _ask(hand, revision, population, kind, brief, limit)


def request_measure_weights(hand: DraftInHand, population: Population, start: str) -> Study:
    """Have worked out what the indicators of another measure (`chengdu@2024`) weigh on people who
    have its facts; the answer that there is where the same was asked before. Raises StudioFault."""
    hand.refuse_unless("simulate")
    city, _, version = start.partition("@")
    if population.people_of != city or population.city != hand.draft.city:
        raise no_such_population()
    base_of(city, version)
    with transaction.atomic():
        draft = Draft.objects.select_for_update().get(pk=hand.draft.pk)
        asked = list_measure_weights(draft).filter(population=population, on=draft.on)
        same = asked.filter(brief=OF_MEASURE + start, state__in=_COUNTING).first()
        if same is not None:
            return same
        brief = OF_MEASURE + start
        return _ask(hand, revision_of(draft), population, StudyKind.WEIGHTS, brief, 0)


def list_measure_weights(draft: Draft) -> "QuerySet[Study]":
    """The questions about what indicators of other measures weigh."""
    return Study.objects.filter(draft=draft, kind=StudyKind.WEIGHTS).exclude(brief="")


def _ask(
    hand: DraftInHand,
    revision: Revision,
    population: Population,
    kind: StudyKind,
    brief: str,
    seconds: int,
) -> Study:
    draft = hand.draft
    study = Study.objects.create(
        draft=draft,
        revision=revision,
        population=population,
        on=draft.on,
        kind=kind,
        brief=brief,
        seconds=seconds,
        asked_by=hand.user,
        asked_at=timezone.now(),
    )
    record(
        "studio.study_asked",
        actor=f"user:{hand.user.pk}",
        subject=f"draft:{draft.pk}",
        city=draft.city,
        details={"revision": revision.number, "kind": kind, "study": study.pk},
    )
    return study


def refuse_faulty_brief(brief: str, policy: Policy) -> None:
    """Raises StudioFault with the first faults of a brief, each with its line."""
    from jifen.lab.search.files import read_brief_text  # noqa: PLC0415 - needs jifen[lab]

    if len(brief) > LONGEST_BRIEF:
        raise brief_is_faulty([f"{len(brief):,} > {LONGEST_BRIEF:,}"], [])
    try:
        read_brief_text(brief, "brief.yaml", policy)
    except DocumentError as error:
        faults = error.faults[:_MOST_FAULTS]
        zh, en = (
            [
                f"{said.place.line}: {said.found} → {said.expected} {said.remedy}"
                for said in (fault.in_language(lang) for fault in faults)
            ]
            for lang in ("zh", "en")
        )
        raise brief_is_faulty(zh, en) from error


_MOST_FAULTS = 3
