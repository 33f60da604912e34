"""What is sent is bounded before it is read, comes in time, or gives its thread back."""

import io
import threading
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from queue import Queue
from typing import Any
from uuid import UUID

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import OperationalError, connection
from django.http import HttpRequest, HttpResponse, UnreadablePostError
from django.test import Client, RequestFactory
from django.urls import reverse

from jifen.office.documents.models import Document
from jifen.office.site import request_bodies as bodies_of_site
from jifen.office.site.request_bodies import TimedBodies
from jifen.office.site.settings import environment
from jifen.office.site.settings.database import parse_database_url
from jifen.office.web.bodies import MOST, BodyMiddleware
from jifen.office.web.budget import Budget
from jifen.office.web.errors import MethodMiddleware
from tests.world.office import Office, user

# --------------------------------------------------------------------------------------- too large


class _NotToBeRead(io.RawIOBase):
    """A body that must not be touched."""

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        raise AssertionError("a byte was read")


def _post(client: Client, path: str, length: int, **headers: Any) -> Any:
    said: dict[str, Any] = {
        "content_type": "multipart/form-data; boundary=x",
        "CONTENT_LENGTH": str(length),
        "wsgi.input": _NotToBeRead(),
        "headers": headers,
    }
    return client.generic("POST", path, b"", **said)


@pytest.mark.django_db
@pytest.mark.parametrize("path", ["/shanghai/assess", "/account/login/", "/nowhere", "/compare/"])
def test_a_body_that_is_too_large_is_refused_before_it_is_read(client: Client, path: str) -> None:
    answer = _post(client, path, MOST + 1)
    assert (answer.status_code, answer.headers["Connection"]) == (413, "close")
    assert "提交的内容有 1.1 MB，这里最多接收 1.1 MB。" in answer.content.decode()


@pytest.mark.django_db
def test_only_who_signed_in_may_send_files_and_not_without_end(client: Client) -> None:
    office = Office()
    case = office.draft()
    upload = reverse("upload", args=[case.application.key, "diploma"])
    batch = reverse("batch", args=[office.unit.pk])
    for path in (upload, batch):
        assert _post(client, path, 5_000_000).status_code == 413
    client.force_login(office.operator)
    for path, words in ((upload, "最多接收 61.0 MB"), (batch, "最多接收 21.0 MB")):
        answer = _post(client, path, 100_000_000)
        assert answer.status_code == 413
        assert words in answer.content.decode()
    page = SimpleUploadedFile("a.pdf", b"%PDF-" + b"x" * 2_000_000)
    assert client.post(upload, {"files": page}).status_code == 302, "read, and refused in words"
    assert not Document.objects.exists()


@pytest.mark.django_db
def test_a_program_is_told_in_its_own_form(client: Client) -> None:
    answer = _post(client, "/api/v1/route", 2_000_000, accept_language="en")
    assert (answer.status_code, answer.headers["Content-Type"]) == (413, "application/problem+json")
    assert answer.json()["title"] == (
        "What was sent has 1.9 MB; at most 1.1 MB are taken here. Send fewer files at once, or "
        "scan at a lower resolution."
    )


@pytest.mark.django_db
def test_a_body_without_a_length_is_refused(client: Client) -> None:
    answer = client.generic(
        "POST", "/shanghai/assess", CONTENT_LENGTH="", HTTP_TRANSFER_ENCODING="x"
    )
    assert answer.status_code == 411
    assert "Content-Length" in answer.content.decode()


@pytest.mark.django_db
@pytest.mark.parametrize("length", ["-1", "1e9", "１２", "0", ""])
def test_a_length_that_is_none_is_no_fault_of_ours(client: Client, length: str) -> None:
    request = RequestFactory().post("/shanghai/assess", CONTENT_LENGTH=length)
    request.user = user("somebody")
    assert BodyMiddleware(lambda _: HttpResponse("passed"))(request).status_code == 200


@pytest.mark.django_db
@pytest.mark.parametrize("length", ["9" * 17, "9" * 19, "9" * 5_000])
def test_a_length_that_no_body_has_is_refused(client: Client, length: str) -> None:
    request = RequestFactory().post("/shanghai/assess", CONTENT_LENGTH=length)
    request.user = user("somebody")
    assert BodyMiddleware(lambda _: HttpResponse("passed"))(request).status_code == 413


def test_who_breaks_off_is_no_fault_of_ours() -> None:
    request = RequestFactory().post("/")
    middleware = BodyMiddleware(lambda _: HttpResponse())
    answer = middleware.process_exception(request, UnreadablePostError("gone"))
    assert answer is not None
    assert answer.status_code == 400
    assert middleware.process_exception(request, ValueError()) is None


# ---------------------------------------------------------------------------------------- too slow


class _Held:
    """A body of which nothing comes until the test says so."""

    def __init__(self) -> None:
        self.ended, self.asked = threading.Event(), threading.Event()

    def read(self, size: int = -1) -> bytes:
        del size
        self.asked.set()
        self.ended.wait()
        return b""


class _Dripping:
    """A body of which a byte comes every so many seconds of a clock that the test holds."""

    def __init__(self, seconds: float) -> None:
        self.seconds, self.at, self.sizes = seconds, 0.0, list[int]()

    def time(self) -> float:
        return self.at

    def read(self, size: int = -1) -> bytes:
        self.sizes.append(size)
        self.at += self.seconds * size
        return b"a" * size


def _echo(environ: dict[str, Any], start: Callable[..., Any]) -> Iterable[bytes]:
    content = environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
    start("200 OK", [("X", "y")])
    return [content]


def _patient(environ: dict[str, Any], start: Callable[..., Any]) -> Iterable[bytes]:
    """Meets the fault as Django does: an answer of its own, which is not the one that counts."""
    try:
        return _echo(environ, start)
    except OSError:
        start("400 Bad Request", [])
        return [b"own words"]


def _asked(site: TimedBodies, body: Any, length: int = 1_000) -> tuple[str, dict[str, str], bytes]:
    begun: list[Any] = []
    content = site(
        {"wsgi.input": body, "CONTENT_LENGTH": str(length)}, lambda *given: begun.extend(given)
    )
    return begun[0], dict(begun[1]), b"".join(content)


@pytest.mark.parametrize("application", [_echo, _patient])
def test_a_slow_body_is_given_up_and_says_so(
    application: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    site, slow = TimedBodies(application, seconds=20, rate=1_000, places=1), _Dripping(5)
    monkeypatch.setattr(bodies_of_site, "monotonic", slow.time)
    status, head, words = _asked(site, slow, 10_000)
    assert (status, head["Connection"]) == ("408 Request Timeout", "close")
    assert words.decode() == (
        "提交的内容没有及时传完，没有保存。请检查网络后重试。\n"
        "What was sent did not arrive in time, and nothing was kept. Check the network and retry.\n"
    )
    assert 30 < slow.at <= 40, "twenty seconds, ten for its size, and one or two pieces"
    assert set(slow.sizes) == {1}
    assert _asked(site, io.BytesIO(b"whole"), 5)[::2] == ("200 OK", b"whole"), "its place is free"


def test_a_body_that_comes_steadily_is_taken_in_large_pieces(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    site, steady = TimedBodies(_echo, seconds=10, rate=50_000, places=1), _Dripping(1 / 100_000_000)
    monkeypatch.setattr(bodies_of_site, "monotonic", steady.time)
    status, _, content = _asked(site, steady, 3_000_000)
    assert (status, len(content)) == ("200 OK", 3_000_000)
    assert len(steady.sizes) < 25


def test_no_more_than_some_threads_wait_for_bodies() -> None:
    site, bodies = TimedBodies(_echo, seconds=60, rate=10**9, places=3), [_Held() for _ in range(3)]
    with ThreadPoolExecutor(3) as threads:
        held = [threads.submit(_asked, site, body) for body in bodies]
        for body in bodies:
            body.asked.wait()
        status, head, words = _asked(site, io.BytesIO(b"whole"), 5)
        assert (status, head["Retry-After"]) == ("503 Service Unavailable", "10")
        assert words.decode() == (
            "现在提交的人较多，没有保存。请稍后再试。\n"
            "Many are sending just now, and nothing was kept. Try again in a moment.\n"
        )
        assert _asked(site, io.BytesIO(), 0)[0] == "200 OK", "what has no body waits for none"
        for body in bodies:
            body.ended.set()
        assert [answer.result()[0] for answer in held] == ["200 OK"] * 3
    assert _asked(site, io.BytesIO(b"whole"), 5)[2] == b"whole"


def test_a_body_is_read_as_a_file_is() -> None:
    read = Queue[Any]()

    def reads(environ: dict[str, Any], start: Callable[..., Any]) -> Iterable[bytes]:
        body = environ["wsgi.input"]
        read.put((body.read(2), body.readline(), body.readline(1), list(body), body.read()))
        start("204 No Content", [])
        return []

    site = TimedBodies(reads, seconds=60, rate=10**9, places=1)
    _asked(site, io.BytesIO(b"abc\nde\nf\n"), 9)
    assert read.get() == (b"ab", b"c\n", b"d", [b"e\n", b"f\n"], b"")


def test_a_body_that_cannot_be_read_raises_where_it_is_read() -> None:
    class Broken:
        def read(self, size: int) -> bytes:
            raise ConnectionResetError(size)

    site = TimedBodies(_patient, seconds=60, rate=10**9, places=1)
    assert _asked(site, Broken())[2] == b"own words"
    assert _asked(site, io.BytesIO(b"x"), 1)[2] == b"x", "its place is free"


# ------------------------------------------------------------------------------------- the database


def test_nothing_is_waited_for_without_end_on_postgresql(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("JIFEN_STATEMENT_SECONDS", raising=False)  # the worker's, in this process
    options = parse_database_url("postgresql://jifen@db/city?options=-c%20search_path%3Da")[
        "OPTIONS"
    ]
    assert options == {
        "connect_timeout": "10",
        "options": "-c statement_timeout=60s -c lock_timeout=10s "
        "-c idle_in_transaction_session_timeout=60s -c search_path=a",
    }
    monkeypatch.setenv("JIFEN_LOCK_SECONDS", "3")
    assert (
        "lock_timeout=3s" in parse_database_url("postgresql://jifen@db/city")["OPTIONS"]["options"]
    )


@pytest.mark.postgres
@pytest.mark.django_db
def test_the_database_itself_gives_up_a_lock_that_somebody_holds() -> None:
    asks, bound = {
        "sqlite": ("PRAGMA busy_timeout", 20_000),
        "postgresql": ("SHOW lock_timeout", "10s"),
    }[connection.vendor]
    with connection.cursor() as cursor:
        cursor.execute(asks)
        assert cursor.fetchone() == (bound,)


def test_a_database_that_does_not_answer_is_told_in_words() -> None:
    middleware = MethodMiddleware(lambda _: HttpResponse())
    request = RequestFactory().get("/")
    answer = middleware.process_exception(request, OperationalError("lock timeout"))
    assert answer is not None
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "10")
    assert "数据库暂时没有应答" in answer.content.decode()


# ------------------------------------------------------------------------------------------ budgets


def _view(request: HttpRequest) -> HttpResponse:
    del request
    return HttpResponse("answer")


def _asks(view: Any, address: str = "203.0.113.1", method: str = "post") -> HttpResponse:
    request = getattr(RequestFactory(), method)("/", REMOTE_ADDR=address)
    answer: HttpResponse = view(request)
    return answer


def test_an_address_and_all_together_have_a_budget_of_each_minute(clock: Any) -> None:
    clock.stand_at(10, period=60)
    view = Budget(each=2, all_=4, at_once=9).spends(_view)
    assert [_asks(view).status_code for _ in range(3)] == [200, 200, 429]
    assert _asks(view, "203.0.113.2").status_code == 200
    refused = _asks(view, "203.0.113.3")
    assert (refused.status_code, refused.headers["Retry-After"]) == (429, "60")
    assert "一分钟内的请求过多" in refused.content.decode()
    assert _asks(view, method="get").status_code == 200, "a page that computes nothing is free"
    clock.go_on(60)
    assert _asks(view).status_code == 200


def test_a_page_that_computes_when_it_is_read_has_a_budget_of_its_reads(clock: Any) -> None:
    clock.stand_at(10, period=60)
    view = Budget(each=2, all_=9, at_once=9).spends_reads(_view)
    assert [_asks(view, method="get").status_code for _ in range(3)] == [200, 200, 429]
    assert "打开这类网页过多" in _asks(view, method="get").content.decode()
    assert _asks(view, "203.0.113.2", "get").status_code == 200


def test_so_many_answers_are_worked_out_at_once() -> None:
    begun, end = threading.Event(), threading.Event()

    def long(request: HttpRequest) -> HttpResponse:
        begun.set()
        end.wait()
        return _view(request)

    budget = Budget(each=9, all_=9, at_once=1)
    with ThreadPoolExecutor(1) as threads:
        first = threads.submit(_asks, budget.spends(long))
        begun.wait()
        refused = _asks(budget.spends(_view))
        assert (refused.status_code, refused.headers["Retry-After"]) == (503, "3")
        assert "同时计算的人较多" in refused.content.decode()
        end.set()
        assert first.result().status_code == 200
    assert _asks(budget.spends(_view)).status_code == 200


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("path", "most"), [("/shanghai/route", 60), ("/shanghai/assess", 600), ("/compare/", 600)]
)
def test_the_public_pages_have_budgets(
    client: Client, monkeypatch: pytest.MonkeyPatch, path: str, most: int
) -> None:
    asked: list[int] = []

    def spent(budget: Budget, source: str, minute: int) -> bool:
        del source, minute
        asked.append(budget.each)
        return False

    monkeypatch.setattr(Budget, "takes", spent)
    assert client.post(path, {}).status_code == 429
    assert asked == [most]


@pytest.mark.django_db
def test_pages_of_consultations_have_a_budget_of_their_reads(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Budget, "takes", lambda *_: False)
    key = "0" * 32
    for path in (f"/consultations/{UUID(key)}/", f"/consultations/{UUID(key)}/revisions/2"):
        assert client.get(path).status_code == 429, path


# ----------------------------------------------------------------------------------------- settings


def test_numbers_of_an_installation_are_whole_and_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    asked = ("JIFEN_THREADS", 32, 512, "how many threads answer requests")
    for given, number in (("", 32), ("1", 1), ("512", 512)):
        monkeypatch.setenv("JIFEN_THREADS", given)
        assert environment.read_whole_number(*asked) == number
    for wrong in ("0", "513", "-1", "x", "1.5", "١"):
        monkeypatch.setenv("JIFEN_THREADS", wrong)
        with pytest.raises(ImproperlyConfigured, match="a whole number from 1 to 512"):
            environment.read_whole_number(*asked)
