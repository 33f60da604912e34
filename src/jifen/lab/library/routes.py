"""The answer of the planner (schema jifen.route.v1) as tables for a dataframe."""

from collections.abc import Mapping
from typing import Any

import pyarrow as pa

Row = dict[str, Any]


def build_route_tables(document: Mapping[str, Any]) -> dict[str, pa.Table]:
    """`routes` (a row each), `cities` (the answer of each) and `forecast` (the days on which the
    points change). A table without rows is left out."""
    answers = document["cities"]
    rows: dict[str, list[Row]] = {
        "routes": [_route_row(city, route) for city in answers for route in city["routes"] or ()],
        "cities": [_city_row(city) for city in answers],
        "forecast": [
            _step_row(city, step) for city in answers for step in city["forecast"]["steps"]
        ],
    }
    return {name: pa.Table.from_pylist(listed) for name, listed in rows.items() if listed}


def _route_row(city: Row, route: Row) -> Row:
    return {
        "city": city["city"],
        "moves": [move["id"] for move in route["moves"]],
        "labels": [move["label"] for move in route["moves"]],
        "reached_on": route["reached_on"],
        "usual_on": route["usual_on"],
        "lost_on": route["lost_on"],
        "cost": _to_float(route["cost"]),
        "known_cost": _to_float(route["known_cost"]),
        "frontier": route["frontier"],
    }


def _city_row(city: Row) -> Row:
    return {
        "city": city["city"],
        "version": city["version"],
        "total_least": _to_float(city["bounds"][0]),
        "total_most": _to_float(city["bounds"][1]),
        "threshold": _to_float(city["threshold"]),
        "reached": city["reached"],
        "reached_on": city["forecast"]["reached_on"],
        "verdict": city["verdict"]["kind"],
        "words": city["verdict"]["words"],
        "missing": city["missing"],
    }


def _step_row(city: Row, step: Row) -> Row:
    least, most = step["bounds"]
    return {
        "city": city["city"],
        "on": step["on"],
        "version": step["version"],
        "total_least": _to_float(least),
        "total_most": _to_float(most),
        "threshold": _to_float(step["threshold"]),
        "reached": step["reached"],
    }


def _to_float(figure: float | None) -> float | None:
    return None if figure is None else float(figure)
