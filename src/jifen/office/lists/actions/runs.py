"""A round of a ranking: opened by one (frozen), published by another, or discarded."""

from datetime import date
from typing import Any

from django.db import transaction
from django.db.models import Max, QuerySet
from django.utils import timezone

from jifen import __version__, cities
from jifen.lists import ListRules, find_publicity_end, load_list_rules
from jifen.office.accounts.models import User
from jifen.office.accounts.roles import find_principals, name_principal
from jifen.office.audit.actions import record
from jifen.office.casework.models import Application, Decision, State
from jifen.office.lists.access import PUBLISHING_ROLES, refuse_unless_publishing
from jifen.office.lists.actions.places import make_entries_of_run
from jifen.office.lists.actions.publication import make_list
from jifen.office.lists.actions.state_changes import CHUNK, record_moves
from jifen.office.lists.documents import compute_digest, make_run_statement
from jifen.office.lists.faults import ListFault, NotYours
from jifen.office.lists.filing import (
    find_first_filing_day,
    find_rank_rules,
    list_accepted_cases,
    list_entering_decisions,
    policy_of_filing,
)
from jifen.office.lists.models import Entry, Run, RunPlace
from jifen.office.lists.ranking_keys import name_ranking_keys
from jifen.office.lists.snapshots import EntrantSnapshot, MissingTieKeys, rank_people, read_entrants
from jifen.office.lists.words import say
from jifen.office.vault.masks import mask_name
from jifen.policy.policy import Policy
from jifen.process.calendar import working_calendar


def determine_quota(policy: Policy, year: int, given: int | None) -> int:
    """The quota that the measure's file knows, or the one that is given. Raises ListFault where
    there is none, or two that differ."""
    known = find_known_quota(policy, year)
    if known is None and given is None:
        words = say("actions.runs.give_the_quota")
        raise ListFault("JF-Q031", words, "quota")
    if known is not None and given not in (None, known):
        words = say("actions.runs.the_quota", year=year, known=known, given=given)
        raise ListFault("JF-Q031", words, "quota")
    return known if known is not None else int(given or 0)


def find_known_quota(policy: Policy, year: int) -> int | None:
    """What the measure's file knows of a year's quota."""
    quotas = policy.rules_on(policy.since).decision.quotas
    return next((quota.people for quota in quotas if quota.year == year), None)


def open_run(by: User, city: str, year: int, on: date, quota: int | None = None) -> Run:
    """Freeze and rank all accepted cases of a year's filing. Raises ListFault, NotYours."""
    refuse_unless_publishing(by, city)
    rules = find_rank_rules(city, year)
    policy = policy_of_filing(rules, city, year)
    places_for = determine_quota(policy, year, quota)
    with transaction.atomic():
        cases = list_accepted_cases(rules, year)
        run = make_next_run(rules, policy, year, opened_on=on, opened_by=by, quota=places_for)
        run.accepted, run.undecided = cases.count(), cases.exclude(state=State.DECIDED).count()
        store_ranking(run, read_snapshots(run, policy, cases))
        record_run("opened", run, by, {"ranked": run.ranked, "admitted": run.admitted})
    return run


def make_next_run(rules: ListRules, policy: Policy, year: int, **opened: Any) -> Run:
    """The next run of a year, by these rules and this measure."""
    earlier = Run.objects.filter(city=rules.city, year=year)
    number = (earlier.aggregate(last=Max("number"))["last"] or 0) + 1
    return Run(
        name=f"{cities.find_city(rules.city).prefix}{year}-{number}",
        city=rules.city,
        rules=rules.id,
        year=year,
        number=number,
        policy=policy.id,
        policy_version=policy.version,
        policy_hash=policy.hash,
        engine_version=__version__,
        level=rules.ranking.level if rules.ranking else "all",
        ties=name_ranking_keys(policy.rules_on(find_first_filing_day(rules, year)).decision),
        opened_at=timezone.now(),
        **opened,
    )


def read_snapshots(run: Run, policy: Policy, cases: QuerySet[Application]) -> list[EntrantSnapshot]:
    """Whoever enters. Raises ListFault where somebody cannot be ranked with the others."""
    decisions = list_entering_decisions(cases)
    _refuse_other_measures(run, decisions)
    try:
        return list(read_entrants(decisions, policy, run.ties))
    except MissingTieKeys as error:
        raise ListFault("JF-Q032", error.words) from None


def _refuse_other_measures(run: Run, decisions: QuerySet[Decision]) -> None:
    """Points of two measures cannot be compared."""
    rows = decisions.exclude(policy=run.policy, policy_version=run.policy_version)
    numbers = list(rows.order_by("pk").values_list("application__number", flat=True))
    if numbers:
        cases = "、".join(map(str, numbers[:5]))
        words = say(
            "actions.runs.cases_were_decided_by_another",
            numbers_count=len(numbers),
            policy_version=run.policy_version,
            cases=cases,
        )
        raise ListFault("JF-Q038", words)


def store_ranking(run: Run, people: list[EntrantSnapshot]) -> None:
    """Rank them, and keep the run with its places."""
    snapshots = {snapshot.number: snapshot for snapshot in people}
    rows = rank_people(run, [f.entrant for f in people])
    places = [_make_place(run, snapshots[row.name], row) for row in rows]
    run.ranked, run.admitted = len(places), sum(p.admitted for p in places)
    run.digest = compute_digest(make_run_statement(run, places))
    run.save(force_insert=True)
    RunPlace.objects.bulk_create(places, batch_size=2_000)


def _make_place(run: Run, snapshot: EntrantSnapshot, row: Any) -> RunPlace:
    return RunPlace(
        run=run,
        position=row.position,
        number=snapshot.number,
        decision=snapshot.decision,
        name=mask_name(snapshot.name),
        total=row.total,
        keys=row.keys,
        place=row.place,
        level=row.level,
        admitted=row.admitted,
    )


def publish_run(by: User, run: Run, on: date) -> Run:
    """The publicity list of those inside the quota, by another than who opened the run. Refused
    where a decision of the filing is gone, new or another: a new run has to be opened."""
    refuse_unless_publishing(by, run.city)
    rules = next(r for r in load_list_rules(run.city) if r.id == run.rules)
    until = find_publicity_end(rules, on, working_calendar())
    with transaction.atomic():
        row = _lock_open_run(run.pk)
        principals = find_principals(by, run.city, "", *PUBLISHING_ROLES)
        if row.opened_by_id == by.pk or principals == {row.opened_by_id}:
            words = say("actions.runs.another_person_than_who_opened")
            raise NotYours("JF-Q033", words)
        _refuse_second_list(row)
        entries = list(make_entries_of_run(row, rules, until))
        if not entries:
            words = say("actions.runs.nobody_is_on_this_list")
            raise ListFault("JF-Q036", words)
        public_list = make_list(rules, "publicity", on, entries, until=until, run=row, by=by)
        for entry in entries:
            entry.publicity = public_list
        Entry.objects.bulk_create(entries, batch_size=CHUNK)
        _end_run(row, "published", by)
        goals = {entry.pk: entry.state for entry in entries}
        record_moves(entries, goals, "publish", on, by=by)
    return row


def _refuse_second_list(run: Run) -> None:
    """One list a year: what was wrong on it is put right by objections and rechecks, and who is to
    be entered then comes by a supplement."""
    if run.supplements_id:
        return
    rows = Run.objects.filter(city=run.city, year=run.year, supplements__isnull=True)
    if first := rows.filter(state="published").first():
        words = say(
            "actions.runs.the_ranking_of_is_published", year=run.year, first_name=first.name
        )
        raise ListFault("JF-Q037", words)


def discard_run(by: User, run: Run, why: str) -> Run:
    """A run that is not published. Raises ListFault, NotYours."""
    refuse_unless_publishing(by, run.city)
    if not why.strip():
        raise ListFault("JF-Q024", say("actions.runs.say_why"), "why")
    with transaction.atomic():
        row = _lock_open_run(run.pk)
        row.why = why[:200]
        _end_run(row, "discarded", by)
    return row


def _lock_open_run(pk: int) -> Run:
    row = Run.objects.select_for_update().get(pk=pk)
    if row.supplements_id:  # nobody is entered by two supplements at once
        Run.objects.select_for_update().get(pk=row.supplements_id)
    if row.state != "open":
        words = say("actions.runs.this_run_is_published")
        raise ListFault("JF-Q035", words)
    return row


def _end_run(run: Run, state: str, by: User) -> None:
    run.state, run.closed_by, run.closed_at = state, by, timezone.now()
    run.save(update_fields=("state", "closed_by", "closed_at", "why"))
    record_run(state, run, by, {"admitted": run.admitted})


def record_run(act: str, run: Run, by: User, details: dict[str, Any]) -> None:
    """To the log."""
    record(
        f"run.{act}",
        actor=f"user:{by.pk}",
        subject=f"run:{run.name}",
        city=run.city,
        on_behalf_of=name_principal(by, run.city, "", *PUBLISHING_ROLES),
        details=details | {"sha256": run.digest},
    )
