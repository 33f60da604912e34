"""The result page: the outcome in words first, then what decides, then what to do."""

from typing import Any

from jifen.cities import City
from jifen.office.web.public.panel import panel
from jifen.office.web.public.steps.order import steps_left
from jifen.office.web.public.steps.walk import Walk
from jifen.office.web.public.work import Work
from jifen.policy.text import Lang
from jifen.scoring.standing import standing_of


def outcome_context(work: Work, walk: Walk, lang: Lang, city: City) -> dict[str, Any]:
    """Everything that the result page says."""
    standing = standing_of(work.assessment)
    every = Walk(past=walk.past, skipped=set(), claimed=set(walk.claimed), every=True)
    return {
        "walk": walk,
        "work": work,
        "p": panel(work, lang),
        "standing": standing,
        "more": len(steps_left(work, every)),
        "deciders": [one.label(lang) for one in standing.deciders],
        "city": city,
    }
