"""Populations of these tests are drawn into a folder of their own."""

from pathlib import Path

import pytest
from django.conf import settings

import tests.world.settings as settings_of_tests  # isort: skip


@pytest.fixture(autouse=True)
def own_populations(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(settings, "JIFEN_POPULATIONS", str(tmp_path / "populations"))


def pytest_configure(config: pytest.Config) -> None:
    settings_of_tests.refuse_unmarked_tests(config)
