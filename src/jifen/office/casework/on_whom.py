"""Who is waited for: the rows that are somebody's, and the people of a row."""

from datetime import date
from typing import Any

from django.db.models import Case as Choice
from django.db.models import Count, Min, Q, QuerySet, Value, When
from django.utils import timezone

from jifen.office.accounts.models import Role, StaffRole, User
from jifen.office.accounts.roles import Post, list_posts
from jifen.office.registry.models import Mandate, Membership
from jifen.office.waiting.models import Kind, Waiting
from jifen.office.waiting.rules import kinds_for, rule_of

LEADING = (Role.SUPERVISOR, Role.CITY_ADMIN)
FEW = 4
"""Where no more people than these have a role, all of them may have had a part in a case."""


def open_rows() -> "QuerySet[Waiting]":
    """Everything that waits."""
    return Waiting.objects.filter(ended_at__isnull=True)


def startable(day: date) -> Q:
    """What can be done on a day."""
    return Q(starts_on__isnull=True) | Q(starts_on__lte=day)


def on_me(user: User, day: date) -> "QuerySet[Waiting]":
    """What somebody can do something about on a day, oldest due first. What they had a part in is
    nobody's of theirs, nor are cases of the own employer for whoever handles cases."""
    staff = Q(pk__in=())
    for post in list_posts(user):
        staff |= of_post(post)
    rows = open_rows().filter(startable(day))
    rows = rows.filter((staff & ~_own(user)) | _as_applicant(user))
    return by_due(rows.exclude(barred__contains=f",{user.pk},"))


def by_due(rows: "QuerySet[Waiting]") -> "QuerySet[Waiting]":
    """What has a last day first, by that day."""
    undated = Choice(When(due_on__isnull=True, then=Value(1)), default=Value(0))
    rows = rows.select_related("application__person", "application__unit", "unit", "person")
    return rows.order_by(undated, "due_on", "since", "id")


def of_post(post: Post) -> Q:
    """The rows that a post is for."""
    kinds = kinds_for(post.role)
    where = Q(city=post.city, department=post.department) & ~Q(role="")
    if post.district:
        where &= Q(district__in=(post.district, ""))
    exactly = Q(kind=Kind.GATE, role=post.role)
    return where & (exactly | Q(kind__in=[kind for kind in kinds if kind != Kind.GATE]))


def _own(user: User) -> Q:
    """Cases and registrations of the own employer, and the own case."""
    units = _units(user)
    subjects = [f"unit:{pk}" for pk in units]
    own = Q(application__isnull=False, application__unit__in=units)
    return own | Q(application__person__user=user) | Q(subject__in=subjects)


def _as_applicant(user: User) -> Q:
    units = _units(user)
    where = Q(account=user) | Q(person__user=user) | Q(unit__in=units)
    mandates = Mandate.objects.filter(agency__in=units, ended_at__isnull=True)
    for agency, employer in mandates.values_list("agency", "employer"):
        where |= Q(application__agency=agency, unit=employer)
    return where


def _units(user: User) -> list[int]:
    rows = Membership.objects.filter(user=user, ended_at__isnull=True)
    return list(rows.values_list("unit", flat=True))


def of_case(application_id: int) -> "QuerySet[Waiting]":
    """What waits in one case."""
    return by_due(open_rows().filter(application=application_id))


def people_of(row: Waiting) -> "QuerySet[User]":
    """Who can do something about a row, by name; where it begins later, from then on."""
    if row.account_id is not None:
        able = User.objects.filter(pk=row.account_id)
    elif row.person_id is not None:
        able = User.objects.filter(person=row.person_id)
    elif row.unit_id is not None:
        able = _members(row)
    else:
        able = _staff(row)
    return able.filter(is_active=True).order_by("name", "pk")


def _members(row: Waiting) -> "QuerySet[User]":
    units = [row.unit_id]
    agency = row.application.agency_id if row.application else None
    pair = {"agency": agency, "employer": row.unit_id}
    if agency and Mandate.objects.filter(ended_at__isnull=True, **pair).exists():
        units.append(agency)
    found = Membership.objects.filter(unit__in=units, ended_at__isnull=True)
    return User.objects.filter(pk__in=found.values("user"))


def _staff(row: Waiting) -> "QuerySet[User]":
    able = User.objects.filter(pk__in=_posts_for(row).values("user")).exclude(
        pk__in=row.barred_accounts
    )
    units: list[Any] = []
    if row.application is not None:
        units = [row.application.unit_id, row.application.agency_id]
        able = able.exclude(person=row.application.person_id)
    elif row.subject.startswith("unit:"):
        units = [int(row.subject.partition(":")[2])]
    own = Membership.objects.filter(unit__in=units, ended_at__isnull=True)
    return able.exclude(pk__in=own.values("user"))


def _posts_for(row: Waiting) -> "QuerySet[StaffRole]":
    today = timezone.localdate()
    roles = (row.role,) if row.kind == Kind.GATE else rule_of(row.kind).roles
    found = StaffRole.objects.filter(role__in=roles, city=row.city, since__lte=today)
    found = found.filter(Q(until__isnull=True) | Q(until__gt=today))
    if row.district:
        found = found.filter(district__in=("", row.district))
    return found.filter(department=row.department)


def of_office(post: Post) -> "QuerySet[Waiting]":
    """Everything that waits in the office of whoever leads it, on whomever."""
    if post.role not in LEADING:
        return Waiting.objects.none()
    where = {"district__in": (post.district, "")} if post.district else {}
    return open_rows().filter(city=post.city, **where)


def counts(rows: "QuerySet[Waiting]", day: date) -> list[dict[str, Any]]:
    """By kind: how many, how many of them overdue, since when the oldest; most overdue first."""
    counted = (
        rows.order_by()
        .values("kind")
        .annotate(many=Count("pk"), late=Count("pk", filter=Q(due_on__lt=day)), since=Min("since"))
    )
    found: list[dict[str, Any]] = [dict(row) for row in counted]
    return sorted(found, key=lambda row: (-row["late"], -row["many"], row["kind"]))


def on_nobody(rows: "QuerySet[Waiting]") -> list[Waiting]:
    """Of these, what nobody can do anything about: no such role is given in the place, or everybody
    who has it had a part. Rows are looked at one by one only where few people have the role."""
    staff = rows.exclude(role="").order_by()
    alike = ("kind", "role", "city", "district", "department")
    found = []
    for values in staff.values(*alike).distinct():
        able = _posts_for(Waiting(**values)).values("user").distinct().count()
        if able <= FEW:
            some = by_due(staff.filter(**values))
            found += [row for row in some if not able or not people_of(row).exists()]
    return found
