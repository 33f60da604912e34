"""Reads of drafts: a revision, its measure, what was said of the worked cases."""

from datetime import date

from jifen.office.workshop.faults import no_revision
from jifen.office.workshop.measure import Measure, measure_of
from jifen.office.workshop.models import CaseFinding, Draft, Revision
from jifen.office.workshop.words import say


def revision_of(draft: Draft, number: int | None = None) -> Revision:
    """A revision by its number; the newest without one. Raises StudioFault."""
    wanted = draft.head if number is None else number
    rows = Revision.objects.filter(draft=draft, number=wanted)
    row = rows.select_related("text", "author").first()
    if row is None:
        raise no_revision(wanted)
    return row


def measure_at(draft: Draft, revision: Revision, on: date | None = None) -> Measure:
    """The measure of a revision on the draft's day. Raises StudioFault."""
    return measure_of(
        draft.base_city,
        draft.base_version,
        revision.text.text if revision.text else "",
        revision.change,
        on or draft.on,
        reform_name(draft, revision.number),
    )


def reform_name(draft: Draft, number: int) -> tuple[str, str, str]:
    """The id and the label of a revision as a reform: the same in the office and in its file."""
    ident = f"draft-{draft.key.hex[:8]}-{number}"
    label = say("revisions.title_and_number", title=draft.title, number=number)
    return ident, label.zh, label.en


def findings_of(draft: Draft) -> dict[tuple[str, str], bool]:
    """(worked case, outcome) → whether it is intended: the last finding on each."""
    rows = CaseFinding.objects.filter(draft=draft).order_by("id")
    return {(row.case, row.outcome): row.intended for row in rows}
