"""What every act has in common: the case locked, its state derived anew, history and log kept."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from django.db import transaction

from jifen.office.accounts.models import User
from jifen.office.audit.actions import SYSTEM, record
from jifen.office.casework.access import CaseAccess, access_for
from jifen.office.casework.faults import NoSuchCase, make_concurrent_change
from jifen.office.casework.models import Application, Decision, Event, Gate, GateState, Lane, State
from jifen.office.casework.rules import ENDED, derive_state
from jifen.office.casework.waiting_rows import store_case_waits
from jifen.policy.text import Text

NO_WORDS = Text("", "")


@contextmanager
def act_on_case(case: CaseAccess, act: str, *, version: int | None = None) -> Iterator[Application]:
    """The case, locked, for one act; its state is derived anew at the end.

    `version`: what the asker saw; the act is refused where somebody else acted since. Raises
    Changed, NotAllowed; on any error nothing of the act is kept.
    """
    with transaction.atomic():
        application = lock_case(case.application.pk)
        if version is not None and application.version != version:
            raise make_concurrent_change()
        fresh = access_for(case.user, application)
        if fresh is None:
            raise NoSuchCase
        fresh.refuse_unless(act)
        fresh.choose_principals(act)
        case.principals, case.principal = fresh.principals, fresh.principal
        yield application
        save_derived_state(application)
    case.application = application


@contextmanager
def system_act(pk: int) -> Iterator[Application]:
    """The same for what the system does by itself."""
    with transaction.atomic():
        application = lock_case(pk)
        yield application
        save_derived_state(application)


def lock_case(pk: int) -> Application:
    """The case, until the transaction ends nobody else's."""
    rows = Application.objects.select_for_update(of=("self",))
    return rows.select_related("person", "unit", "agency").get(pk=pk)


def save_derived_state(application: Application) -> None:
    """Derive the state, count the version up, and write both, guarded by the version that was
    read: where the database does not lock rows, a lost race shows here. What waits from now on is
    written with it. Raises Changed."""
    before = application.version
    application.state = derive_case_state(application)
    application.version = before + 1
    names = [f.attname for f in Application._meta.concrete_fields if f.attname not in ("id", "key")]
    values = {name: getattr(application, name) for name in names}
    if not Application.objects.filter(pk=application.pk, version=before).update(**values):
        raise make_concurrent_change()
    mirror_to_gates(application)
    store_case_waits(application)


def derive_case_state(application: Application) -> State:
    """The state by `rules.derive_state`, from the rows of the case."""
    decisions = Decision.objects.filter(application=application, void_at__isnull=True)
    effective_decision = decisions.filter(revoked_at__isnull=True).first()
    return derive_state(
        submitted=application.submitted_at is not None,
        withdrawn=application.withdrawn_at is not None,
        lapsed=application.lapsed_at is not None,
        correcting=application.corrections.filter(state="open").exists(),
        gates_passed=[
            state == GateState.PASSED for state in application.gates.values_list("state", flat=True)
        ],
        proposed=effective_decision is not None and effective_decision.signed_at is None,
        signed=effective_decision is not None and effective_decision.signed_at is not None,
        revoked=effective_decision is None and decisions.filter(revoked_at__isnull=False).exists(),
    )


def mirror_to_gates(application: Application) -> None:
    """What queues need of a case stands on its gates too."""
    paused = application.state in (State.CORRECTION, *ENDED)
    Gate.objects.filter(application=application).update(
        lane=application.lane or Lane.NORMAL,
        due_on=application.due_on,
        district=application.district,
        paused=paused,
    )


def record_event(
    application: Application,
    act: str,
    case: CaseAccess | None,
    words: Text = NO_WORDS,
    *,
    internal: bool = False,
    details: Mapping[str, Any] | None = None,
) -> None:
    """The history for the people of the case, and the audit log. `details` hold no personal data:
    ids of facts, reasons, numbers."""
    user = case.user if case else None
    event_words: dict[str, Any] = {"zh": words.zh, "en": words.en} if words.zh else {}
    if case and case.principal is not None:
        event_words["instead_of"] = case.principal
    Event.objects.create(
        application=application,
        act=act,
        by=user,
        as_role=case.as_role if case else "system",
        words=event_words | ({"details": dict(details)} if details else {}),
        internal=internal,
    )
    record(
        f"case.{act}",
        actor=name_actor(user),
        subject=f"application:{application.pk}",
        city=application.city,
        on_behalf_of=_describe_principal(application, case),
        details=details,
    )


def name_actor(user: User | None) -> str:
    """How somebody is named in the log."""
    return f"user:{user.pk}" if user else SYSTEM


def name_actor_by_key(pk: int | None) -> str:
    """How an account is named in the log; '' for none."""
    return f"user:{pk}" if pk is not None else ""


def _describe_principal(application: Application, case: CaseAccess | None) -> str:
    if case is None:
        return ""
    if case.is_staff:
        return name_actor_by_key(case.principal)
    if "agency" in case.sides:
        return f"agency:{application.agency_id} for unit:{application.unit_id}"
    return f"unit:{application.unit_id}" if application.unit_id else "person"
