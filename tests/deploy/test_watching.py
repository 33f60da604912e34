"""Alert rules and the dashboard ask for metrics that there are, by labels that these have."""

import json
import re
from pathlib import Path
from typing import Any

import pytest
import yaml
from prometheus_client import REGISTRY
from prometheus_client.core import Metric

from jifen.office.accounts.signin.access_log import SIGN_INS
from jifen.office.site.metrics.collector import SiteCollector
from jifen.office.site.metrics.requests import IN_PROGRESS
from jifen.office.site.request_bodies import REFUSED_BODIES

pytestmark = pytest.mark.django_db
ROOT = Path(__file__).resolve().parents[2]
DEPLOY = ROOT / "deploy"
RULES = DEPLOY / "prometheus" / "jifen.rules.yml"
DASHBOARD = DEPLOY / "grafana" / "jifen.json"
GUIDE = ROOT / "docs" / "watching.md"
COUNTED_WHERE_IT_HAPPENS = (SIGN_INS, IN_PROGRESS, REFUSED_BODIES)
_ENDINGS = {
    "counter": ("_total",),
    "histogram": ("_bucket", "_count", "_sum"),
    "gauge": ("",),
}
_NAME = re.compile(r"\b(?:jifen|process)_[a-z_]+\b")


def _shown() -> set[str]:
    """The name of every sample that a server may show."""
    assert len(COUNTED_WHERE_IT_HAPPENS) == 3  # their modules are known to the registry
    families: list[Metric] = [*REGISTRY.collect(), *SiteCollector().collect()]
    return {f"{f.name}{ending}" for f in families for ending in _ENDINGS.get(f.type, ())}


def _rules() -> list[dict[str, Any]]:
    (group,) = yaml.safe_load(RULES.read_text(encoding="utf-8"))["groups"]
    rules: list[dict[str, Any]] = group["rules"]
    return rules


def _panels() -> list[dict[str, Any]]:
    panels: list[dict[str, Any]] = json.loads(DASHBOARD.read_text(encoding="utf-8"))["panels"]
    return panels


def _asked() -> dict[str, str]:
    """Every expression of the rules and of the dashboard, by where it stands."""
    of_rules = {rule["alert"]: rule["expr"] for rule in _rules()}
    of_panels = {
        f"{panel['title']} {target['refId']}": target["expr"]
        for panel in _panels()
        for target in panel["targets"]
    }
    return of_rules | of_panels


def _drop_labels(expression: str) -> str:
    """An expression without its matchers and groupings, whose words are labels."""
    return re.sub(r"\{[^}]*\}|\b(?:by|without) \([^)]*\)", "", expression)


def test_every_metric_that_is_asked_for_exists() -> None:
    shown = _shown()
    for place, expression in _asked().items():
        names = set(_NAME.findall(_drop_labels(expression)))
        assert names or expression.startswith("up{"), place
        assert names <= shown, place


def test_the_guide_explains_every_metric_and_names_no_other() -> None:
    ours = {name for name in _shown() if name.startswith("jifen_")}
    families = {re.sub(r"_(?:bucket|count|sum)$", "", name) for name in ours}
    named = set(re.findall(r"`(jifen_[a-z_]+)`", GUIDE.read_text(encoding="utf-8")))
    assert named == families


def test_every_alert_says_what_happened_in_both_languages_and_what_to_do() -> None:
    names = [rule["alert"] for rule in _rules()]
    assert len(set(names)) == len(names) > 12
    for rule in _rules():
        assert rule["labels"]["severity"] in ("page", "ticket")
        assert re.search(r"[\u4e00-\u9fff]", rule["annotations"]["summary"]), rule
        assert rule["annotations"]["action"], rule


def test_the_dashboard_shows_each_kind_once_and_nothing_overlaps() -> None:
    places = [(panel["gridPos"]["x"], panel["gridPos"]["y"]) for panel in _panels()]
    assert len(set(places)) == len(places)
    asked = {name for expression in _asked().values() for name in _NAME.findall(expression)}
    families = {re.sub(r"_(?:bucket|count|sum)$", "", name) for name in asked}
    ours = {re.sub(r"_(?:bucket|count|sum)$", "", n) for n in _shown() if n.startswith("jifen_")}
    assert ours <= families, "shown by a server, and on no panel"
