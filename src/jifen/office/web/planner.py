"""An answer of the planner as the templates need it: one for the public page and for those who
signed in."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from markupsafe import Markup

from jifen.charts import Steps, draw_svg
from jifen.facts.spelling import normalize_amount
from jifen.planning.case import Wishes
from jifen.planning.faults import MOST_MONTHS, MOST_YUAN
from jifen.planning.forecast import Forecast
from jifen.planning.messages import describe_verdict
from jifen.planning.model import CityMoves
from jifen.planning.planner import PlanResult
from jifen.planning.serialization import serialize_plans
from jifen.policy.model import NO_THRESHOLD
from jifen.policy.source_titles import name_sources_in
from jifen.policy.text import Lang, Text

YEARS = (5, 10, 15, 20)
SHOWN = 12
"""Routes that are shown at once; the others are folded."""
Post = Mapping[str, Any]
_UNITS = {"takes": "months", "cost": "yuan"}


def route_context(answer: PlanResult, lang: Lang) -> dict[str, Any]:
    """What the page shows of an answer."""
    told = serialize_plans([answer], lang)["cities"][0]
    sources = answer.case.moves.sources
    for move in told["moves"]:
        move["note"] = move["note"] and name_sources_in(move["note"], sources, lang)
    routes = told["routes"] or []
    best = [route for route in routes if route["frontier"]]
    return {
        "told": told,
        "chart": Markup(draw_svg(chart(answer.forecast, answer), lang)),
        "verdict": describe_verdict(answer),
        "today_words": told["standing"]["words"]["spoken"],
        "routes_shown": best[:SHOWN],
        "more_routes": [r for r in routes if r not in best[:SHOWN]],
        "say": lambda ends: said(ends, lang),
        "missing": [answer.today.rules.vocabulary[i].label(lang) for i in answer.missing_facts],
    }


def chart(found: Forecast, answer: PlanResult) -> Steps:
    """The forecast as a drawing."""
    marks = []
    if found.reached_on and found.reached_on > answer.case.on:
        marks.append((found.reached_on, Text("达到", "reached")))
    if found.doubtful_on and found.doubtful_on != found.lost_on:
        marks.append((found.doubtful_on, Text("可能失去", "may be lost")))
    if found.lost_on:
        marks.append((found.lost_on, Text("失去", "lost")))
    return Steps(
        Text("如果什么都不变，今后的分数", "Points in the years to come if nothing changes"),
        tuple(step.on for step in found.steps),
        found.last_day,
        tuple(float(step.bounds[0]) for step in found.steps),
        tuple(float(step.bounds[1]) for step in found.steps),
        tuple(float(step.threshold) for step in found.steps if step.threshold != NO_THRESHOLD),
        Text("分数线", "line"),
        Text("分", "points"),
        tuple(marks),
    )


def said(ends: Any, lang: Lang) -> str:
    """[least, most] of a fact or of points in words."""
    if ends is None:
        return "?"
    low, high = ends
    if low is None:
        return "–"
    if isinstance(low, bool):
        return (Text("是", "yes") if low else Text("否", "no"))(lang)
    return f"{low}" if low == high else f"{low} … {high}"


def wishes_of(post: Post, known: tuple[str, ...]) -> tuple[Wishes, dict[str, str]]:
    """What a form says of the moves, and the faults of it by field; what cannot be read is left
    out."""
    months, yuan, faults = dict[str, int](), dict[str, Decimal](), dict[str, str]()
    for ident in known:
        for name, most, found in (
            ("takes", MOST_MONTHS, months),
            ("cost", int(MOST_YUAN), yuan),
        ):
            text = normalize_amount(str(post.get(f"{name}.{ident}", "")), _UNITS[name])
            if not text:
                continue
            value = typed_number(text, most, whole=name == "takes")
            if value is None:
                faults[f"{name}.{ident}"] = text
            else:
                found[ident] = value  # type: ignore[assignment]
    without = frozenset(i for i in known if str(post.get(f"without.{i}", "")) == "on")
    return Wishes(without, months, yuan), faults


def typed_number(text: str, most: int, *, whole: bool) -> Decimal | int | None:
    """A typed number from 0 to a most; None where it is none."""
    if not text.isascii() or not text.replace(".", "", 1).isdigit() or len(text) > 12:
        return None
    value = Decimal(text)
    if value > most or (whole and value != int(value)):
        return None
    return int(value) if whole else value


def years_of(post: Post, default: int = 10) -> int:
    """The years that are looked at."""
    text = str(post.get("years", ""))
    return next((years for years in YEARS if str(years) == text), default)


def typed_moves(moves: CityMoves, post: Post) -> dict[str, dict[str, str]]:
    """What was typed of each move, so that nothing is lost."""
    return {
        move.id: {name: str(post.get(f"{name}.{move.id}", ""))[:12] for name in ("takes", "cost")}
        for move in moves.moves
    }
