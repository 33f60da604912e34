"""What an administrator watches: counts as they happen, queues as they stand, at an address that
only the administrator reaches."""

import socket
import urllib.request
from collections.abc import Iterator
from datetime import timedelta
from typing import Any
from urllib.error import HTTPError

import pytest
from django.db import DatabaseError, connection
from django.test import Client
from django.utils import timezone
from prometheus_client import REGISTRY
from prometheus_client.core import Metric
from pytest_django import Settings

from jifen.office.messages.models import Message
from jifen.office.notices.actions import events
from jifen.office.operate.models import Heartbeat
from jifen.office.operate.queues import QUEUES, count_queue, count_waits
from jifen.office.site.metrics import collector
from jifen.office.site.metrics.collector import SiteCollector, collect_database, collect_process
from jifen.office.site.metrics.exposition import MetricsApplication, start_metrics_server
from jifen.office.site.server import PortTaken, require_free_metrics
from jifen.office.site.settings import watching
from jifen.reader import pool
from jifen.reader.faults import RefusedFile
from jifen.reader.limits import ReaderLimits
from tests.world.office import Office, user

pytestmark = pytest.mark.django_db
TOKEN = "a-token-of-thirty-two-characters-or-more"


def count(name: str, **labels: str) -> float:
    """A sample that was counted as it happened; 0 before the first."""
    return REGISTRY.get_sample_value(name, labels) or 0.0


def gauges() -> dict[tuple[str, ...], float]:
    """Every sample that is counted when it is asked for, by its name and labels."""
    return {
        (sample.name, *sample.labels.values()): sample.value
        for family in [*collect_process(), *collect_database()]
        for sample in family.samples
    }


def test_requests_are_counted_by_pattern_and_status() -> None:
    labels = {"method": "GET", "route": "/<slug:city>/", "status": "200"}
    before = count("jifen_requests_total", **labels)
    timed = count("jifen_request_seconds_count", route="/<slug:city>/")
    for city in ("shanghai", "chengdu"):
        Client().get(f"/{city}/")
    assert count("jifen_requests_total", **labels) == before + 2
    assert count("jifen_request_seconds_count", route="/<slug:city>/") == timed + 2
    assert count("jifen_requests_in_progress") == 0


def test_addresses_and_methods_of_strangers_make_no_series() -> None:
    labels = {"method": "other", "route": "none", "status": "404"}
    before = count("jifen_requests_total", **labels)
    for number in range(3):
        Client().generic(f"ODD{number}", f"/nowhere-{number}.php")
    assert count("jifen_requests_total", **labels) == before + 3


def test_an_error_of_the_site_is_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    labels = {"method": "GET", "route": "/", "status": "500"}
    before = count("jifen_requests_total", **labels)
    monkeypatch.setattr("jifen.office.web.public.views.home.page", lambda *_: 1 / 0)
    Client(raise_request_exception=False).get("/")
    assert count("jifen_requests_total", **labels) == before + 1


def test_sign_ins_are_counted_by_outcome() -> None:
    user("somebody")
    before = {o: count("jifen_sign_ins_total", outcome=o) for o in ("failed", "succeeded")}
    for password in ("wrong", "pass-word-1234"):
        Client().post("/account/login/", {"login": "somebody", "password": password})
    after = {o: count("jifen_sign_ins_total", outcome=o) for o in before}
    assert after == {outcome: number + 1 for outcome, number in before.items()}


def test_every_queue_is_counted_in_one_statement(django_assert_num_queries: Any) -> None:
    for kind in QUEUES:
        with django_assert_num_queries(1):
            counted = count_queue(kind, timezone.now())
        assert (counted.waiting, counted.oldest_seconds) == (0, 0.0), kind


def test_papers_that_wait_are_counted_until_they_are_made() -> None:
    office = Office()
    office.submitted()
    events.issue_for_case_events()
    waiting = gauges()
    assert waiting["jifen_queue_waiting", "papers"] == 1
    assert waiting["jifen_queue_leases", "papers", "held"] == 0
    assert waiting["jifen_database_up",] == 1
    from jifen.office.notices.actions import printing

    printing.print_due_notices()
    assert gauges()["jifen_queue_waiting", "papers"] == 0


def _message(number: int, **fields: Any) -> None:
    values: dict[str, Any] = {"made_at": timezone.now(), "due_at": timezone.now(), **fields}
    kinds = {"kind": "permit_ends", "edition": 1, "channel": "inbox", "recipient": "user:1"}
    Message.objects.create(event=f"permit:{number}", **kinds, **values)


def test_a_message_that_is_tried_in_vain_waits_from_the_day_that_it_was_made() -> None:
    """Each try moves the time at which it is due; how long somebody has waited is another thing."""
    now = timezone.now()
    hour = timedelta(hours=1)
    _message(1, due_at=now + hour)  # later: waits for nobody
    _message(2, due_at=now + hour, made_at=now - 48 * hour, attempts=9, state="unsure")
    _message(3, due_at=now - hour, made_at=now - hour, lease_until=now - hour)
    _message(4, due_at=now - hour, made_at=now - hour, lease_until=now + hour)
    _message(5, due_at=now - hour, made_at=now - 99 * hour, state="sent")
    (kind,) = [kind for kind in QUEUES if kind.name == "messages"]
    counted = count_queue(kind, now)
    assert (counted.waiting, counted.retrying) == (3, 1)
    assert (counted.leased, counted.expired) == (1, 1)
    assert counted.oldest_seconds == pytest.approx(48 * 3600)


def test_what_waits_on_somebody_is_counted_by_kind_and_by_day() -> None:
    Office().submitted()
    today = timezone.localdate()
    kind, number, late = count_waits(today)[0]
    assert (kind, late) == ("gate", 0)
    assert number >= 1
    long_after = {kind: late for kind, _, late in count_waits(today + timedelta(days=999))}
    assert long_after["gate"] == number


def test_workers_are_shown_by_their_heart() -> None:
    now = timezone.now()
    for name, quiet, failing in (("a:1", 5, ["print_due_notices"]), ("b:2", 600, [])):
        beat = now - timedelta(seconds=quiet)
        fields = {"began_at": beat, "beat_at": beat, "failing": failing, "step_since": beat}
        Heartbeat.objects.create(kind="worker", name=name, **fields)
    shown = gauges()
    assert shown["jifen_workers", "worker"] == 1
    assert shown["jifen_worker_failing_steps", "worker", "a:1", "print_due_notices"] == 1
    assert 5 <= shown["jifen_worker_beat_age_seconds", "worker", "a:1"] < 60
    assert 600 <= shown["jifen_worker_step_seconds", "worker", "b:2"] < 660


def test_connections_are_counted_where_there_is_a_server() -> None:
    shown = gauges()
    used = {name[1]: value for name, value in shown.items() if name[0].endswith("_connections")}
    if connection.vendor == "postgresql":
        assert used["active"] >= 1
        assert shown["jifen_database_connection_limit",] >= 10
    else:
        assert used == {}


def test_a_database_that_is_away_is_all_that_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise DatabaseError("connection refused")

    monkeypatch.setattr(collector, "count_queue", refuse)
    (family,) = collect_database()
    assert (family.name, family.samples[0].value) == ("jifen_database_up", 0)


def test_files_that_are_refused_are_counted_by_reason() -> None:
    readers = pool.ReaderPool(1)
    given = {"kind": "png", "pixels": 1_000_000}
    try:
        with pytest.raises(RefusedFile):
            readers.ask("look at a picture", b"no picture", given, ReaderLimits())
        assert readers.count_processes() == (1, 0)
        assert readers.count_refusals() == {"damaged": 1}
    finally:
        readers.close()


def test_whoever_asks_often_gets_the_counts_of_the_last_time(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    looks: list[float] = []
    at = [100.0]
    monkeypatch.setattr(collector, "monotonic", lambda: at[0])

    def look() -> list[Metric]:
        looks.append(at[0])
        return []

    monkeypatch.setattr(collector, "collect_database", look)
    site = SiteCollector()
    for later in (0, 1, 4.9, 5):
        at[0] = 100.0 + later
        assert site.collect()
    assert looks == [100.0, 105.0]


@pytest.fixture
def shown_at() -> Iterator[str]:
    """The address of metrics behind a token."""
    with start_metrics_server(("127.0.0.1", 0), TOKEN) as listening:
        yield f"http://127.0.0.1:{listening.server_port}"
        listening.shutdown()


def _ask(address: str, token: str = TOKEN, method: str = "GET") -> tuple[int, str]:
    heads = {"Authorization": f"Bearer {token}"} if token else {}
    try:
        asked = urllib.request.Request(address, headers=heads, method=method)
        with urllib.request.urlopen(asked, timeout=30) as answer:
            return answer.status, answer.read().decode()
    except HTTPError as error:
        return error.code, error.read().decode()


@pytest.mark.django_db(transaction=True)
def test_only_who_knows_the_token_sees_them(shown_at: str) -> None:
    assert _ask(f"{shown_at}/metrics", "") == (401, "Unauthorized\n")
    assert _ask(f"{shown_at}/metrics", TOKEN[:-1])[0] == 401
    assert _ask(f"{shown_at}/", "")[0] == 401
    assert _ask(f"{shown_at}/other")[0] == 404
    assert _ask(f"{shown_at}/metrics", method="POST")[0] == 405
    status, text = _ask(f"{shown_at}/metrics")
    assert status == 200
    assert "\njifen_database_up 1.0\n" in text
    assert "\nprocess_resident_memory_bytes " in text


def test_the_site_itself_shows_none() -> None:
    assert Client().get("/metrics", follow=True).status_code == 404


def test_without_a_token_all_of_this_machine_may_look() -> None:
    begun: list[str] = []
    shown = MetricsApplication("")(
        {"PATH_INFO": "/metrics", "REQUEST_METHOD": "GET"}, lambda s, _: begun.append(s)
    )
    assert begun == ["200 OK"]
    assert b"jifen_build_info" in b"".join(shown)


@pytest.mark.parametrize(
    ("given", "address"),
    [
        ("", None),
        ("127.0.0.1:9464", ("127.0.0.1", 9464)),
        ("[::1]:9464", ("::1", 9464)),
        ("localhost:1", ("localhost", 1)),
    ],
)
def test_an_address_is_read(monkeypatch: pytest.MonkeyPatch, given: str, address: Any) -> None:
    monkeypatch.setenv("JIFEN_METRICS", given)
    assert watching.read_metrics_address() == address
    assert watching.read_metrics_token(address) == ""


def test_an_address_in_use_stops_the_start(settings: Settings) -> None:
    require_free_metrics()
    with socket.create_server(("127.0.0.1", 0)) as taken:
        settings.JIFEN_METRICS = taken.getsockname()
        with pytest.raises(PortTaken, match=r"Metrics are shown there \(JIFEN_METRICS\)"):
            require_free_metrics()
