"""A ranking of Chengdu with its people."""

from datetime import date
from typing import Any

from django.utils import timezone

from jifen.office.casework.models import Decision
from jifen.office.lists.actions.runs import open_run, publish_run
from jifen.office.lists.models import Run
from tests.world.town import Town, facts_of

FILED, RANKED, LIST_ON = date(2019, 6, 15), date(2019, 9, 16), date(2019, 9, 25)


def people_in_rank(town: Town) -> list[Decision]:
    """123 points each: insured 72 months, 60 months, 60 months with more years of residence."""
    cases = (("52", "P"), ("52", "Q"), ("52B", "P"))
    return [town.decided(facts_of("2018", case, who), FILED) for case, who in cases]


def published_ranking(town: Town, quota: int) -> Run:
    return publish_run(town.lead2, open_ranking(town, quota), LIST_ON)


def recheck_of(old: Decision, more: int, **changes: Any) -> Decision:
    """Another decision in place of one, with more points or fewer."""
    Decision.objects.filter(pk=old.pk).update(void_at=timezone.now(), void_why="recheck")
    new = Decision.objects.get(pk=old.pk)
    new.pk, new.number, new.void_at, new.void_why = None, old.number + 1, None, ""
    new.total = old.total + more
    for name, value in changes.items():
        setattr(new, name, value)
    new.save()
    return new


def open_ranking(town: Town, quota: int) -> Run:
    return open_run(town.lead, "chengdu", 2019, RANKED, quota)
