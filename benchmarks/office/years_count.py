"""What must be true after years of days, whatever was killed; each count is of the database."""

from collections import Counter
from datetime import date, timedelta

from django.db.models import Count

from jifen.office.audit.verification import verify_log
from jifen.office.casework.consistency import check_cases
from jifen.office.casework.models import Application, Event, Item, PointsPeriod
from jifen.office.messages.models import Message, OutboxSms
from jifen.office.registry.models import Permit, PermitEvent


def count_everything(first: date, last: date, points: int) -> list[str]:
    """A line for each, with what was found. A worker's error shows as a wrong count."""
    return [
        *_count_permits(last),
        *_count_renewals(first, last, points),
        *_count_messages(),
        f"audit chain: {verify_log()[0]:,} entries, {len(verify_log()[1])} broken places",
        f"cases whose kept state is not what their parts say: {len(list(check_cases()))}",
    ]


def _count_permits(last: date) -> list[str]:
    moved = PermitEvent.objects.filter(kind__in=("endorsed", "restored"))
    twice = moved.values("permit", "period_end").annotate(n=Count("id")).filter(n__gt=1).count()
    forgotten = Permit.objects.filter(look_on__lte=last).count()
    wrong = 0
    for permit in Permit.objects.prefetch_related("events").iterator(chunk_size=2_000):
        ends = [e.period_end for e in permit.events.all() if e.kind == "endorsed"]
        until = [e.valid_until for e in permit.events.all() if e.kind in ("issued", "endorsed")]
        wrong += ends != until[:-1]
    by_itself = moved.filter(reason="automatic").count()
    return [
        f"endorsed: {moved.count():,}, of which by itself {by_itself:,}; twice for one period: "
        f"{twice}; forgotten: {forgotten}; permits with a gap in their years: {wrong}"
    ]


def _count_renewals(first: date, last: date, points: int) -> list[str]:
    del first
    renewals = Application.objects.filter(kind="renewal")
    states = Counter(renewals.values_list("state", flat=True))
    twice = renewals.values("renews").annotate(n=Count("id")).filter(n__gt=1).count()
    # whose permit was endorsed long enough ago, whose points still end with the old one, and of
    # whom no renewal waits for a clerk (there is none in this office)
    settled = last - timedelta(days=30)
    without = PointsPeriod.objects.filter(renewed=False, decision__renewals__isnull=True)
    items = Item.objects.filter(application__kind="renewal", application__state="review")
    asked = Counter(items.exclude(why__in=("", "yearly")).values_list("why", "fact"))
    late = sum(
        period.permit is not None
        and period.until is not None
        and period.permit.valid_until > period.until
        and period.until < settled
        for period in without.select_related("permit")
    )
    waits = Event.objects.filter(act__in=("renewal_waits", "renewal_to_clerk"))
    why = Counter(words.get("en", "") for words in waits.values_list("words", flat=True))
    return [
        f"points of {points:,} people renewed {renewals.count():,} times ({dict(states)}); twice: "
        f"{twice}; forgotten: {late}; left to people: {dict(why)}; a clerk is asked for: "
        f"{ {' '.join(key): n for key, n in asked.items()} }"
    ]


def _count_messages() -> list[str]:
    events = PermitEvent.objects.filter(kind__in=("endorsed", "not_automatic")).count()
    kinds = ["permit_endorsed", "permit_endorsed_by", "permit_not_automatic"]
    kinds += ["permit_refused_late", "permit_missed"]
    reports = Message.objects.filter(channel="sms", kind__in=kinds)
    states = Counter(Message.objects.filter(channel="sms").values_list("state", flat=True))
    sent = Message.objects.filter(channel="sms", state="sent").count()
    out = OutboxSms.objects.count()
    dropped = Counter(
        Message.objects.filter(channel="sms", state="dropped").values_list("kind", "why")
    )
    twice = (
        Message.objects.filter(channel="sms")
        .values("event", "recipient")
        .annotate(n=Count("id"))
        .filter(n__gt=1)
        .count()
    )
    return [
        f"endorsements and refusals {events:,}, told {reports.count():,}; told twice: {twice}",
        f"messages: {dict(states)}; phones show {out:,} for {sent:,} sent; dropped: "
        f"{ {' '.join(key): n for key, n in dropped.items()} }",
    ]
