"""A file that was made for another city: what it holds, as the form of that city posts it."""

from dataclasses import dataclass
from datetime import date

from jifen.cities import City, index
from jifen.office.web.public.answers import from_facts
from jifen.office.web.public.catalogue import readable
from jifen.office.web.public.files import UnreadableFile
from jifen.office.web.public.steps.hidden_fields import carried
from jifen.office.web.public.steps.position import CHECK, Walk


@dataclass(frozen=True, slots=True)
class OtherCity:
    """The city of a file and the fields that open it there."""

    city: City
    fields: tuple[tuple[str, str], ...]


def other_city(error: UnreadableFile, on: date) -> OtherCity | None:
    """Where a refused file belongs; None where it is of no other city."""
    city = index().get(error.city)
    policy = readable(city.version_on(on)) if city else None
    if city is None or policy is None:
        return None
    answers = from_facts(policy.vocabulary, error.facts)
    place = [("as_of", on.isoformat()), ("city", city.id), *Walk(at=CHECK).fields()]
    return OtherCity(city, (*place, *carried(answers, policy.vocabulary)))
