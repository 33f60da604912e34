"""The only doors to lists: who sees entries, who acts on them, who publishes a ranking."""

from django.contrib.auth.models import AnonymousUser
from django.db.models import Q, QuerySet

from jifen.office.accounts.models import Role, User
from jifen.office.accounts.roles import list_posts
from jifen.office.lists.faults import NoSuchList, NotYours
from jifen.office.lists.models import Entry, Objection, PublicList, Run
from jifen.office.lists.rules import DECIDER, PERSON, WINDOW
from jifen.policy.text import Text

WINDOWS = (Role.CLERK, Role.SENIOR_CLERK, Role.SUPERVISOR)
DECIDING = (Role.SENIOR_CLERK, Role.SUPERVISOR)
SEEING = (*WINDOWS, Role.CITY_ADMIN)
PUBLISHING = (Role.SUPERVISOR, Role.CITY_ADMIN)
"""A ranking is of a whole city: of these, only those without a district publish one."""


def cities_of(user: User | AnonymousUser, *roles: str) -> list[str]:
    """The cities of whose lists somebody may know."""
    return sorted({post.city for post in list_posts(user) if post.role in (roles or SEEING)})


def publishing_cities(user: User | AnonymousUser) -> list[str]:
    """The cities whose rankings somebody may open and publish."""
    own = list_posts(user)
    return sorted({p.city for p in own if p.role in PUBLISHING and not p.district})


def entries_for(user: User | AnonymousUser) -> QuerySet[Entry]:
    """The entries that staff may know of: those of the own offices; never the own one."""
    if not isinstance(user, User):
        return Entry.objects.none()
    where = Q(pk__in=())
    for post in list_posts(user):
        if post.role in SEEING:
            district = {"district": post.district} if post.district else {}
            where |= Q(city=post.city, **district)
    own = Entry.objects.filter(decision__application__person__user=user)
    return Entry.objects.filter(where).exclude(pk__in=own.values("pk"))


def access_entry(user: User, pk: int) -> Entry:
    """One entry for staff. Raises NoSuchList."""
    found = entries_for(user).select_related("publicity", "formal").filter(pk=pk).first()
    if found is None:
        raise NoSuchList
    return found


def access_own(user: User, pk: int) -> Entry:
    """The own entry. Raises NoSuchList."""
    rows = Entry.objects.filter(decision__application__person__user=user)
    found = rows.select_related("publicity", "formal").filter(pk=pk).first()
    if found is None:
        raise NoSuchList
    return found


def sides_of(user: User, entry: Entry) -> frozenset[str]:
    """What somebody is to an entry."""
    if Entry.objects.filter(pk=entry.pk, decision__application__person__user=user).exists():
        return frozenset({PERSON})
    own = {p.role for p in list_posts(user) if p.covers(entry.city, entry.district)}
    found = {WINDOW} if own.intersection(WINDOWS) else set()
    return frozenset(found | ({DECIDER} if own.intersection(DECIDING) else set()))


def access_objection(user: User, pk: int) -> Objection:
    """One objection for staff. Raises NoSuchList."""
    rows = Objection.objects.filter(entry__in=entries_for(user))
    found = rows.select_related("entry").filter(pk=pk).first()
    if found is None:
        raise NoSuchList
    return found


def access_run(user: User, name: str) -> Run:
    """One run for whoever publishes those of its city. Raises NoSuchList."""
    found = Run.objects.filter(city__in=publishing_cities(user), name=name).first()
    if found is None:
        raise NoSuchList
    return found


def access_list(user: User, pk: int) -> PublicList:
    """A published list for staff. Raises NoSuchList."""
    found = PublicList.objects.filter(city__in=cities_of(user), pk=pk).first()
    if found is None:
        raise NoSuchList
    return found


def refuse_unless_publishing(user: User, city: str) -> None:
    """Raises NotYours for who does not publish rankings there."""
    if city not in publishing_cities(user):
        words = Text(
            "排名由市级主管或市级管理员办理。",
            "Rankings are for supervisors and administrators of the whole city.",
        )
        raise NotYours("JF-Q012", words)
