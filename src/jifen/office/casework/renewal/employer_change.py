"""A changed employer between two decisions: the person names who files the next renewal."""

from django.db import transaction
from django.utils import timezone

from jifen.office.accounts.models import User
from jifen.office.casework.access import access_for
from jifen.office.casework.actions.unit_of_work import lock_case, record_event, save_derived_state
from jifen.office.casework.faults import CaseFault, NoSuchCase
from jifen.office.casework.models import Application, PointsPeriod, State
from jifen.office.casework.renewal.opening import NO_MORE
from jifen.office.casework.rules import ENDED
from jifen.office.casework.waiting_rows import store_renewal_wait
from jifen.office.casework.words import say
from jifen.office.registry.models import Unit, UnitState


def name_employer(user: User, period: PointsPeriod, unit: Unit | None) -> None:
    """From now on `unit` files the renewal and sees what was confirmed; the one before sees it no
    more, and a draft of its own is given up. Only for the person. Raises CaseFault."""
    if period.person.user_id != user.pk:
        raise NoSuchCase
    if unit is None or unit.city != period.city or unit.kind != "employer":
        raise CaseFault("JF-K093", _NO_EMPLOYER, "credit_code")
    if unit.state != UnitState.CONFIRMED:
        raise CaseFault("JF-K093", _NO_EMPLOYER, "credit_code")
    with transaction.atomic():
        row = PointsPeriod.objects.select_for_update(of=("self",)).get(pk=period.pk)
        if row.renewed or row.ended_on is not None:
            raise CaseFault("JF-K090", NO_MORE)
        if row.employer_id == unit.pk:
            return
        _withdraw_drafts(row, user)
        row.employer = unit
        row.save(update_fields=("employer",))
        store_renewal_wait(row)
        last_application = row.decision.application
        record_event(
            last_application,
            "employer_named",
            access_for(user, last_application),
            details={"unit": unit.pk},
        )


def _withdraw_drafts(period: PointsPeriod, user: User) -> None:
    rows = Application.objects.filter(renews=period.decision_id).exclude(state__in=ENDED)
    for pk in list(rows.values_list("pk", flat=True)):
        renewal = lock_case(pk)
        if renewal.state != State.DRAFT:
            raise CaseFault("JF-K094", _UNDER_WAY)
        renewal.withdrawn_at = timezone.now()
        record_event(renewal, "withdrawn", access_for(user, renewal))
        save_derived_state(renewal)


_NO_EMPLOYER = say("renewal.employer_change.no_employer")
_UNDER_WAY = say("renewal.employer_change.under_way")
