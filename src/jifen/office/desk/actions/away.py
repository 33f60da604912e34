"""Being away: entered and ended, with colleagues who stand in for as long as it lasts."""

from collections.abc import Iterable
from datetime import date

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from jifen.office.accounts.models import StaffRole, StandIn, User
from jifen.office.audit.actions import record
from jifen.office.casework.access import access_for
from jifen.office.casework.actions.review import can_act_in
from jifen.office.casework.models import Gate, GateState
from jifen.office.desk import faults
from jifen.office.desk.models import Absence
from jifen.office.desk.substitutes import (
    list_able_substitutes,
    list_accounts_away_during,
    list_replaceable_posts,
)


def enter_absence(
    by: User, user: User, since: date | None, until: date | None, substitute: User | None = None
) -> Absence:
    """Somebody is away on these days: nothing is assigned to them, and what they have in hand is
    free for others. Whoever stands in does so for each of their roles; those for whom they stood in
    themselves on these days are without a substitute. Raises CaseFault (JF-K102, JF-K110 to
    JF-K112)."""
    today = timezone.localdate()
    if since is None or until is None or until < since or until < today:
        raise faults.BAD_ABSENCE
    with transaction.atomic():
        User.objects.select_for_update().get(pk=user.pk)
        Absence.objects.filter(user=user, ended_at__isnull=True).update(ended_at=timezone.now())
        _end_stand_ins(by, Q(post__user=user))
        absence = Absence.objects.create(user=user, since=since, until=until, entered_by=by)
        _end_stand_ins(by, Q(substitute=user, since__lte=until, until__gte=since))
        if substitute is not None:
            _cover_all_posts(by, absence, substitute)
        if since <= today:
            Gate.objects.filter(holder=user, state=GateState.OPEN).update(
                holder=None, held_until=None
            )
        details = {"since": str(since), "until": str(until)}
        record("desk.absent", actor=f"user:{by.pk}", subject=f"user:{user.pk}", details=details)
        return absence


def _cover_all_posts(by: User, absence: Absence, substitute: User) -> None:
    posts = list(list_replaceable_posts(absence.user))
    if not posts:
        raise faults.NOTHING_TO_STAND_IN_FOR
    for post in posts:
        _cover_post(by, absence, post, substitute)


def name_substitute(by: User, absence: Absence, post_key: int, substitute: User | None) -> None:
    """Another stands in for one role of somebody who is away, or nobody any more. Raises CaseFault
    (JF-K110 to JF-K112)."""
    with transaction.atomic():
        row = Absence.objects.select_for_update().get(pk=absence.pk)
        post = list_replaceable_posts(row.user).filter(pk=post_key).first()
        if post is None or row.ended_at is not None:
            raise faults.NOTHING_TO_STAND_IN_FOR
        _end_stand_ins(by, Q(post=post))
        if substitute is not None:
            _cover_post(by, row, post, substitute)


def _cover_post(by: User, absence: Absence, post: StaffRole, substitute: User) -> None:
    if substitute.pk == absence.user_id or not _is_able(post, substitute):
        raise faults.CANNOT_STAND_IN
    User.objects.select_for_update().get(pk=substitute.pk)  # they are not away meanwhile
    if substitute.pk in list_accounts_away_during(absence):
        raise faults.AWAY_TOO
    StandIn.objects.create(
        post=post,
        substitute=substitute,
        since=absence.since,
        until=absence.until,
        entered_by=by,
    )
    details = {"role": post.role, "since": str(absence.since), "until": str(absence.until)}
    record(
        "desk.stands_in",
        actor=f"user:{by.pk}",
        subject=f"user:{substitute.pk}",
        city=post.city,
        on_behalf_of=f"user:{absence.user_id}",
        details=details | {"district": post.district, "department": post.department},
    )


def _is_able(post: StaffRole, substitute: User) -> bool:
    return list_able_substitutes(post).filter(pk=substitute.pk).exists()


def end_absence(by: User, user: User) -> None:
    """Somebody is back; nobody stands in for them any more."""
    with transaction.atomic():
        rows = Absence.objects.filter(user=user, ended_at__isnull=True)
        if rows.update(ended_at=timezone.now()):
            _end_stand_ins(by, Q(post__user=user))
            record("desk.back", actor=f"user:{by.pk}", subject=f"user:{user.pk}")


def _end_stand_ins(by: User, which: Q) -> None:
    """End what is open, with what substitutes have in hand for nobody but the one who is back."""
    rows = StandIn.objects.select_for_update(of=("self",)).filter(which, ended_at__isnull=True)
    ended = list(rows.select_related("post", "substitute"))
    StandIn.objects.filter(pk__in=[row.pk for row in ended]).update(ended_at=timezone.now())
    _let_gates_go(ended)
    today = timezone.localdate()
    for row in ended:
        if row.until >= today:
            record(
                "desk.stands_in_no_more",
                actor=f"user:{by.pk}",
                subject=f"user:{row.substitute_id}",
                city=row.post.city,
                on_behalf_of=f"user:{row.post.user_id}",
                details={"role": row.post.role},
            )


def _let_gates_go(ended: Iterable[StandIn]) -> None:
    """What a substitute has in hand by that role only goes back to the queue."""
    for row in ended:
        substitute = User.objects.get(pk=row.substitute_id)  # with the roles that are left
        gates = Gate.objects.filter(holder=substitute, state=GateState.OPEN, city=row.post.city)
        for gate in gates.select_related("application"):
            access = access_for(substitute, gate.application)
            if access is None or not can_act_in(access, gate):
                gate.holder, gate.held_until = None, None
                gate.save(update_fields=("holder", "held_until"))
