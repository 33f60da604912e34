"""Briefs for tests: figures of Shanghai 2018, and what is asked of them."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import yaml

from jifen.cities import resolve_city
from jifen.lab.library import Population
from jifen.lab.people import load_margins
from jifen.lab.people.draw import draw_people
from jifen.lab.population import People
from jifen.lab.search.brief import Brief, read_brief
from jifen.policy.source import parse_yaml
from tests.people.changed_policies import ON, SHANGHAI

POINTS = "indicators.education.choice.points."
FIGURES: dict[str, tuple[str, Sequence[Any]]] = {
    "doctor": (f"{POINTS}doctor", (90, 100, 110, 120)),
    "master": (f"{POINTS}master", (80, 90, 100, 110)),
    "bachelor": (f"{POINTS}bachelor_with_degree", (70, 80, 90, 100)),
    "insurance": ("indicators.insurance_years.per_unit.each", (2, 3, 4)),
    "line": ("decision.lines.0.points", (110, 115, 120, 125, 130)),
    "bonus_cap": ("groups.tax_or_jobs.most", (40, 80, 120)),
    "months": (
        "conditions.insured_six_months.when",
        ("insured_months_last_12 >= 4", "insured_months_last_12 >= 6"),
    ),
    "detention": ("indicators.detention.each_record.each", (-60, -50, -40)),
}


def applicants(count: int, unknown: float = 0.0) -> People:
    """Synthetic applicants of Shanghai: near the line, as random people are not."""
    city = resolve_city("shanghai").city
    table = draw_people(load_margins(city), count, 7, unknown=unknown)
    return Population(SHANGHAI, table, ON).people


def document(figures: Sequence[str], admit: Mapping[str, Any], **more: Any) -> dict[str, Any]:
    """A brief as a document."""
    vary = [
        {
            "id": name,
            "label": {"zh": name, "en": name},
            "paths": [FIGURES[name][0]],
            "values": list(FIGURES[name][1]),
        }
        for name in figures
    ]
    return {
        "language": "1",
        "propose": "a-try",
        "label": {"zh": "试", "en": "A try"},
        "policy": "shanghai-points",
        "vary": vary,
        "admit": dict(admit),
        **more,
    }


def brief(figures: Sequence[str], admit: Mapping[str, Any], **more: Any) -> Brief:
    """The brief of a document, read as strictly as a file."""
    return read_text(yaml.safe_dump(document(figures, admit, **more), allow_unicode=True))


def read_text(text: str) -> Brief:
    """The brief of a text."""
    return read_brief(parse_yaml(text, "brief.yaml"), tuple(text.splitlines()))


def write(path: Path, figures: Sequence[str], admit: Mapping[str, Any], **more: Any) -> Path:
    """A brief as a file."""
    text = yaml.safe_dump(document(figures, admit, **more), allow_unicode=True, sort_keys=False)
    path.write_text(text, encoding="utf-8")
    return path
