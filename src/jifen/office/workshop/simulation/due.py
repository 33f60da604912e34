"""What the simulation process does: populations are drawn, the newest change of a draft is
computed. Rows say what is due; one that was left in the middle is taken again."""

import logging
import secrets
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import TypeVar

from django.db import transaction
from django.db.models import F

from jifen.office.workshop.faults import StudioFault, run_failed
from jifen.office.workshop.models import (
    Label,
    Population,
    PopulationState,
    Run,
    RunState,
    Study,
)
from jifen.office.workshop.revisions import measure_at
from jifen.office.workshop.words import say
from jifen.policy.catalogue import LANGS
from jifen.policy.fault import DocumentError
from jifen.policy.text import Text

logger = logging.getLogger("jifen.studio")
LEASE = timedelta(seconds=60)
"""How long a run may be in the hands of a process that says nothing more."""
MOST_TRIES = 3
"""So many processes may end over a run: it is not given to another."""
_LONGEST_FAULT = 500


def simulate_due(at: datetime) -> int:
    """Compute the newest run that waits; how many were computed."""
    release_expired(at)
    run = claim_newest(at)
    if run is None:
        return 0
    compute_row(run, at, _figures)
    return 1


Computed = Run | Study
"""What a process computes: one claims a row, and its figures are written whole or not at all."""


Row = TypeVar("Row", Run, Study)


def compute_row(run: Row, at: datetime, work_out: Callable[[Row], str]) -> None:
    """Work out the figures of a claimed row and write them, or why there are none."""
    try:
        figures = work_out(run)
    except StudioFault as fault:
        fail(run, fault.words, at)
    except DocumentError as error:
        fail(run, run_failed(_describe_faults(error)).words, at)
    except ValueError as error:
        words = str(error).splitlines()[0][:200]
        fail(run, run_failed(Text(words, words)).words, at)
    except Exception:
        logger.exception("run %s failed", run.pk)
        fail(run, run_failed(_UNEXPECTED).words, at)
    else:
        finish(run, figures, at)


def _describe_faults(error: DocumentError) -> Text:
    """The first faults of a document in a line: what was found, expected and is to be done."""
    zh, en = (
        "; ".join(
            f"{fault.place} {fault.found} → {fault.expected} {fault.remedy}"
            for fault in (each.in_language(lang) for each in error.faults[:_MOST_FAULTS])
        )
        for lang in LANGS
    )
    return Text(zh, en)


_MOST_FAULTS = 2


def release_expired(at: datetime, kind: type[Computed] = Run) -> int:
    """Rows whose process ended in the middle wait again: nothing of them was kept."""
    left = kind.objects.filter(state=RunState.RUNNING, lease_until__lt=at)
    for run in left.filter(tries__gte=MOST_TRIES):
        fail(run, run_failed(_ENDED).words, at)
    return left.update(state=RunState.WAITING, claim="", lease_until=None, progress=0)


def claim_newest(at: datetime) -> Run | None:
    """The newest run that waits, in the hands of this process; None where none waits, or another
    process took it."""
    rows = Run.objects.filter(state=RunState.WAITING).order_by("-id")
    run = rows.select_related("draft", "population", "revision__text").first()
    return run if run is not None and claim_row(run, at) else None


def claim_row(row: Computed, at: datetime) -> bool:
    """Whether this process has the row now."""
    row.claim = secrets.token_hex(16)
    waiting = type(row).objects.filter(pk=row.pk, state=RunState.WAITING)
    return bool(
        waiting.update(
            state=RunState.RUNNING,
            claim=row.claim,
            lease_until=at + LEASE,
            progress=5,
            tries=F("tries") + 1,
        )
    )


def _figures(run: Run) -> str:
    from jifen.office.workshop.simulation.figures import (  # noqa: PLC0415 - needs jifen[lab]
        figures_of,
        groupings_of,
    )
    from jifen.office.workshop.simulation.populations import mapped  # noqa: PLC0415 - the same

    people = mapped(run.population)
    measure = measure_at(run.draft, run.revision, run.on)
    run.groups = groupings_of(people.people)
    Run.objects.filter(pk=run.pk, claim=run.claim).update(progress=40, groups=run.groups)
    return figures_of(people, measure, run.on, run.groups)


def finish(run: Computed, figures: str, at: datetime) -> bool:
    """The figures, whole; nothing where a newer change has taken the run's place meanwhile."""
    rows = type(run).objects.filter(pk=run.pk, state=RunState.RUNNING, claim=run.claim)
    with transaction.atomic():
        return bool(
            rows.update(
                state=RunState.DONE,
                figures=figures,
                progress=100,
                lease_until=None,
                finished_at=at,
            )
        )


def fail(run: Computed, words: Text, at: datetime) -> None:
    """Why there are no figures."""
    rows = type(run).objects.filter(pk=run.pk, state=RunState.RUNNING, claim=run.claim)
    rows.update(
        state=RunState.FAILED,
        fault=f"{_join_lines(words.zh)}\n{_join_lines(words.en)}",
        lease_until=None,
        finished_at=at,
    )


def _join_lines(words: str) -> str:
    """One line for a language: the page parts the two where the line ends."""
    return " ".join(words.split())[: _LONGEST_FAULT // 2 - 1]


def draw_due(at: datetime) -> int:
    """Draw the oldest population that waits; how many were drawn."""
    del at
    rows = Population.objects.filter(state=PopulationState.WAITING, label=Label.SYNTHETIC)
    population = rows.order_by("id").first()
    if population is None:
        return 0
    from jifen.office.workshop.simulation.populations import (  # noqa: PLC0415 - needs jifen[lab]
        draw_population,
    )

    waiting = Population.objects.filter(pk=population.pk, state=PopulationState.WAITING)
    try:
        people, digest, margins = draw_population(population)
    except (OSError, ValueError) as error:
        words = str(error).splitlines()[0][:_LONGEST_FAULT]
        waiting.update(state=PopulationState.FAILED, fault=words)
    except Exception:
        logger.exception("population %s failed", population.pk)
        waiting.update(state=PopulationState.FAILED, fault=f"{_UNEXPECTED.zh} {_UNEXPECTED.en}")
    else:
        waiting.update(state=PopulationState.READY, people=people, hash=digest, margins=margins)
    return 1


_UNEXPECTED = say("simulation.due.unexpected")
_ENDED = say("simulation.due.ended")
