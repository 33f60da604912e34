"""A day without a measure, and the worked cases by which a page can be filled."""

from datetime import date

from django.http import HttpRequest, HttpResponse

from jifen.cities import City, MeasureVersion
from jifen.cities.worked_cases import load_cases
from jifen.office.web.page import page
from jifen.office.web.public.answers import Answers, from_facts
from jifen.policy.policy import Policy
from jifen.policy.text import Text


def example_answers(policy: Policy, ident: str) -> Answers:
    """The answers of a worked case of the policy; none where it has no such case."""
    for case in load_cases(policy.city, policy.version):
        if case.id == ident:
            return from_facts(policy.vocabulary, case.facts)
    return Answers()


def no_rule(request: HttpRequest, city: City, on: date) -> HttpResponse:
    """The page of a day on which no measure is in force: it leads to the last measure before the
    day and to the next after it."""
    context = {"city": city, "on": on, "next": _next(city, on), "last": _find_last(city, on)}
    return page(request, "public/no_rule.html", context, here=city.id)


def no_rule_words(city: City, on: date, kept: date) -> Text:
    """That a chosen day has no measure, and which day is kept instead."""
    later = _next(city, on)
    if later is None:
        return Text(
            f"{on} 没有施行中的积分办法。仍按 {kept} 计算。",
            f"No measure was in force on {on}. {kept} is kept.",
        )
    since = later.since
    return Text(
        f"{on} 没有施行中的积分办法，下一个办法自 {since} 起施行。仍按 {kept} 计算。",
        f"No measure was in force on {on}; the next is in force from {since}. {kept} is kept.",
    )


def _find_last(city: City, on: date) -> MeasureVersion | None:
    """The measure that ended last before a day, such as one that nothing has replaced yet."""
    ended = [version for version in city.versions if version.until and version.until < on]
    return max(ended, key=lambda version: version.since, default=None)


def _next(city: City, on: date) -> MeasureVersion | None:
    return next((version for version in city.versions if version.since > on), None)
