"""Whether the person agreed that this employer files for them."""

from jifen.office.casework.faults import CaseFault
from jifen.office.casework.models import Application
from jifen.office.casework.words import say

CONSENT_FORM = "consent_form"


def has_consent(application: Application) -> bool:
    """The person agreed here, or signed a paper that was uploaded; nobody need agree to what they
    file themself."""
    if application.unit_id is None or application.consent_at:
        return True
    papers = application.materials.filter(kind=CONSENT_FORM, versions__dropped_at__isnull=True)
    return papers.exists()


NO_CONSENT = CaseFault(
    "JF-K023",
    say("consent.the_person_has_not_agreed"),
    "consent",
)
