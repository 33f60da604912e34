"""Beginning a renewal: by the employer, in a batch, or automatically after the endorsement."""

import logging
from collections.abc import Callable
from datetime import date

from django.db import IntegrityError, transaction
from django.db.models import F, Max, Q

from jifen.office.accounts.models import User
from jifen.office.casework.access import Case, case_for
from jifen.office.casework.actions.periods import link_permits, running
from jifen.office.casework.actions.submit import file
from jifen.office.casework.actions.unit_of_work import locked, settle, tell
from jifen.office.casework.faults import CaseFault, NoSuchCase
from jifen.office.casework.models import Application, Event, PointsPeriod
from jifen.office.casework.renewal.carried import carry_documents, carry_facts
from jifen.office.casework.renewal.opening import MOVING, data_there, refuse_early
from jifen.office.casework.standing import policy_on
from jifen.office.casework.waits import keep_waits
from jifen.office.registry.models import Unit
from jifen.policy.text import Text

logger = logging.getLogger("jifen.casework")


def begin(
    user: User, period: PointsPeriod, *, unit: Unit | None, on: date, agency: Unit | None = None
) -> Case:
    """A draft of the renewal with everything that holds still. `agency`: through which somebody
    files for the unit. Raises CaseFault where it is too early, or there is one."""
    refuse_early(period, on)
    with transaction.atomic():
        made = _begin(period, unit, user, on, agency)
        case = case_for(user, made)
        if case is None:
            raise NoSuchCase
        tell(made, "renewal_opened", case)
    return case


def _begin(
    period: PointsPeriod, unit: Unit | None, user: User, on: date, agency: Unit | None = None
) -> Application:
    decision = period.decision
    old = decision.application
    policy = policy_on(old.city, on)
    same = unit is not None and unit.pk == old.unit_id
    try:
        with transaction.atomic():
            new = Application.objects.create(
                kind="renewal",
                renews=decision,
                city=old.city,
                district=unit.district if unit else old.district,
                person_id=old.person_id,
                unit=unit,
                agency=agency or (old.agency if same else None),
                on=on,
                policy=policy.id,
                policy_version=policy.version,
                policy_hash=policy.hash,
                created_by=user,
                family=old.family,
                renews_itself=old.renews_itself,
                # the same employer goes on with what the person agreed to
                consent_at=old.consent_at if same else None,
            )
    except IntegrityError:
        raise CaseFault(IN_THE_WAY, _THERE_IS_ONE) from None
    carry_facts(old, new)
    carry_documents(old, new)
    keep_waits(new)
    return new


IN_THE_WAY = "JF-K092"
_THERE_IS_ONE = Text("已有一件续签或申请在办理。", "A renewal or an application is under way.")


def renew_due(on: date, progress: Callable[[int], None] | None = None) -> int:
    """Begin and file the renewals that go by themselves and whose day has come; how many. What is
    lacking is left as a draft, and the history says what. One that fails stops no other."""
    link_permits()
    done = 0
    for pk in _waiting(on):
        try:
            done += _renew(pk, on)
        except Exception:
            logger.exception("the renewal of points %s could not be begun", pk)
        if progress:
            progress(done)
    return done


def _waiting(on: date) -> list[int]:
    """Points whose permit was endorsed, whose data are there, and of which no renewal was ever
    begun: one that was withdrawn or lapsed goes on by hand only."""
    rows = running().filter(permit__valid_until__gt=F("until"), permit__anchor__lte=F("until"))
    rows = rows.filter(decision__application__renews_itself=True, decision__renewals__isnull=True)
    moved = Max("permit__events__on", filter=Q(permit__events__kind__in=MOVING))
    found = rows.annotate(moved=moved).order_by("until", "id")
    return [
        pk
        for pk, city, day in found.values_list("pk", "permit__city", "moved")
        if day is None or data_there(city, day) <= on
    ]


def _renew(pk: int, on: date) -> int:
    try:
        with transaction.atomic():
            rows = running().select_for_update(skip_locked=True, of=("self",))
            period = rows.filter(pk=pk).first()
            if period is None or period.decision.renewals.exists():
                return 0
            refuse_early(period, on)
            by = period.decision.application.created_by
            application = locked(_begin(period, period.employer, by, on).pk)
            tell(application, "renewal_opened", None)
            _file(application, on)
            settle(application)
    except CaseFault as fault:
        if fault.code == IN_THE_WAY:
            _tell_once(pk, fault)
        return 0  # its data have not arrived, or somebody else has begun
    return 1


def _tell_once(pk: int, fault: CaseFault) -> None:
    """Another application stands in the way: the person and the employer hear of it."""
    with transaction.atomic():
        period = running().select_related("decision__application").filter(pk=pk).first()
        if period is None or period.decision.renewals.exists():
            return
        application = locked(period.decision.application_id)
        if not Event.objects.filter(application=application, act="renewal_waits").exists():
            words = Text(
                "不能自动续签：此人另有一件未办结的申请，请先办结或撤回。",
                "Not renewed automatically: another application of this person is open; finish or "
                "withdraw it first.",
            )
            tell(application, "renewal_waits", None, words, details={"code": fault.code})
            settle(application)


def _file(application: Application, on: date) -> None:
    try:
        with transaction.atomic():
            file(application, None, f"renewal-{application.pk}", on)
    except CaseFault as fault:
        application.refresh_from_db()
        words = Text(
            f"续签还需要单位或本人处理：{fault.words.zh}",
            f"The renewal needs the employer or the person: {fault.words.en}",
        )
        tell(application, "renewal_waits", None, words, details={"code": fault.code})
