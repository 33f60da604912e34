"""A supplementary list (公示补充名单) of a published ranking: those who stand at or above its last
place since, opened by one and published by another as the ranking was."""

from datetime import date

from django.db import transaction

from jifen.office.accounts.models import User
from jifen.office.lists.access import refuse_unless_publishing
from jifen.office.lists.actions.runs import make_next_run, record_run, store_ranking
from jifen.office.lists.admission_floor import RaisedPeople, find_raised_people
from jifen.office.lists.faults import ListFault
from jifen.office.lists.filing import find_rank_rules, list_accepted_cases, policy_of_filing
from jifen.office.lists.models import Run
from jifen.office.lists.snapshots import MissingTieKeys
from jifen.office.lists.words import say


def open_supplement(by: User, run: Run, on: date) -> Run:
    """Freeze those who are to be entered, as a run of their own. Raises ListFault, NotYours."""
    refuse_unless_publishing(by, run.city)
    with transaction.atomic():
        base = _lock_published_run(run.pk)
        raised_people = _require_raised_people(base)
        rules = find_rank_rules(base.city, base.year)
        policy, cases = (
            policy_of_filing(rules, base.city, base.year),
            list_accepted_cases(rules, base.year),
        )
        quota = len(raised_people.people)
        supplement = make_next_run(
            rules, policy, base.year, opened_on=on, opened_by=by, quota=quota
        )
        supplement.supplements = base
        supplement.accepted, supplement.undecided = (
            cases.count(),
            cases.exclude(state="decided").count(),
        )
        store_ranking(supplement, list(raised_people.people))
        record_run(
            "opened", supplement, by, {"ranked": supplement.ranked, "supplements": base.name}
        )
    return supplement


def _lock_published_run(pk: int) -> Run:
    base = Run.objects.select_for_update().get(pk=pk)
    if base.state != "published" or base.supplements_id:
        words = say("actions.supplement.only_a_published_ranking")
        raise ListFault("JF-Q039", words)
    return base


def _require_raised_people(base: Run) -> RaisedPeople:
    raised_people = find_raised_people(base)
    if raised_people.without_tie_keys:
        raise ListFault("JF-Q032", MissingTieKeys(list(raised_people.without_tie_keys)).words)
    if not raised_people.people:
        words = say("actions.supplement.nobody_is_to_be_entered")
        raise ListFault("JF-Q036", words)
    return raised_people
