"""Renewed straight through: nothing changed, the registers agree, and nobody has to look."""

from django.db import transaction
from django.utils import timezone

from jifen.office.casework.actions import clock
from jifen.office.casework.actions.decide import freeze
from jifen.office.casework.actions.periods import open_period
from jifen.office.casework.actions.unit_of_work import locked, settle, tell
from jifen.office.casework.models import Application, Outcome, State
from jifen.policy.text import Text


def through_due(most: int = 200) -> int:
    """Renewals whose last answer came while a worker was stopped; how many were looked at."""
    rows = Application.objects.filter(kind="renewal", state=State.DECIDING, looked_through=False)
    found = list(rows.order_by("id").values_list("pk", flat=True)[:most])
    return sum(through(pk) for pk in found)


def through(pk: int) -> int:
    """Decide a renewal by itself, or leave it to a clerk with the reason; 1 where it was ready."""
    rows = Application.objects.filter(pk=pk, kind="renewal", state=State.DECIDING)
    if not rows.filter(looked_through=False).exists():
        return 0
    with transaction.atomic():
        application = locked(pk)
        if application.state != State.DECIDING or application.looked_through:
            return 0
        if application.checks.filter(state="due").exists():
            return 0
        application.looked_through = True
        why = _for_a_clerk(application)
        if why:
            tell(application, "renewal_to_clerk", None, why, internal=True)
        else:
            _decide(application)
        settle(application)
    return 1


def _for_a_clerk(application: Application) -> Text | None:
    """Why somebody has to look; None where all was carried over or told by registers, and the
    points reach the line as before."""
    if application.items.filter(found_by__isnull=False, carried_from__isnull=True).exists():
        return Text("有事实由经办人认定。", "Facts were found by a clerk.")
    changed = application.items.exclude(why__in=("", "yearly"))
    if changed.exists():
        return Text("有内容发生变化，请核对。", "Something changed: look at it.")
    before = application.renews
    if before is None or before.outcome != Outcome.REACHED:
        return Text("上期未达分数线，须人工决定。", "Last year was below the line.")
    return None


def _decide(application: Application) -> None:
    decision = freeze(application, None, "")
    if decision.outcome != Outcome.REACHED:
        decision.delete()
        words = Text("按现在的事实不再达到分数线，须人工决定。", "No longer at the line.")
        tell(application, "renewal_to_clerk", None, words, internal=True)
        return
    decision.signed_at = timezone.now()
    decision.save(update_fields=("signed_at",))
    clock.stop(application, application.on)
    open_period(application, decision, application.on)
    details = {"decision": decision.number, "outcome": decision.outcome}
    tell(application, "renewed", None, details=details)
