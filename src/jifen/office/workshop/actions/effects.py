"""Asking for figures, registering populations, judging worked cases, sample persons."""

from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

from django.db import transaction
from django.utils import timezone

from jifen import cities
from jifen.office.accounts.models import User
from jifen.office.audit.actions import SYSTEM, record
from jifen.office.workshop.access import DraftInHand, refuse_unless_drafter
from jifen.office.workshop.faults import case_is_older, no_sample_person, no_such_population
from jifen.office.workshop.models import (
    CaseFinding,
    Draft,
    Label,
    Population,
    PopulationState,
    Revision,
    Run,
    RunState,
    SamplePerson,
)
from jifen.office.workshop.revisions import findings_of, measure_at

FEWEST_PEOPLE, MOST_PEOPLE, MOST_SEED = 100, 10_000_000, 2**62
MOST_PERSONS = 20
COUNTING = (RunState.WAITING, RunState.RUNNING, RunState.DONE)


def request_run(hand: DraftInHand, revision: Revision, population: Population) -> Run | None:
    """Have the figures of a revision computed; the run of it that there is, or None where it
    cannot be scored. The newest change wins: what waits of older ones is not computed any more.
    Raises StudioFault."""
    hand.refuse_unless("simulate")
    draft = hand.draft
    if not measure_at(draft, revision).can_be_scored:
        return None
    with transaction.atomic():
        Draft.objects.select_for_update().get(pk=draft.pk)  # who asks at the same time waits
        same = Run.objects.filter(revision=revision, population=population, on=draft.on)
        if run := same.filter(state__in=COUNTING).first():
            return run
        older = Run.objects.filter(draft=draft, revision__number__lt=revision.number)
        pending = older.filter(
            population=population, state__in=(RunState.WAITING, RunState.RUNNING)
        )
        pending.update(state=RunState.SUPERSEDED, claim="", lease_until=None)
        run = Run.objects.create(
            draft=draft,
            revision=revision,
            population=population,
            on=draft.on,
            asked_by=hand.user,
            asked_at=timezone.now(),
        )
        details = {"revision": revision.number, "population": population.pk}
        _log("studio.simulated", hand, details)
        return run


def order_population(
    user: User, city: str, people_of: str, people: int | None, seed: int | None
) -> Population:
    """Have synthetic people drawn from the margins of a city. Raises StudioFault, NoSuchDraft."""
    refuse_unless_drafter(user, city)
    margins = _margins(people_of)
    if (
        margins is None
        or people is None
        or seed is None
        or not FEWEST_PEOPLE <= people <= MOST_PEOPLE
        or seed > MOST_SEED
    ):
        raise no_such_population()
    with transaction.atomic():
        population = Population.objects.create(
            city=city,
            people_of=people_of,
            name=f"{cities.find_city(people_of).label.zh} {people:,} · {seed}",
            source=f"{margins.label.zh} / {margins.label.en}"[:300],
            as_of=margins.as_of,
            label=Label.SYNTHETIC,
            seed=seed,
            wanted=people,
            margins=f"{margins.id} {margins.hash}"[:120],
            state=PopulationState.WAITING,
            created_by=user,
            created_at=timezone.now(),
        )
        details = {"people": people, "seed": seed, "of": people_of}
        _log_population("studio.population_ordered", f"user:{user.pk}", population, details)
    return population


def _margins(city: str) -> Any:
    from jifen.lab.people import load_margins  # noqa: PLC0415 - needs jifen[lab]

    try:
        return load_margins(city)
    except ValueError:  # no margins, or faulty ones
        return None


def register_population(
    city: str, people_of: str, name: str, source: str, as_of: date, file: Path
) -> Population:
    """Register people of a register for an office, from a file or a packed folder; whoever does so
    has the machine. Raises FileFault."""
    from jifen.office.workshop.simulation.populations import take_in  # noqa: PLC0415 - the same

    population = Population(
        city=city,
        people_of=people_of,
        name=name[:80],
        source=source[:300],
        as_of=as_of,
        label=Label.REGISTER,
        state=PopulationState.READY,
        created_at=timezone.now(),
    )
    population.people, population.hash = take_in(population, file)
    with transaction.atomic():
        population.save()
        details = {"people": population.people, "hash": population.hash}
        _log_population("studio.population_registered", SYSTEM, population, details)
    return population


def judge_case(
    hand: DraftInHand, revision: Revision, case: str, outcome: str, *, intended: bool
) -> None:
    """Say of a worked case that the draft changes whether its new outcome (in English words) is
    intended. Raises StudioFault where it has another outcome now."""
    hand.refuse_unless("judge")
    changed = {
        one.id: one.after.describe_outcome().en
        for one in measure_at(hand.draft, revision).changed_cases
    }
    if changed.get(case) != outcome:
        raise case_is_older()
    with transaction.atomic():
        CaseFinding.objects.create(
            draft=hand.draft,
            revision=revision.number,
            case=case[:120],
            outcome=outcome[:300],
            intended=intended,
            by=hand.user,
            at=timezone.now(),
        )
        details = {"case": case, "revision": revision.number, "intended": intended}
        _log("studio.case_judged", hand, details)


def judge_open_cases(hand: DraftInHand, revision: Revision) -> int:
    """Say of every worked case that a revision changes, and of whose new outcome nobody said
    anything yet, that it is intended; how many. Raises StudioFault."""
    hand.refuse_unless("judge")
    judged = findings_of(hand.draft)
    changed = [
        (case.id, case.after.describe_outcome().en)
        for case in measure_at(hand.draft, revision).changed_cases
    ]
    open_cases = [one for one in changed if one not in judged]
    with transaction.atomic():
        for case, outcome in open_cases:
            judge_case(hand, revision, case, outcome, intended=True)
    return len(open_cases)


def keep_person(
    hand: DraftInHand, name: str, answers: Mapping[str, Any], pk: int | None = None
) -> SamplePerson:
    """Make up somebody for a draft, or change them. Raises StudioFault."""
    hand.refuse_unless("edit")
    persons = hand.draft.sample_persons
    known = persons.filter(pk=pk).first() if pk is not None else None
    if not name.strip() or (known is None and persons.count() >= MOST_PERSONS):
        raise no_sample_person()
    with transaction.atomic():
        person = known or SamplePerson(draft=hand.draft)
        person.name, person.answers = name.strip()[:60], dict(answers)
        person.by, person.at = hand.user, timezone.now()
        person.save()
        _log("studio.person_kept", hand, {"person": person.pk})
    return person


def remove_person(hand: DraftInHand, pk: int) -> None:
    """Take a sample person away. Raises StudioFault."""
    hand.refuse_unless("edit")
    with transaction.atomic():
        if hand.draft.sample_persons.filter(pk=pk).delete()[0]:
            _log("studio.person_removed", hand, {"person": pk})


def _log(act: str, hand: DraftInHand, details: Mapping[str, Any]) -> None:
    draft = hand.draft
    record(
        act,
        actor=f"user:{hand.user.pk}",
        subject=f"draft:{draft.pk}",
        city=draft.city,
        details=details,
    )


def _log_population(
    act: str, actor: str, population: Population, details: Mapping[str, Any]
) -> None:
    record(
        act,
        actor=actor,
        subject=f"population:{population.pk}",
        city=population.city,
        details=details,
    )
