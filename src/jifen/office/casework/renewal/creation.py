"""Beginning a renewal: by the employer, in a batch, or automatically after the endorsement."""

import logging
from collections.abc import Callable
from datetime import date

from django.db import IntegrityError, transaction
from django.db.models import F, Max, Q

from jifen.office.accounts.models import User
from jifen.office.casework.access import CaseAccess, access_for
from jifen.office.casework.actions.periods import link_permits, list_running_periods
from jifen.office.casework.actions.submission import file_case
from jifen.office.casework.actions.unit_of_work import lock_case, record_event, save_derived_state
from jifen.office.casework.case_policy import policy_on
from jifen.office.casework.faults import CaseFault, NoSuchCase
from jifen.office.casework.models import Application, Event, PointsPeriod
from jifen.office.casework.renewal.carry_over import carry_over_documents, carry_over_facts
from jifen.office.casework.renewal.opening import MOVING, find_data_day, refuse_early_renewal
from jifen.office.casework.waiting_rows import store_case_waits
from jifen.office.casework.words import say
from jifen.office.registry.models import Unit

logger = logging.getLogger("jifen.casework")


def begin_renewal(
    user: User, period: PointsPeriod, *, unit: Unit | None, on: date, agency: Unit | None = None
) -> CaseAccess:
    """A draft of the renewal with everything that holds still. `agency`: through which somebody
    files for the unit. Raises CaseFault where it is too early, or there is one."""
    refuse_early_renewal(period, on)
    with transaction.atomic():
        renewal = _create_renewal(period, unit, user, on, agency)
        case = access_for(user, renewal)
        if case is None:
            raise NoSuchCase
        record_event(renewal, "renewal_opened", case)
    return case


def _create_renewal(
    period: PointsPeriod, unit: Unit | None, user: User, on: date, agency: Unit | None = None
) -> Application:
    decision = period.decision
    old_application = decision.application
    policy = policy_on(old_application.city, on)
    same = unit is not None and unit.pk == old_application.unit_id
    try:
        with transaction.atomic():
            renewal = Application.objects.create(
                kind="renewal",
                renews=decision,
                city=old_application.city,
                district=unit.district if unit else old_application.district,
                person_id=old_application.person_id,
                unit=unit,
                agency=agency or (old_application.agency if same else None),
                on=on,
                policy=policy.id,
                policy_version=policy.version,
                policy_hash=policy.hash,
                created_by=user,
                family=old_application.family,
                renews_itself=old_application.renews_itself,
                # the same employer goes on with what the person agreed to
                consent_at=old_application.consent_at if same else None,
            )
    except IntegrityError:
        raise CaseFault(CASE_IN_THE_WAY, _THERE_IS_ONE) from None
    carry_over_facts(old_application, renewal)
    carry_over_documents(old_application, renewal)
    store_case_waits(renewal)
    return renewal


CASE_IN_THE_WAY = "JF-K092"
_THERE_IS_ONE = say("renewal.creation.there_is_one")


def renew_due_points(on: date, progress: Callable[[int], None] | None = None) -> int:
    """Begin and file the renewals that go by themselves and whose day has come; how many. What is
    lacking is left as a draft, and the history says what. One that fails stops no other."""
    link_permits()
    renewed = 0
    for pk in _list_due_points(on):
        try:
            renewed += _renew_points(pk, on)
        except Exception:
            logger.exception("the renewal of points %s could not be begun", pk)
        if progress:
            progress(renewed)
    return renewed


def _list_due_points(on: date) -> list[int]:
    """Points whose permit was endorsed, whose data are there, and of which no renewal was ever
    begun: one that was withdrawn or lapsed goes on by hand only."""
    rows = list_running_periods().filter(
        permit__valid_until__gt=F("until"), permit__anchor__lte=F("until")
    )
    rows = rows.filter(decision__application__renews_itself=True, decision__renewals__isnull=True)
    last_event = Max("permit__events__on", filter=Q(permit__events__kind__in=MOVING))
    due_periods = rows.annotate(moved=last_event).order_by("until", "id")
    return [
        pk
        for pk, city, day in due_periods.values_list("pk", "permit__city", "moved")
        if day is None or find_data_day(city, day) <= on
    ]


def _renew_points(pk: int, on: date) -> int:
    try:
        with transaction.atomic():
            rows = list_running_periods().select_for_update(skip_locked=True, of=("self",))
            period = rows.filter(pk=pk).first()
            if period is None or period.decision.renewals.exists():
                return 0
            refuse_early_renewal(period, on)
            creator = period.decision.application.created_by
            application = lock_case(_create_renewal(period, period.employer, creator, on).pk)
            record_event(application, "renewal_opened", None)
            _file_renewal(application, on)
            save_derived_state(application)
    except CaseFault as fault:
        if fault.code == CASE_IN_THE_WAY:
            _record_obstacle_once(pk, fault)
        return 0  # its data have not arrived, or somebody else has begun
    return 1


def _record_obstacle_once(pk: int, fault: CaseFault) -> None:
    """Another application stands in the way: the person and the employer hear of it."""
    with transaction.atomic():
        period = (
            list_running_periods().select_related("decision__application").filter(pk=pk).first()
        )
        if period is None or period.decision.renewals.exists():
            return
        application = lock_case(period.decision.application_id)
        if not Event.objects.filter(application=application, act="renewal_waits").exists():
            words = say("renewal.creation.not_renewed_automatically_another_application")
            record_event(application, "renewal_waits", None, words, details={"code": fault.code})
            save_derived_state(application)


def _file_renewal(application: Application, on: date) -> None:
    try:
        with transaction.atomic():
            file_case(application, None, f"renewal-{application.pk}", on)
    except CaseFault as fault:
        application.refresh_from_db()
        words = say("renewal.creation.the_renewal_needs_the_employer", fault_words=fault.words)
        record_event(application, "renewal_waits", None, words, details={"code": fault.code})
