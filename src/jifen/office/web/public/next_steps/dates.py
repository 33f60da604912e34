"""The dates of a result as a calendar file that any phone opens."""

import hashlib
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta

from icalendar import Calendar, Event

from jifen.cities import City
from jifen.office.web.public.next_steps.cards import Way
from jifen.office.web.public.next_steps.filing import Filing
from jifen.policy.text import Lang, Text
from jifen.scoring.result_status import describe_future_outcome

Dated = tuple[date, str]


def dates_of(
    city: City, on: date, filing: Filing | None, way: Way | None, lang: Lang
) -> list[Dated]:
    """What happens on which day, the earliest first."""
    return sorted(set(_dates(city, on, filing, way, lang)))


def _dates(
    city: City, on: date, filing: Filing | None, way: Way | None, lang: Lang
) -> Iterator[Dated]:
    if way is None:
        return
    place = city.label
    if filing is not None and way.reached:
        yield filing.until, _decided(place, on)(lang)
    for card in way.cards[:1]:
        for step in card.moves:
            yield step.begins, _name_begin(place, step.label)(lang)
            yield step.done, _name_end(place, step.label)(lang)
        yield card.reached_on, _name_outcome(place, describe_future_outcome(True))(lang)


def _decided(place: Text, on: date) -> Text:
    return Text(
        f"{place.zh}积分：如 {on} 申报，最晚这天有结果",
        f"{place.en} points: decided by this day if filed on {on}",
    )


def _name_begin(place: Text, step: str) -> Text:
    return Text(f"{place.zh}积分：开始{step}", f"{place.en} points: begin: {step}")


def _name_end(place: Text, step: str) -> Text:
    return Text(f"{place.zh}积分：完成{step}", f"{place.en} points: done: {step}")


def _name_outcome(place: Text, outcome: Text) -> Text:
    return Text(f"{place.zh}积分：预计{outcome.zh}", f"{place.en} points: {outcome.en}")


def calendar_file(dates: list[Dated]) -> bytes:
    """The dates as an iCalendar file of whole days, with a reminder a week ahead left to the
    phone's own setting."""
    made = Calendar()
    made.add("prodid", "-//Jifen//result//ZH")
    made.add("version", "2.0")
    for day, words in dates:
        event = Event()
        key = hashlib.sha256(f"{day} {words}".encode()).hexdigest()[:24]
        event.add("uid", f"{key}@jifen")
        event.add("dtstamp", datetime(2020, 1, 1, tzinfo=UTC))
        event.add("dtstart", day)
        event.add("dtend", day + timedelta(days=1))
        event.add("summary", words)
        made.add_component(event)
    found: bytes = made.to_ical()
    return found
