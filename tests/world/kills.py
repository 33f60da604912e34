"""A worker that is killed, and cases that it works on."""

from uuid import uuid4

from jifen.office.casework.models import Application, Decision
from tests.world.office import Office, person


class Killed(BaseException):
    """A process that ends in the middle: nothing catches it."""


def cases(many: int) -> list[Decision]:
    """Signed decisions of as many people, with the least that a notice needs."""
    office = Office()
    first = Decision.objects.get(application=office.decided(office.submitted()))
    made = [first]
    for number in range(2, many + 1):
        who = person(number, f"人{number}")
        application = Application.objects.get(pk=first.application_id)
        application.pk, application.key = None, uuid4()
        application.person, application.number = who, f"SH{number:09}"
        application.submit_key = ""
        application.save()
        decision = Decision.objects.get(pk=first.pk)
        decision.pk, decision.application = None, application
        decision.save()
        made.append(decision)
    return made
