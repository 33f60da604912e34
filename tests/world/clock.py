"""The time in the hands of a test: it passes when the test says so, and not while it runs."""

import time
from datetime import datetime, timedelta

import pytest
from django.core.cache.backends import db
from django.utils import timezone


class Clock:
    """What every part of the office takes for now: moments, the seconds of one-time codes and of
    signed sessions, and what the cache forgets."""

    def __init__(self, at: datetime) -> None:
        self.at = at

    def now(self) -> datetime:
        """The moment."""
        return self.at

    def time(self) -> float:
        """The same in seconds."""
        return self.at.timestamp()

    def go_on(self, seconds: float) -> None:
        """So many seconds pass."""
        self.at += timedelta(seconds=seconds)

    def stand_at(self, second: int, period: int) -> None:
        """Go on to a second of a period, such as the last one of a minute."""
        self.go_on((second - self.time()) % period)


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    """The clock of the office stands still, at the moment at which the test begins."""
    held = Clock(timezone.now())
    monkeypatch.setattr(timezone, "now", held.now)
    monkeypatch.setattr(db, "tz_now", held.now)
    monkeypatch.setattr(time, "time", held.time)
    return held
