"""The only access to notices: whoever may see a case may see its notices; only the holder shares
them."""

from uuid import UUID

from django.db.models import QuerySet

from jifen.office.accounts.models import User
from jifen.office.casework.access import visible_to
from jifen.office.notices.faults import NoSuchNotice
from jifen.office.notices.models import Notice, Share


def list_visible_notices(user: User) -> "QuerySet[Notice]":
    """The notices that somebody may know of. Reviewers of another department see none but those of
    cases that they have another part in."""
    rows = Notice.objects.filter(application__in=visible_to(user, departments=False))
    return rows.select_related("application", "person", "series", "sheet", "revocation")


def access_notice(user: User, key: UUID) -> Notice:
    """One notice. Raises NoSuchNotice."""
    notice = list_visible_notices(user).filter(key=key).first()
    if notice is None:
        raise NoSuchNotice
    return notice


def access_own_notice(user: User, key: UUID) -> Notice:
    """One notice of somebody's own. Raises NoSuchNotice."""
    notice = list_visible_notices(user).filter(key=key, person__user=user).first()
    if notice is None:
        raise NoSuchNotice
    return notice


def access_own_share(user: User, key: UUID, pk: int) -> Share:
    """A share of an own notice. Raises NoSuchNotice."""
    share = Share.objects.filter(notice=access_own_notice(user, key), pk=pk).first()
    if share is None:
        raise NoSuchNotice
    return share
