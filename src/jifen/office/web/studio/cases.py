"""The worked cases that a draft changes, as the page lists them."""

from dataclasses import dataclass

from jifen.office.workshop.measure import Measure
from jifen.office.workshop.models import Draft
from jifen.office.workshop.revisions import findings_of
from jifen.policy.text import Lang


@dataclass(frozen=True, slots=True)
class ShownCase:
    """A changed case: `intended` is None until somebody has judged this outcome. `outcome` are the
    English words by which it is stored."""

    id: str
    label: str
    before: str
    after: str
    outcome: str
    intended: bool | None


def cases_of_draft(draft: Draft, measure: Measure, lang: Lang) -> list[ShownCase]:
    """The changed cases with what was said of them."""
    findings = findings_of(draft)
    return [
        ShownCase(
            case.id,
            case.label(lang),
            case.before.describe_outcome()(lang),
            case.after.describe_outcome()(lang),
            case.after.describe_outcome().en,
            findings.get((case.id, case.after.describe_outcome().en)),
        )
        for case in measure.changed_cases
    ]
