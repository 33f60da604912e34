"""Notices of a case that is past its years go with it; their numbers stay taken."""

from django.db import connection, transaction

from jifen.office.audit.triggers import without_triggers
from jifen.office.casework.models import Application
from jifen.office.notices.actions.printing import get_sheet_path, get_sheet_storage
from jifen.office.notices.models import (
    LookUp,
    Notice,
    Opening,
    Printing,
    Removed,
    Revocation,
    Share,
    Sheet,
)

APPEND_ONLY = (
    "notices_notice",
    "notices_revocation",
    "notices_sheet",
    "notices_opening",
    "notices_lookup",
)


def remove_notices(application: Application) -> None:
    """Inside the transaction that removes the case; a notice that is gone is
    unknown to the site, and stays revoked on the list for checking offline."""
    of_case = {"notice__application": application}
    sheets = Sheet.objects.filter(**of_case)
    places = [get_sheet_path(digest) for digest in sheets.values_list("sha256", flat=True)]
    # files go last: a file that nothing names is harmless, a name without its file is not
    transaction.on_commit(lambda: _delete_files(places))
    with without_triggers(connection, APPEND_ONLY):
        Opening.objects.filter(share__notice__application=application).delete()
        for model in (Share, LookUp, Revocation, Printing):
            model.objects.filter(**of_case).delete()
        sheets.delete()
        _keep_revocation_indexes(application)
        for notice in Notice.objects.filter(application=application).order_by("-id"):
            notice.delete()


def _keep_revocation_indexes(application: Application) -> None:
    """Their places on the list of revocations are not given to other notices."""
    papers = Notice.objects.filter(application=application).values_list("pk", flat=True)
    Removed.objects.bulk_create(Removed(place=place) for place in papers)


def _delete_files(places: list[str]) -> None:
    for place in places:
        get_sheet_storage().delete(place)
