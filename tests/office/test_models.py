"""Tables are what the migrations made of them: what a model says, the database has."""

from typing import Any

import pytest
from django.apps import apps
from django.db.migrations.autodetector import MigrationAutodetector
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.state import ProjectState
from django.utils import translation

from jifen.office.casework.models import Application, Decision, Gate

APPS = sorted(
    config.label for config in apps.get_app_configs() if config.name.startswith("jifen.office.")
)


@pytest.mark.parametrize("app", APPS)
def test_no_model_says_what_no_migration_made(app: str) -> None:
    """Length, index, condition, name of a constraint: each is in a migration. Rows have names."""
    for model in apps.get_app_config(app).get_models():
        assert str(_row(model)), model
    with translation.override(None):
        loader = MigrationLoader(None)
        detector = MigrationAutodetector(loader.project_state(), ProjectState.from_apps(apps))
        changes = detector.changes(graph=loader.graph, trim_to_apps={app})
    assert [str(change) for change in changes.get(app, [])] == []


def _row(model: type) -> object:
    """A row that was never stored, with whatever its name is made of."""
    row = model()
    for field in model._meta.concrete_fields:  # type: ignore[attr-defined]
        if field.is_relation and not field.null:
            setattr(row, field.name, field.related_model())
        elif not field.is_relation and field.value_from_object(row) in ("", None):
            setattr(row, field.name, _value(field))
    return row


def _value(field: Any) -> object:
    """Something that a column of this type may hold."""
    if field.name == "city":
        return "chengdu"
    return 1 if "Integer" in field.get_internal_type() else field.name


def test_rows_are_named_after_what_they_are_of() -> None:
    case = Application(pk=7)
    assert str(case) == "draft 7"
    assert str(Application(pk=7, number="SH2025000000007")) == "SH2025000000007"
    assert str(Decision(application=case, number=2)) == "decision 2 of application 7"
    assert str(Gate(application=case, gate="office")) == "office of application 7"
