"""What the line opens in a city, for the result page."""

from dataclasses import dataclass

from jifen.cities import City
from jifen.entitlements import load_entitlements
from jifen.entitlements.model import Entitlement
from jifen.office.web.public.self_assessment import Work
from jifen.policy.certainty import MARK
from jifen.policy.text import Lang


@dataclass(frozen=True, slots=True)
class Opening:
    """One thing that points at the line open."""

    label: str
    mark: str
    note: str


def openings(city: City, work: Work, lang: Lang) -> tuple[str, list[Opening]]:
    """What the city says plainly of its points, and what they open on the day by this measure."""
    whole = load_entitlements(city.id)
    found = [one for one in whole.list_in_force(work.on) if _is_by_points(one, work.policy.version)]
    shown = [
        Opening(
            one.label(lang),
            "" if one.provenance.confidence == "certain" else MARK,
            one.provenance.note(lang),
        )
        for one in found
    ]
    return whole.plainly(lang), shown


def _is_by_points(one: Entitlement, version: str) -> bool:
    measures = one.needs.measures
    return one.needs.points and (not measures or version in measures)
