"""From a signed decision to a published list, by the line."""

import json
from collections.abc import Sequence
from datetime import date
from decimal import Decimal

from django.db import transaction
from django.db.models import Max, Q, QuerySet
from django.utils import timezone

from jifen import cities
from jifen.lists import ListRules, find_entry_deadline, find_publicity_end
from jifen.office.accounts.models import User
from jifen.office.audit.actions import SYSTEM, record
from jifen.office.casework.models import Decision, Outcome
from jifen.office.lists.actions.state_changes import CHUNK, move_entries, record_moves
from jifen.office.lists.documents import compute_digest, make_list_document, new_salt, sign_list
from jifen.office.lists.models import Entry, PublicList, Run, State
from jifen.office.lists.queries import find_rules, list_threshold_rules
from jifen.office.lists.rules import SYSTEM as SIDE
from jifen.office.vault.masks import mask_name
from jifen.process.calendar import working_calendar

LINE_DIFFERS = "line_differs"
"""A decision whose measure or line is not that of the day of acceptance: nobody is listed by it."""


def enter_due_decisions(day: date) -> int:
    """Entries for signed decisions that reach the line and are on no list yet; how many."""
    entered = 0
    for rules in list_threshold_rules():
        while decisions := list(_list_qualified(rules)[:CHUNK]):
            with transaction.atomic():
                entered += _enter_decisions(rules, decisions, day)
    return entered


def _list_qualified(rules: ListRules) -> "QuerySet[Decision]":
    accepted = Q(application__received_on__gte=rules.since)
    if rules.until:
        accepted &= Q(application__received_on__lte=rules.until)
    rows = Decision.objects.filter(
        accepted,
        application__city=rules.city,
        outcome=Outcome.REACHED,
        signed_at__isnull=False,
        void_at__isnull=True,
        revoked_at__isnull=True,
        listing__isnull=True,
    )
    return rows.select_related("application__person").order_by("id")


def _enter_decisions(rules: ListRules, decisions: Sequence[Decision], day: date) -> int:
    entries = [make_entry(rules, decision, day) for decision in decisions]
    # a second worker that came first has made some of them: they are there, and stay
    Entry.objects.bulk_create(entries, ignore_conflicts=True)
    rows = list(Entry.objects.filter(decision__in=decisions, events__isnull=True))
    record_moves(rows, {row.pk: row.state for row in rows}, "enter", day)
    return len(rows)


def _needed_no_points(decision: Decision) -> bool:
    """Whether a way without points was open to somebody whose line was reached."""
    return any(way["met"] for way in json.loads(decision.result).get("ways", ()))


def make_entry(rules: ListRules, decision: Decision, day: date) -> Entry:
    """What is public of somebody, by the line in force when the case was accepted."""
    case = decision.application
    version, threshold = find_threshold(case.city, case.received_on or decision.on)
    qualifies = decision.policy_version == version and (
        (threshold is not None and decision.total >= threshold) or _needed_no_points(decision)
    )
    decided_on = timezone.localtime(decision.signed_at).date() if decision.signed_at else day
    return Entry(
        decision=decision,
        city=case.city,
        district=case.district,
        rules=rules.id,
        number=case.number or "",
        name=mask_name(case.person.name),
        total=decision.total,
        line=max(threshold or Decimal(0), Decimal(0)),
        state=State.DUE if qualifies else State.REMOVED,
        decided_on=decided_on,
        enter_by=find_entry_deadline(rules, decided_on, working_calendar()),
        ended_on=None if qualifies else day,
        why="" if qualifies else LINE_DIFFERS,
    )


def find_threshold(city: str, accepted_on: date) -> tuple[str, Decimal | None]:
    """The version and the line in force on the day of acceptance."""
    policy = cities.in_force(city, accepted_on)
    if policy is None:
        return "", None
    return policy.version, policy.rules_on(accepted_on).decision.threshold_on(accepted_on)


def publish_due_lists(day: date) -> int:
    """On a working day, one list for each city and rules with everybody decided before; how many
    people. What is late is published late: publicity cannot begin before the list is there."""
    if not working_calendar().is_working_day(day):
        return 0
    due_entries = Entry.objects.filter(state=State.DUE, decided_on__lt=day)
    groups = due_entries.order_by("city", "rules").values_list("city", "rules").distinct()
    return sum(_publish_list(city, rules, day) for city, rules in list(groups))


def _publish_list(city: str, rules_id: str, day: date) -> int:
    rules = find_rules(city, rules_id)
    with transaction.atomic():
        if is_made_today(city, rules_id, "publicity", day):
            return 0  # one list a day: who is decided later is on the next
        rows = Entry.objects.select_for_update().filter(state=State.DUE, decided_on__lt=day)
        entries = list(rows.filter(city=city, rules=rules_id).order_by("number"))
        if not entries:
            return 0
        until = find_publicity_end(rules, day, working_calendar())
        public_list = make_list(rules, "publicity", day, entries, until=until)
        values = {"publicity": public_list, "public_until": until}
        return move_entries(entries, "publish", SIDE, day, values=values)


def is_made_today(city: str, rules: str, kind: str, day: date) -> bool:
    """Whether the list of the day is there."""
    rows = PublicList.objects.filter(city=city, rules=rules, kind=kind, on=day)
    return rows.filter(run__isnull=True).exists()


def make_list(
    rules: ListRules,
    kind: str,
    on: date,
    entries: Sequence[Entry],
    *,
    until: date | None = None,
    run: Run | None = None,
    by: User | None = None,
) -> PublicList:
    """A list with its bytes and signature, under the next serial of the city."""
    last = PublicList.objects.filter(city=rules.city).aggregate(last=Max("serial"))["last"] or 0
    public_list = PublicList(
        city=rules.city,
        serial=last + 1,
        rules=rules.id,
        mode=rules.mode,
        kind=kind,
        on=on,
        until=until,
        people=len(entries),
        lowest=min(entry.total for entry in entries),
        run=run,
        by=by,
        made_at=timezone.now(),
    )
    public_list.document = make_list_document(
        city=rules.city,
        name=public_list.name,
        rules=rules.id,
        kind=kind,
        on=on,
        until=until,
        run=run.name if run else "",
        entries=entries,
        salt=new_salt(),
    )
    public_list.digest = compute_digest(public_list.document)
    sign_list(public_list)
    public_list.save(force_insert=True)
    record(
        f"list.{kind}",
        actor=f"user:{by.pk}" if by else SYSTEM,
        subject=f"list:{public_list.name}",
        city=rules.city,
        details={"people": public_list.people, "sha256": public_list.digest},
    )
    return public_list
