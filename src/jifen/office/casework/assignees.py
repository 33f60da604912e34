"""Who is waited for: the rows that are somebody's, and the people of a row."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.db.models import Case as Choice
from django.db.models import Count, Min, Q, QuerySet, Value, When
from django.utils import timezone

from jifen.office.accounts.models import Role, StaffRole, User
from jifen.office.accounts.roles import (
    Post,
    held_on,
    list_holders,
    list_posts,
    list_stand_ins,
)
from jifen.office.registry.models import Mandate, Membership
from jifen.office.waiting.models import Waiting, WaitKind
from jifen.office.waiting.rules import list_kinds_for, rule_of

LEADING = (Role.SUPERVISOR, Role.CITY_ADMIN)
FEW_PEOPLE = 4
"""Where no more people than these have a role, all of them may have had a part in a case."""


def list_open_rows() -> "QuerySet[Waiting]":
    """Everything that waits."""
    return Waiting.objects.filter(ended_at__isnull=True)


def startable_on(day: date) -> Q:
    """What can be done on a day."""
    return Q(starts_on__isnull=True) | Q(starts_on__lte=day)


def list_rows_for_user(user: User, day: date) -> "QuerySet[Waiting]":
    """What somebody can do something about on a day, oldest due first. What they had a part in is
    nobody's of theirs, nor are cases of the own employer for whoever handles cases."""
    staff_condition = Q(pk__in=())
    for post in list_posts(user):
        staff_condition |= condition_for_post(post)
    rows = list_open_rows().filter(startable_on(day))
    rows = rows.filter(
        (staff_condition & ~_own_interest_condition(user)) | _applicant_condition(user)
    )
    return order_by_due(rows.exclude(barred__contains=f",{user.pk},"))


def order_by_due(rows: "QuerySet[Waiting]") -> "QuerySet[Waiting]":
    """What has a last day first, by that day."""
    undated = Choice(When(due_on__isnull=True, then=Value(1)), default=Value(0))
    rows = rows.select_related("application__person", "application__unit", "unit", "person")
    return rows.order_by(undated, "due_on", "since", "id")


def condition_for_post(post: Post) -> Q:
    """The rows that a post is for; held for a colleague, without what is not theirs to do."""
    kinds = list_kinds_for(post.role)
    condition = Q(city=post.city, department=post.department) & ~Q(role="")
    if post.district:
        condition &= Q(district__in=(post.district, ""))
    if post.instead_of is not None:
        condition &= ~Q(barred__contains=f",{post.instead_of},")
        condition &= ~_own_interest_condition(User.objects.get(pk=post.instead_of))
    gate_of_role = Q(kind=WaitKind.GATE, role=post.role)
    return condition & (
        gate_of_role | Q(kind__in=[kind for kind in kinds if kind != WaitKind.GATE])
    )


def _own_interest_condition(user: User) -> Q:
    """Cases and registrations of the own employer, and the own case."""
    units = _list_unit_ids(user)
    subjects = [f"unit:{pk}" for pk in units]
    own_unit = Q(application__isnull=False, application__unit__in=units)
    return own_unit | Q(application__person__user=user) | Q(subject__in=subjects)


def _applicant_condition(user: User) -> Q:
    units = _list_unit_ids(user)
    condition = Q(account=user) | Q(person__user=user) | Q(unit__in=units)
    mandates = Mandate.objects.filter(agency__in=units, ended_at__isnull=True)
    for agency, employer in mandates.values_list("agency", "employer"):
        condition |= Q(application__agency=agency, unit=employer)
    return condition


def _list_unit_ids(user: User) -> list[int]:
    rows = Membership.objects.filter(user=user, ended_at__isnull=True)
    return list(rows.values_list("unit", flat=True))


def list_rows_of_case(application_id: int) -> "QuerySet[Waiting]":
    """What waits in one case."""
    return order_by_due(list_open_rows().filter(application=application_id))


def list_people_able(row: Waiting) -> "QuerySet[User]":
    """Who can do something about a row, by name; where it begins later, from then on."""
    if row.account_id is not None:
        able = User.objects.filter(pk=row.account_id)
    elif row.person_id is not None:
        able = User.objects.filter(person=row.person_id)
    elif row.unit_id is not None:
        able = _list_members_able(row)
    else:
        able = _list_staff_able(row)
    return able.filter(is_active=True).order_by("name", "pk")


def _list_members_able(row: Waiting) -> "QuerySet[User]":
    units = [row.unit_id]
    agency = row.application.agency_id if row.application else None
    pair = {"agency": agency, "employer": row.unit_id}
    if agency and Mandate.objects.filter(ended_at__isnull=True, **pair).exists():
        units.append(agency)
    memberships = Membership.objects.filter(unit__in=units, ended_at__isnull=True)
    return User.objects.filter(pk__in=memberships.values("user"))


def _list_staff_able(row: Waiting) -> "QuerySet[User]":
    today = timezone.localdate()
    barred = [*row.barred_accounts, *_list_barred_substitutes(row, today)]
    able = list_holders(_list_posts_for(row), today).exclude(pk__in=barred)
    units: list[Any] = []
    if row.application is not None:
        units = [row.application.unit_id, row.application.agency_id]
        able = able.exclude(person=row.application.person_id)
    elif row.subject.startswith("unit:"):
        units = [int(row.subject.partition(":")[2])]
    own_members = Membership.objects.filter(unit__in=units, ended_at__isnull=True)
    return able.exclude(pk__in=own_members.values("user"))


def _list_barred_substitutes(row: Waiting, today: date) -> list[int]:
    """Whoever could do it only for colleagues who may not."""
    posts = _list_posts_for(row)
    stand_ins = list_stand_ins(today).filter(post__in=posts)
    own = set(posts.values_list("user", flat=True))
    acting_for: dict[int, set[int]] = {}
    for substitute, principal in stand_ins.values_list("substitute", "post__user"):
        acting_for.setdefault(substitute, set()).add(principal)
    barred = set(row.barred_accounts)
    return [pk for pk, whom in acting_for.items() if pk not in own and whom <= barred]


def _list_posts_for(row: Waiting) -> "QuerySet[StaffRole]":
    today = timezone.localdate()
    roles = (row.role,) if row.kind == WaitKind.GATE else rule_of(row.kind).roles
    staff_roles = StaffRole.objects.filter(held_on(today), role__in=roles, city=row.city)
    if row.district:
        staff_roles = staff_roles.filter(district__in=("", row.district))
    return staff_roles.filter(department=row.department)


def list_rows_of_office(post: Post) -> "QuerySet[Waiting]":
    """Everything that waits in the office of whoever leads it, on whomever."""
    if post.role not in LEADING:
        return Waiting.objects.none()
    place = {"district__in": (post.district, "")} if post.district else {}
    return list_open_rows().filter(city=post.city, **place)


def count_by_kind(rows: "QuerySet[Waiting]", day: date) -> list[dict[str, Any]]:
    """By kind: how many, how many of them overdue, since when the oldest; most overdue first."""
    counted = (
        rows.order_by()
        .values("kind")
        .annotate(many=Count("pk"), late=Count("pk", filter=Q(due_on__lt=day)), since=Min("since"))
    )
    counts: list[dict[str, Any]] = [dict(row) for row in counted]
    return sorted(counts, key=lambda row: (-row["late"], -row["many"], row["kind"]))


def list_rows_without_people(rows: "QuerySet[Waiting]") -> list[Waiting]:
    """Of these, what nobody can do anything about: no such role is given in the place, or everybody
    who has it had a part. Where more than a few people have the role somebody always can."""
    staff_rows = rows.exclude(role="").order_by()
    role_columns = ("kind", "role", "city", "district", "department")
    unassigned: list[Waiting] = []
    for values in staff_rows.values(*role_columns).distinct():
        posts = _list_posts_for(Waiting(**values))
        people = list_holders(posts, timezone.localdate())[: FEW_PEOPLE + 1]
        if len(people) <= FEW_PEOPLE:
            unassigned += order_by_due(staff_rows.filter(_barred_to_all(people), **values))
    return unassigned


def _barred_to_all(people: Iterable[User]) -> Q:
    """Rows that none of these people may do, as `list_people_able` says of each row; of nobody:
    every row."""
    condition = Q()
    for person in people:
        own_agency = Q(application__agency__in=_list_unit_ids(person))
        had_part = Q(barred__contains=f",{person.pk},")
        condition &= had_part | _own_interest_condition(person) | own_agency
    return condition
