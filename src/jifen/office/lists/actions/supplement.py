"""A supplementary list (公示补充名单) of a published ranking: those who stand at or above its last
place since, opened by one and published by another as the ranking was."""

from datetime import date

from django.db import transaction

from jifen.office.accounts.models import User
from jifen.office.lists.access import refuse_unless_publishing
from jifen.office.lists.actions.runs import freeze, numbered, record_run
from jifen.office.lists.faults import ListFault
from jifen.office.lists.filing import accepted, policy_of, rank_rules
from jifen.office.lists.floor import Raised, raised
from jifen.office.lists.frozen import Lacking
from jifen.office.lists.models import Run
from jifen.policy.text import Text


def open_supplement(by: User, run: Run, on: date) -> Run:
    """Freeze those who are to be entered, as a run of their own. Raises ListFault, NotYours."""
    refuse_unless_publishing(by, run.city)
    with transaction.atomic():
        base = _published(run.pk)
        found = _found(base)
        rules = rank_rules(base.city, base.year)
        policy, cases = policy_of(rules, base.city, base.year), accepted(rules, base.year)
        quota = len(found.people)
        made = numbered(rules, policy, base.year, opened_on=on, opened_by=by, quota=quota)
        made.supplements = base
        made.accepted, made.undecided = cases.count(), cases.exclude(state="decided").count()
        freeze(made, list(found.people))
        record_run("opened", made, by, {"ranked": made.ranked, "supplements": base.name})
    return made


def _published(pk: int) -> Run:
    base = Run.objects.select_for_update().get(pk=pk)
    if base.state != "published" or base.supplements_id:
        words = Text(
            "只有已公示的年度排名才能补充。", "Only a published ranking of a year is supplemented."
        )
        raise ListFault("JF-Q039", words)
    return base


def _found(base: Run) -> Raised:
    found = raised(base)
    if found.lacking:
        raise ListFault("JF-Q032", Lacking(list(found.lacking)).words)
    if not found.people:
        words = Text("没有需要补充列入的人。", "Nobody is to be entered.")
        raise ListFault("JF-Q036", words)
    return found
