"""The day of these tests is held, and populations are drawn into a folder of their own."""

from pathlib import Path

import pytest
from django.conf import settings

from tests.world.consultation import ON, TODAY

import tests.world.settings as settings_of_tests  # isort: skip


@pytest.fixture(autouse=True)
def held_day(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(settings, "JIFEN_POPULATIONS", str(tmp_path / "populations"))
    monkeypatch.setattr(
        "jifen.office.accounts.signin.middleware.needs_second_factor", lambda _: False
    )
    hold(monkeypatch)


def hold(monkeypatch: pytest.MonkeyPatch) -> None:
    for place in TODAY:
        monkeypatch.setattr(place, lambda: ON)


def pytest_configure(config: pytest.Config) -> None:
    settings_of_tests.refuse_unmarked_tests(config)
