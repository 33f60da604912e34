"""A hearing is announced with its day and place, and has its minutes afterwards."""

from datetime import date, time

from django.utils import timezone

from jifen.office.consultation.access import ConsultationInHand
from jifen.office.consultation.actions.records import acting, log_act
from jifen.office.consultation.days import today
from jifen.office.consultation.faults import refused
from jifen.office.consultation.models import Hearing

LONGEST_PLACE, LONGEST_REMARKS, LONGEST_MINUTES = 200, 500, 20_000


def hold_hearing(
    hand: ConsultationInHand, on: date, at: time, place: str, remarks: str = ""
) -> Hearing:
    """Announce a hearing. Raises ConsultationFault."""
    if not place.strip():
        raise refused("JF-D021", "place", "place")
    if on < today():
        raise refused("JF-D021", "date", "on")
    with acting(hand, "hear") as row:
        hearing = Hearing.objects.create(
            consultation=row,
            on=on,
            at=at,
            place=place.strip()[:LONGEST_PLACE],
            remarks=remarks.strip()[:LONGEST_REMARKS],
            by=hand.user,
        )
        log_act("hearing_announced", hand.user, row, on=on.isoformat())
    return hearing


def write_minutes(hand: ConsultationInHand, pk: int, words: str) -> Hearing:
    """The minutes of a hearing that was held. Raises ConsultationFault."""
    with acting(hand, "minute") as row:
        hearing = row.hearings.filter(pk=pk, minutes="").first()
        if hearing is None:
            raise refused("JF-D001", "state")
        if not words.strip() or hearing.on > today():
            raise refused("JF-D021", "minutes", "minutes")
        hearing.minutes = words.strip()[:LONGEST_MINUTES]
        hearing.minutes_by, hearing.minutes_at = hand.user, timezone.now()
        hearing.save()
        log_act("minutes_written", hand.user, row, hearing=hearing.pk)
    return hearing
