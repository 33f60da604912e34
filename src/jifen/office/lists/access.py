"""The only doors to lists: who sees entries, who acts on them, who publishes a ranking."""

from django.contrib.auth.models import AnonymousUser
from django.db.models import Q, QuerySet

from jifen.office.accounts.models import Role, User
from jifen.office.accounts.roles import list_posts
from jifen.office.lists.faults import NoSuchList, NotYours
from jifen.office.lists.models import Entry, Objection, PublicList, Run
from jifen.office.lists.rules import DECIDER, PERSON, WINDOW
from jifen.office.lists.words import say

WINDOW_ROLES = (Role.CLERK, Role.SENIOR_CLERK, Role.SUPERVISOR)
DECIDING_ROLES = (Role.SENIOR_CLERK, Role.SUPERVISOR)
SEEING_ROLES = (*WINDOW_ROLES, Role.CITY_ADMIN)
PUBLISHING_ROLES = (Role.SUPERVISOR, Role.CITY_ADMIN)
"""A ranking is of a whole city: of these, only those without a district publish one."""


def list_visible_cities(user: User | AnonymousUser, *roles: str) -> list[str]:
    """The cities of whose lists somebody may know."""
    return sorted({post.city for post in list_posts(user) if post.role in (roles or SEEING_ROLES)})


def list_publishing_cities(user: User | AnonymousUser) -> list[str]:
    """The cities whose rankings somebody may open and publish."""
    own_posts = list_posts(user)
    return sorted(
        {post.city for post in own_posts if post.role in PUBLISHING_ROLES and not post.district}
    )


def list_entries_for(user: User | AnonymousUser) -> QuerySet[Entry]:
    """The entries that staff may know of: those of the own offices; never the own one."""
    if not isinstance(user, User):
        return Entry.objects.none()
    condition = Q(pk__in=())
    for post in list_posts(user):
        if post.role in SEEING_ROLES:
            district = {"district": post.district} if post.district else {}
            condition |= Q(city=post.city, **district)
    own_entries = Entry.objects.filter(decision__application__person__user=user)
    return Entry.objects.filter(condition).exclude(pk__in=own_entries.values("pk"))


def access_entry(user: User, pk: int) -> Entry:
    """One entry for staff. Raises NoSuchList."""
    entry = list_entries_for(user).select_related("publicity", "formal").filter(pk=pk).first()
    if entry is None:
        raise NoSuchList
    return entry


def access_own_entry(user: User, pk: int) -> Entry:
    """The own entry. Raises NoSuchList."""
    rows = Entry.objects.filter(decision__application__person__user=user)
    entry = rows.select_related("publicity", "formal").filter(pk=pk).first()
    if entry is None:
        raise NoSuchList
    return entry


def sides_of(user: User, entry: Entry) -> frozenset[str]:
    """What somebody is to an entry."""
    if Entry.objects.filter(pk=entry.pk, decision__application__person__user=user).exists():
        return frozenset({PERSON})
    own_roles = {post.role for post in list_posts(user) if post.covers(entry.city, entry.district)}
    sides = {WINDOW} if own_roles.intersection(WINDOW_ROLES) else set()
    return frozenset(sides | ({DECIDER} if own_roles.intersection(DECIDING_ROLES) else set()))


def access_objection(user: User, pk: int) -> Objection:
    """One objection for staff. Raises NoSuchList."""
    rows = Objection.objects.filter(entry__in=list_entries_for(user))
    objection = rows.select_related("entry").filter(pk=pk).first()
    if objection is None:
        raise NoSuchList
    return objection


def access_run(user: User, name: str) -> Run:
    """One run for whoever publishes those of its city. Raises NoSuchList."""
    run = Run.objects.filter(city__in=list_publishing_cities(user), name=name).first()
    if run is None:
        raise NoSuchList
    return run


def access_list(user: User, pk: int) -> PublicList:
    """A published list for staff. Raises NoSuchList."""
    public_list = PublicList.objects.filter(city__in=list_visible_cities(user), pk=pk).first()
    if public_list is None:
        raise NoSuchList
    return public_list


def refuse_unless_publishing(user: User, city: str) -> None:
    """Raises NotYours for who does not publish rankings there."""
    if city not in list_publishing_cities(user):
        words = say("access.rankings_are_for_supervisors")
        raise NotYours("JF-Q012", words)
