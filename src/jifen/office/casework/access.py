"""The only doors to a case."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.contrib.auth.models import AnonymousUser
from django.db.models import Q, QuerySet

from jifen.office.accounts.models import Role, User
from jifen.office.accounts.roles import Post, list_posts, select_principals
from jifen.office.casework.faults import NoSuchCase, NotAllowed
from jifen.office.casework.models import Application, Gate
from jifen.office.casework.rules import APPLICANT, CLERK, PERSON, REVIEWER, acts_for, rule_for
from jifen.office.casework.words import say
from jifen.office.registry.models import Mandate, Membership
from jifen.policy.text import Text

HANDLING = (Role.CLERK, Role.SENIOR_CLERK, Role.SUPERVISOR, Role.REVIEWER, Role.CITY_ADMIN)
"""Roles that see the cases of their offices. Auditors read the log, analysts read counts."""


@dataclass(eq=False)
class CaseAccess:
    """A case in somebody's hands: what they are to it, and what they may do. After an act it holds
    the case as it is then."""

    application: Application
    user: User
    sides: frozenset[str]
    departments: frozenset[str] = field(default=frozenset())
    stand_ins: Mapping[str, frozenset[int]] = field(default_factory=dict)
    """The sides that the asker has only for colleagues who are away, and for whom."""
    principals: frozenset[int] = field(default=frozenset())
    """For whom the act under way can be done; nobody: for none but the asker."""
    principal: int | None = None
    """For whom it is done."""

    def choose_principals(self, act: str = "") -> None:
        """For whom an act is done from here on: where the asker's own role is for it, for nobody;
        without `act`, for those whom every side of the asker comes from."""
        rule = rule_for(self.application.state, act)
        sides = self.sides.intersection(rule.sides) if rule else self.sides
        if sides and sides.issubset(self.stand_ins):
            self.principals = frozenset(pk for side in sides for pk in self.stand_ins[side])
        else:
            self.principals = frozenset()
        self.principal = min(self.principals, default=None)

    def had_part(self, accounts: Collection[int | None]) -> bool:
        """Whether the asker is one of these, or everybody for whom the act could be done: nobody
        signs for a colleague what that colleague may not sign."""
        if self.user.pk in accounts:
            return True
        free = self.principals.difference(pk for pk in accounts if pk is not None)
        self.principal = min(free, default=None)
        return bool(self.principals) and not free

    @property
    def acts(self) -> frozenset[str]:
        """What may be done now."""
        return acts_for(self.application.state, self.sides)

    @property
    def is_staff(self) -> bool:
        """Whether the asker works for the city."""
        return bool(self.sides - {APPLICANT, PERSON, "agency"})

    @property
    def as_role(self) -> str:
        """In which capacity an act is done, for the history."""
        if "agency" in self.sides:
            return "agency"
        return next((s for s in (APPLICANT, PERSON) if s in self.sides), "") or min(self.sides)

    def refuse_unless(self, act: str) -> None:
        """Raises NotAllowed where the act may not be done now, or not by this side."""
        if act not in self.acts:
            raise NotAllowed("JF-K003", _describe_refusal(self.application, act))


def visible_to(user: User | AnonymousUser, *, departments: bool = True) -> "QuerySet[Application]":
    """The cases that somebody may know of; without `departments`, those that they may see whole."""
    if not isinstance(user, User):
        return Application.objects.none()
    own_cases = Q(person__user=user) | Q(unit__isnull=True, created_by=user)
    own_cases |= Q(unit__in=_unit_ids(user)) | _agency_condition(user)
    office_cases = _office_condition(user, departments=departments)
    applications = Application.objects.select_related("person", "unit", "agency")
    return applications.filter(own_cases | office_cases if office_cases is not None else own_cases)


def access_case(user: User | AnonymousUser, key: UUID | str, act: str = "") -> CaseAccess:
    """One case, for an act where one is named. Raises NoSuchCase, NotAllowed."""
    if not isinstance(user, User):
        raise NoSuchCase
    application = (
        Application.objects.select_related("person", "unit", "agency").filter(key=key).first()
    )
    access = application and access_for(user, application)
    if not access:
        raise NoSuchCase
    if act:
        access.refuse_unless(act)
    return access


def access_for(user: User, application: Application) -> CaseAccess | None:
    """What somebody is to a case; None where nothing."""
    sides = _applicant_sides(user, application)
    if sides:
        # nobody handles a case of the employer that they belong to
        return CaseAccess(application, user, frozenset(sides))
    if application.submitted_at is None:
        return None
    local_posts = [p for p in list_posts(user) if p.covers(application.city, application.district)]
    handling_posts = [post for post in local_posts if _handles(post, application)]
    handling_posts = [post for post in handling_posts if not _is_own_case_of(post, application)]
    if not handling_posts:
        return None
    departments = frozenset(
        post.department for post in handling_posts if post.role == Role.REVIEWER
    )
    sides = {_side_of_post(post) for post in handling_posts}
    access = CaseAccess(
        application, user, frozenset(sides), departments, _list_stand_ins(handling_posts)
    )
    access.choose_principals()
    return access


def _is_own_case_of(post: Post, application: Application) -> bool:
    """Whether a post is held for somebody whose own case it is, or that of their employer."""
    if post.instead_of is None:
        return False
    return bool(_applicant_sides(User.objects.get(pk=post.instead_of), application))


def _list_stand_ins(posts: list[Post]) -> dict[str, frozenset[int]]:
    by_side: dict[str, list[Post]] = {}
    for post in posts:
        by_side.setdefault(_side_of_post(post), []).append(post)
    found = {side: select_principals(held) for side, held in by_side.items()}
    return {side: principals for side, principals in found.items() if principals}


def _handles(post: Post, application: Application) -> bool:
    """Whether a post has to do with a case: that of a department, where the case has its gate."""
    if post.role != Role.REVIEWER:
        return post.role in HANDLING
    return application.gates.filter(department=post.department).exists()


def _side_of_post(post: Post) -> str:
    return {Role.CLERK: CLERK, Role.REVIEWER: REVIEWER}.get(Role(post.role), post.role)


def _applicant_sides(user: User, application: Application) -> set[str]:
    sides: set[str] = set()
    if application.person.user_id == user.pk:
        sides.add(PERSON)
    if application.unit_id is None and application.created_by_id == user.pk:
        sides.add(APPLICANT)
    if application.unit_id and application.unit_id in _unit_ids(user):
        sides.add(APPLICANT)
    if application.agency_id and _has_mandate(user, application):
        sides |= {APPLICANT, "agency"}
    return sides


def _unit_ids(user: User) -> set[int]:
    """The units that somebody belongs to; asked once for each user object."""
    if "_units" not in user.__dict__:
        memberships = Membership.objects.filter(user=user, ended_at__isnull=True)
        user.__dict__["_units"] = set(memberships.values_list("unit", flat=True))
    unit_ids: set[int] = user.__dict__["_units"]
    return unit_ids


def _has_mandate(user: User, application: Application) -> bool:
    return (
        application.agency_id in _unit_ids(user)
        and Mandate.objects.filter(
            agency=application.agency_id, employer=application.unit_id, ended_at__isnull=True
        ).exists()
    )


def _agency_condition(user: User) -> Q:
    mandates = Mandate.objects.filter(agency__in=_unit_ids(user), ended_at__isnull=True)
    pairs = [
        Q(agency=agency, unit=employer)
        for agency, employer in mandates.values_list("agency", "employer")
    ]
    condition = Q(pk__in=())
    for pair in pairs:
        condition |= pair
    return condition


def _office_condition(user: User, *, departments: bool) -> Q | None:
    handling_posts = [
        post
        for post in list_posts(user)
        if post.role in HANDLING and (departments or post.role != Role.REVIEWER)
    ]
    if not handling_posts:
        return None
    condition = Q(pk__in=())
    for post in handling_posts:
        place: dict[str, Any] = {"city": post.city}
        if post.district:
            place["district"] = post.district
        if post.role == Role.REVIEWER:  # only where the department has a gate
            gates = Gate.objects.filter(department=post.department, city=post.city)
            place["pk__in"] = gates.values("application")
        condition |= Q(**place)
    barred = Q(unit__in=_unit_ids(user)) | Q(person__user=user)
    return condition & Q(submitted_at__isnull=False) & ~barred


def _describe_refusal(application: Application, act: str) -> Text:
    state = application.get_state_display()
    if rule_for(application.state, act):
        return say("access.this_act")
    return say("access.the_case_is_now_where", state=Text(state, application.state))
