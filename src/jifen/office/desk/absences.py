"""Who is away today."""

from collections.abc import Iterable
from datetime import date

from jifen.office.accounts.models import User
from jifen.office.desk.models import Absence


def list_absent_accounts(day: date) -> set[int]:
    """The accounts of those who are away on a day."""
    rows = Absence.objects.filter(ended_at__isnull=True, since__lte=day, until__gte=day)
    return set(rows.values_list("user", flat=True))


def list_absences(day: date, users: Iterable[User]) -> list[Absence]:
    """The absences of some people on a day or after it, the nearest first."""
    rows = Absence.objects.filter(user__in=list(users), ended_at__isnull=True, until__gte=day)
    return list(rows.select_related("user").order_by("since", "id"))


def find_absence(user: User, day: date) -> Absence | None:
    """The absence of somebody on a day or after it, the nearest one."""
    rows = Absence.objects.filter(user=user, ended_at__isnull=True, until__gte=day)
    return rows.order_by("since").first()
