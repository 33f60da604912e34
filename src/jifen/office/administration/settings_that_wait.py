"""What one administrator entered and another has to confirm, as rows of what waits."""

from jifen.office.accounts.models import User
from jifen.office.waiting.actions import Wait, WaitPlace, store_waits
from jifen.office.waiting.models import WaitKind


def store_setting_wait(subject: str, city: str, entered_by: User | None) -> None:
    """A setting ('text:3', 'calendar:2', 'district:7') waits on every administrator of the city but
    who entered it; None: it waits no more. In the transaction of the act."""
    waits = [] if entered_by is None else [Wait(WaitKind.SETTING, barred=(entered_by.pk,))]
    store_waits(WaitPlace(subject, city), waits)
