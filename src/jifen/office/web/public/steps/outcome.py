"""The result page: the outcome in words first, then what decides, then what to do."""

from typing import Any

from jifen.cities import City, index
from jifen.office.web.public.next_steps.entitlements import openings
from jifen.office.web.public.next_steps.filing import filing, list_filers_today
from jifen.office.web.public.next_steps.papers import papers, process_of
from jifen.office.web.public.panel import panel
from jifen.office.web.public.self_assessment import Work
from jifen.office.web.public.steps.order import steps_left
from jifen.office.web.public.steps.position import Walk
from jifen.policy.text import Lang
from jifen.scoring.result_status import ResultStatus, derive_status
from jifen.scoring.result_status.point_texts import format_points

NAMED_MOST = 4
"""So many items are named as what decides."""


def outcome_context(work: Work, walk: Walk, lang: Lang, city: City) -> dict[str, Any]:
    """Everything that the result page says."""
    standing = derive_status(work.assessment)
    every = Walk(past=walk.past, skipped=set(), claimed=set(walk.claimed), every=True)
    process = process_of(work)
    plainly, opened = openings(city, work, lang)
    return {
        "blank": False,
        "papers": papers(work, process, lang) if process else [],
        "filing": filing(work, lang),
        "filers": list_filers_today(city.id),
        "plainly": plainly,
        "opened": opened,
        "kind": next_kind(standing, work),
        "others": [other for other in index().values() if other.id != city.id],
        "walk": walk,
        "work": work,
        "p": panel(work, lang),
        "standing": standing,
        "more": len(steps_left(work, every)),
        "deciders": what_decides(work, standing, lang),
        "city": city,
    }


def next_kind(standing: ResultStatus, work: Work) -> str:
    """The one next step: 'answer' more, bring the 'papers', see the 'route', 'mend' what bars."""
    if standing.is_barred:
        return "mend"
    if standing.state == "reached":
        return "papers"
    if standing.state == "open" and work.assessment.missing:
        return "answer"
    return "route"


def what_decides(work: Work, standing: ResultStatus, lang: Lang) -> str:
    """What stands in the way; where nothing does, the items that give most, with their points."""
    joint = ", " if lang == "en" else "、"
    if standing.is_barred:
        return joint.join(one.label(lang) for one in standing.deciders)
    given = [line for line in work.assessment.lines if line.counted and line.bounds[0] > 0]
    given.sort(key=lambda line: -line.scaled_low)
    return joint.join(
        f"{line.indicator.label(lang)} {format_points(line.bounds[0])}"
        for line in given[:NAMED_MOST]
    )
