"""The only doors to papers: whoever may know of a case may know of its papers; its holder alone
shares them."""

from uuid import UUID

from django.db.models import QuerySet

from jifen.office.accounts.models import User
from jifen.office.casework.access import visible_to
from jifen.office.notices.faults import NoSuchNotice
from jifen.office.notices.models import Notice, Share


def visible_notices(user: User) -> "QuerySet[Notice]":
    """The papers that somebody may know of."""
    rows = Notice.objects.filter(application__in=visible_to(user))
    return rows.select_related("application", "person", "series", "sheet", "revocation")


def access_notice(user: User, key: UUID) -> Notice:
    """One paper. Raises NoSuchNotice."""
    found = visible_notices(user).filter(key=key).first()
    if found is None:
        raise NoSuchNotice
    return found


def own_notice(user: User, key: UUID) -> Notice:
    """One paper of somebody's own. Raises NoSuchNotice."""
    found = visible_notices(user).filter(key=key, person__user=user).first()
    if found is None:
        raise NoSuchNotice
    return found


def own_share(user: User, key: UUID, pk: int) -> Share:
    """A share of an own paper. Raises NoSuchNotice."""
    found = Share.objects.filter(notice=own_notice(user, key), pk=pk).first()
    if found is None:
        raise NoSuchNotice
    return found
