"""What waits, as tests look at it."""

from datetime import datetime, time
from typing import Any

from django.utils import timezone

from jifen.office.accounts.models import User
from jifen.office.casework.access import CaseAccess, access_case
from jifen.office.casework.assignees import list_open_rows
from jifen.office.casework.models import Application
from jifen.office.documents.actions import store_document
from jifen.office.messages.models import Message
from jifen.office.registry.actions.units import Particulars
from jifen.process.calendar import working_calendar
from tests.world.office import photo, today

WHY = "理由"


def waiting(**where: Any) -> list[str]:
    """The kinds of what waits now, sorted."""
    return sorted(list_open_rows().filter(**where).values_list("kind", flat=True))


def told(who: User, kind: str) -> int:
    """How many messages of a kind somebody has in the inbox."""
    return Message.objects.filter(user=who, kind=kind, channel="inbox").count()


def case_of(who: User, application: Application) -> CaseAccess:
    """A case in somebody's hands, as of now."""
    return access_case(User.objects.get(pk=who.pk), application.key)


def working_morning() -> datetime:
    """Nine o'clock of the next working day."""
    day = working_calendar().add_working_days(today(), 1)
    return timezone.make_aware(datetime.combine(day, time(9)))


def particulars(who: User) -> Particulars:
    """What a new unit says of itself."""
    licence = store_document(photo(), "licence.jpg", who)
    return Particulars("新单位", "pudong", "世纪大道1号", licence)
