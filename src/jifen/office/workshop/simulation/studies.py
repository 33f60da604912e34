"""The longer questions about a revision, one at a time. What somebody waits for who types goes
first, also in the middle of a search."""

import json
from collections.abc import Callable
from datetime import datetime, timedelta
from time import monotonic
from typing import TYPE_CHECKING, Any

from django.utils import timezone

from jifen.office.workshop.actions.studies import OF_MEASURE, PAIRS
from jifen.office.workshop.faults import run_failed
from jifen.office.workshop.measure import Measure, base_of
from jifen.office.workshop.models import RunState, Study, StudyKind
from jifen.office.workshop.revisions import measure_at
from jifen.office.workshop.simulation.due import (
    LEASE,
    claim_row,
    compute_row,
    release_expired,
    simulate_due,
)
from jifen.office.workshop.words import say
from jifen.policy.policy import Policy

if TYPE_CHECKING:
    from jifen.lab.warm import WarmPeople

_SAYS_EVERY = 0.5
"""Seconds between two words of progress."""


class Superseded(Exception):
    """The study was taken out of the hands of this process."""


def study_due(at: datetime) -> int:
    """Answer the newest question that waits; how many were answered."""
    release_expired(at, Study)
    rows = Study.objects.filter(state=RunState.WAITING).order_by("-id")
    study = rows.select_related("draft", "population", "revision__text").first()
    if study is None or not claim_row(study, at):
        return 0
    try:
        compute_row(study, at, _work_out)
    except Superseded:
        return 1
    return 1


def _work_out(study: Study) -> str:
    from jifen.office.workshop.simulation.populations import mapped  # noqa: PLC0415 - needs the lab

    people = mapped(study.population)
    if study.kind == StudyKind.WEIGHTS and study.brief:
        return json.dumps(_weigh_measure(study, people), ensure_ascii=False)
    measure = measure_at(study.draft, study.revision, study.on)
    if measure.policy is None:
        raise run_failed(_UNREADABLE)
    people.learn_facts(measure.policy)
    found = _ANSWERS[StudyKind(study.kind)](study, people, measure, measure.policy)
    return json.dumps(found, ensure_ascii=False)


class Teller:
    """Says how far a study is, keeps it in the hands of this process, and lets runs go first."""

    def __init__(self, study: Study) -> None:
        self._study, self._said_at, self._began = study, monotonic(), monotonic()

    def tell(self, done: float, of: float) -> None:
        """So much is done. Raises Superseded where a newer question took its place."""
        if monotonic() - self._said_at < _SAYS_EVERY:
            return
        self._said_at = monotonic()
        share = done / of if of else 0
        if self._study.seconds:
            share = max(share, (monotonic() - self._began) / self._study.seconds)
        now = timezone.now()
        rows = Study.objects.filter(pk=self._study.pk, claim=self._study.claim)
        progress = min(99, 5 + int(94 * share))
        lease = now + max(LEASE, timedelta(seconds=self._study.seconds))
        if not rows.filter(state=RunState.RUNNING).update(progress=progress, lease_until=lease):
            raise Superseded
        simulate_due(now)


def _weigh(study: Study, people: "WarmPeople", measure: Measure, policy: Policy) -> Any:
    from jifen.lab.warm.weights import weigh_draft  # noqa: PLC0415 - needs jifen[lab]
    from jifen.lab.warm.weights_serialization import weights_to_dict  # noqa: PLC0415 - the same

    tell = Teller(study).tell
    return weights_to_dict(weigh_draft(people, measure.base, policy, study.on, tell))


def _weigh_measure(study: Study, people: "WarmPeople") -> Any:
    """The weights of another measure than the draft's, on people who have its facts."""
    from jifen.lab.warm.weights import weigh_draft  # noqa: PLC0415 - needs jifen[lab]
    from jifen.lab.warm.weights_serialization import weights_to_dict  # noqa: PLC0415 - the same

    city, _, version = study.brief.removeprefix(OF_MEASURE).partition("@")
    policy = base_of(city, version)
    day = policy.nearest_day(study.on)
    return weights_to_dict(weigh_draft(people, policy, policy, day, Teller(study).tell))


def _propose(study: Study, people: "WarmPeople", measure: Measure, policy: Policy) -> Any:
    from jifen.lab.search import propose_changes  # noqa: PLC0415 - needs jifen[lab]
    from jifen.lab.search.budget import Budget  # noqa: PLC0415 - the same
    from jifen.lab.search.files import read_brief_text  # noqa: PLC0415 - the same
    from jifen.lab.search.serialization import (  # noqa: PLC0415 - the same
        list_changes,
        to_dict,
    )
    from jifen.lab.search.texts import format_result  # noqa: PLC0415 - the same

    del measure
    brief, teller = read_brief_text(study.brief, "brief.yaml", policy), Teller(study)
    budget = Budget(seconds=float(study.seconds))
    result = propose_changes(
        people.people,
        policy,
        brief,
        study.on,
        budget=budget,
        progress=lambda scored: teller.tell(scored, budget.variants),
    )
    words = {lang: format_result(result, lang).splitlines() for lang in ("zh", "en")}
    labels = {f.id: {"zh": f.label.zh, "en": f.label.en} for f in result.space.figures}
    changes = [list_changes(result, proposal) for proposal in result.proposals]
    # the lab writes English names of groups: the page needs those of its reader
    groups = {name.en: name.zh for loss in result.today.losses for name in (loss.by, loss.label)}
    named = {"words": words, "labels": labels, "groups": groups}
    return {"lab": to_dict(result), **named, "changes": changes}


def _weigh_by_orders(study: Study, people: "WarmPeople", measure: Measure, policy: Policy) -> Any:
    from jifen.lab.search.files import read_brief_text  # noqa: PLC0415 - needs jifen[lab]
    from jifen.lab.sensitivity import figure_swings, indicator_shares  # noqa: PLC0415 - the same
    from jifen.lab.sensitivity.texts import to_dict  # noqa: PLC0415 - the same

    del measure
    brief = read_brief_text(study.brief, "brief.yaml", policy) if study.brief else None
    tell = Teller(study).tell
    shares = indicator_shares(people.people, policy, study.on, pairs=PAIRS, progress=tell)
    swings = figure_swings(people.people, policy, brief, study.on) if brief else []
    labels = {s.figure.id: {"zh": s.figure.label.zh, "en": s.figure.label.en} for s in swings}
    return {"lab": to_dict(shares, swings), "labels": labels}


_ANSWERS: dict[StudyKind, Callable[[Study, "WarmPeople", Measure, Policy], Any]] = {
    StudyKind.WEIGHTS: _weigh,
    StudyKind.PROPOSALS: _propose,
    StudyKind.SENSITIVITY: _weigh_by_orders,
}
_UNREADABLE = say("simulation.studies.unreadable")
