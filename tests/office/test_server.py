"""`jifen serve`: what is said before it serves, and that its worker never outlives it."""

from typing import Any

import pytest

from jifen.cities.sources import SILENT
from jifen.office.sandbox.cast import PASSWORD
from jifen.office.site import server as site


class Worker:
    """A worker that remembers what became of it."""

    def __init__(self) -> None:
        self.events: list[str] = []

    def of(self, command: list[str], name: str) -> "Worker":
        """Take the place of the supervisor."""
        self.events.append(f"{name}: {' '.join(command[1:])}")
        return self

    def __enter__(self) -> "Worker":
        self.events.append("begin")
        return self

    def __exit__(self, *_: object) -> None:
        self.events.append("end")


@pytest.fixture
def worker(monkeypatch: pytest.MonkeyPatch) -> Worker:
    """Nothing is really started, migrated or listened to."""
    made = Worker()
    monkeypatch.setenv(SILENT, "1")  # `serve` sets it for its processes; it goes with the test
    monkeypatch.setattr(site, "leave_out_broken", lambda: None)
    monkeypatch.setattr(site, "Supervisor", made.of)
    monkeypatch.setattr(site, "prepare_database", lambda: made.events.append("prepare"))
    monkeypatch.setattr(site, "require_free", lambda *_: made.events.append("free"))
    monkeypatch.setattr(site, "_run_server", lambda *where: made.events.append(f"run {where}"))
    return made


def test_it_looks_for_the_port_first_and_ends_its_worker_last(
    worker: Worker, capsys: pytest.CaptureFixture[str]
) -> None:
    site.serve_site("127.0.0.1", 8123)
    assert worker.events == [
        "free",
        "prepare",
        "worker: -m jifen worker",
        "begin",
        "run ('127.0.0.1', 8123)",
        "end",
    ]
    told = capsys.readouterr().out
    assert "http://127.0.0.1:8123/shanghai/" in told
    assert "Ctrl-C stops it" in told


@pytest.mark.parametrize("end", [KeyboardInterrupt, RuntimeError, SystemExit])
def test_however_the_server_ends_its_worker_ends_too(
    worker: Worker, monkeypatch: pytest.MonkeyPatch, end: type[BaseException]
) -> None:
    def fail(*_: Any) -> None:
        raise end

    monkeypatch.setattr(site, "_run_server", fail)
    with pytest.raises(end):
        site.serve_site()
    assert worker.events[-2:] == ["begin", "end"]


def test_a_worker_that_is_a_service_of_its_own_is_not_started(worker: Worker) -> None:
    site.serve_site("127.0.0.1", 8123, with_worker=False)
    assert worker.events == ["free", "prepare", "run ('127.0.0.1', 8123)"]


def test_a_taken_port_starts_nothing(worker: Worker, monkeypatch: pytest.MonkeyPatch) -> None:
    def taken(*_: Any) -> None:
        raise site.PortTaken

    monkeypatch.setattr(site, "require_free", taken)
    with pytest.raises(site.PortTaken):
        site.serve_site()
    assert worker.events == []


@pytest.mark.parametrize(
    ("host", "port", "words"),
    [
        ("127.0.0.1", 99_999, "PORT=35000 make run"),
        ("203.0.113.1", 8000, "PORT=8001 make run"),
        ("127.0.0.1", -1, "choose another"),
    ],
    ids=["no port", "not an own address", "below 0"],
)
def test_what_cannot_be_listened_on_says_what_to_choose(host: str, port: int, words: str) -> None:
    with pytest.raises(site.PortTaken) as caught:
        site.require_free(host, port)
    assert str(caught.value).startswith(f"Cannot listen on {host}:{port}: ")
    assert words in str(caught.value)


def test_a_sandbox_names_its_sign_ins_and_nothing_else_does(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("JIFEN_MODE", "sandbox")
    told = site.build_welcome("::", 8000)
    assert "http://127.0.0.1:8000/sandbox/" in told
    assert f"password: {PASSWORD}" in told
    monkeypatch.setenv("JIFEN_MODE", "embedded")
    plain = site.build_welcome("::", 8000)
    assert "http://127.0.0.1:8000/account/login/" in plain
    assert "password" not in plain


@pytest.mark.parametrize(
    ("mode", "seeded", "words"),
    [("embedded", False, ""), ("sandbox", True, "沙盒已填入"), ("sandbox", False, "")],
    ids=["no sandbox", "an empty sandbox", "a sandbox that is filled"],
)
def test_only_a_sandbox_is_filled_and_says_so_once(
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    settings: Any,
    mode: str,
    seeded: bool,
    words: str,
) -> None:
    done: list[str] = []
    call = "django.core.management.call_command"
    monkeypatch.setattr(call, lambda name, **_: done.append(name))
    guard = "jifen.office.site.start_checks.refuse_wrong_start"
    monkeypatch.setattr(guard, lambda: done.append("guard"))
    seed = "jifen.office.sandbox.seed.seed_sandbox"

    def fill() -> bool:
        done.append("seed")
        return seeded

    monkeypatch.setattr(seed, fill)
    settings.JIFEN_MODE = mode
    site.prepare_database()
    expected = ["migrate", "createcachetable", "guard"]
    assert done == ([*expected, "seed"] if mode == "sandbox" else expected)
    told = capsys.readouterr().out
    assert told.startswith(words)
    assert bool(told) == bool(words)
