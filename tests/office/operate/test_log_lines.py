"""Lines of the log say what happened and where; a name, a number or a secret stands in none."""

import io
import json
import logging
import re
from collections.abc import Iterator
from typing import Any
from uuid import UUID

import pytest
from django.db import IntegrityError, OperationalError
from django.http import HttpRequest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver
from django.urls.resolvers import RoutePattern
from pytest_django import Settings

from jifen.office.operate.log_lines import JsonLines, TextLines, describe_errors
from jifen.office.site import worker, worker_steps
from jifen.office.site.settings import watching
from jifen.office.web.public.views import home
from tests.world.office import Office

pytestmark = pytest.mark.django_db
NAME, IDENTITY, PHONE, SECRET = "马标记", "310101199001011234", "13800138000", "Marked-secret-77"
MARKS = (NAME, IDENTITY, PHONE, SECRET, "%E9%A9%AC")
_PLACES = re.compile(r"<(?:(\w+):)?\w+>")


@pytest.fixture(autouse=True)
def _staff_have_a_second_factor(monkeypatch: pytest.MonkeyPatch) -> None:
    gate = "jifen.office.accounts.signin.middleware.needs_second_factor"
    monkeypatch.setattr(gate, lambda _: False)


class Journal:
    """What was logged, as the lines of an installation."""

    def __init__(self) -> None:
        self.stream = io.StringIO()

    @property
    def text(self) -> str:
        """Everything."""
        return self.stream.getvalue()

    @property
    def lines(self) -> list[dict[str, Any]]:
        """Each line, read."""
        return [json.loads(line) for line in self.text.splitlines()]


@pytest.fixture
def journal() -> Iterator[Journal]:
    """Every logger writes to it, as in production."""
    found = Journal()
    handler = logging.StreamHandler(found.stream)
    handler.setFormatter(JsonLines())
    names = ("", "django", "django.request", "django.security")
    loggers = [logging.getLogger(name) for name in names]
    access, level = logging.getLogger("jifen.access"), logging.getLogger("jifen.access").level
    access.setLevel(logging.INFO)
    for logger in loggers:
        logger.addHandler(handler)
    yield found
    access.setLevel(level)
    for logger in loggers:
        logger.removeHandler(handler)


def _addresses() -> list[str]:
    """An address of every pattern, with marked text wherever it takes some."""
    found, waiting = [], [("/", entry) for entry in get_resolver().url_patterns]
    while waiting:
        before, entry = waiting.pop()
        if not isinstance(entry.pattern, RoutePattern):
            continue  # the library's own, whose parts are keys in a link
        route = before + _PLACES.sub(_mark_place, str(entry.pattern))
        if isinstance(entry, URLResolver):
            waiting += [(route, inner) for inner in entry.url_patterns]
        elif isinstance(entry, URLPattern):
            found.append(route)
    return found


def _mark_place(place: re.Match[str]) -> str:
    kind = place[1] or "str"
    if kind == "uuid":
        return str(UUID(int=7))
    if kind in ("int", "number"):
        return IDENTITY
    return SECRET if kind == "slug" else f"{NAME}{IDENTITY}"


def _knock(client: Client, address: str) -> None:
    """A look and a form, with marks in the query, the fields and the heads."""
    fields = {"name": NAME, "identity": IDENTITY, "phone": PHONE, "password": SECRET, "login": NAME}
    heads = {"Referer": f"https://site/{IDENTITY}", "User-Agent": SECRET, "X-Request-ID": SECRET}
    client.get(address, fields, headers=heads)
    client.post(address, fields, headers=heads)


@pytest.mark.parametrize("who", ["nobody", "clerk", "person"])
def test_marked_data_through_every_door_stands_in_no_line(journal: Journal, who: str) -> None:
    office = Office()
    client = Client(raise_request_exception=False)
    if who != "nobody":
        client.force_login({"clerk": office.clerk, "person": office.person_user}[who])
    addresses = _addresses()
    assert len(addresses) > 150
    for address in addresses:
        _knock(client, address)
    assert len(journal.lines) >= 2 * len(addresses)
    assert [mark for mark in MARKS if mark in journal.text] == []


class _Refusing:
    """A function that fails as a database does: with the values of the row in its words."""

    def __init__(self, error: type[Exception]) -> None:
        self.error, self.__name__ = error, "refusing"

    def __call__(self, *_: object, **__: object) -> Any:
        raise self.error(f"Key (name)=({NAME}) {IDENTITY} exists") from ValueError(SECRET)


@pytest.mark.parametrize("error", [IntegrityError, OperationalError, KeyError])
def test_a_page_that_fails_is_logged_by_its_places(
    journal: Journal, monkeypatch: pytest.MonkeyPatch, error: type[Exception]
) -> None:
    monkeypatch.setattr(home, "page", _Refusing(error))
    answer = Client(raise_request_exception=False).get(f"/?name={NAME}")
    number = answer.headers["X-Request-ID"]
    assert answer.status_code in (500, 503)
    assert number in answer.content.decode()
    assert {line["request"] for line in journal.lines} == {number}
    assert any(line["level"] == "error" for line in journal.lines)
    if answer.status_code == 500:
        (failed,) = [line for line in journal.lines if "errors" in line]
        assert failed["message"] == "500 at /"
        assert failed["errors"][0]["type"].endswith(error.__name__)
        assert "jifen/office/web/public/views/home.py" in str(failed["errors"][0]["places"])
        assert failed["errors"][1]["type"] == "builtins.ValueError"
    assert [mark for mark in MARKS if mark in journal.text] == []


def test_a_step_of_the_worker_that_fails_is_named(
    journal: Journal, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(worker_steps, "QUICK_STEPS", [_Refusing(IntegrityError)])
    assert worker._run_steps(worker._get_steps(quick=True), None) == (0, ["refusing"])
    (line,) = journal.lines
    assert (line["message"], line["level"]) == ("refusing failed", "error")
    assert [mark for mark in MARKS if mark in journal.text] == []


def test_other_libraries_are_kept_to_their_fixed_words(journal: Journal) -> None:
    other = logging.getLogger("urllib3.connectionpool")
    other.warning("Retrying %s", f"/send?phone={PHONE}")
    other.warning(f"sent to {PHONE}")
    first, second = journal.lines
    assert first["message"].startswith("Retrying %s (test_log_lines.py:")
    assert second["message"].startswith("test_log_lines.py:")
    assert PHONE not in journal.text


@pytest.mark.parametrize(
    ("said", "shown"),
    [
        (f"person {IDENTITY} is there", "person … is there"),
        ("person 31010119900101123X", "person …"),
        (f"call {PHONE}", "call …"),
        ("case SH2025000000007", "case SH2025000000007"),
        ("1,234 of 5 rows in 20261130", "1,234 of 5 rows in 20261130"),
        ("request 7390444ad2a846c390ea972e0534aee5", "request 7390444ad2a846c390ea972e0534aee5"),
    ],
)
def test_digits_of_a_person_are_masked(journal: Journal, said: str, shown: str) -> None:
    logging.getLogger("jifen.web").warning("%s", said)
    assert journal.lines[0]["message"] == shown


def test_a_request_has_a_line_with_its_account_and_pattern(journal: Journal) -> None:
    office = Office()
    client = Client()
    client.force_login(office.clerk)
    client.get(f"/desk/?q={SECRET}")
    client.get("/static/web/jifen.css")
    client.generic("MARKED", "/")
    looked, static, odd = [line for line in journal.lines if line["logger"] == "jifen.access"]
    assert (looked["method"], looked["status"]) == ("GET", 200)
    assert looked["route"] == "/desk/"
    assert looked["account"] == office.clerk.pk
    assert looked["milliseconds"] > 0
    assert (static["route"], static["account"]) == ("/static/", None)
    assert odd["method"] == "other"


@pytest.mark.parametrize(("proxies", "believed"), [(0, False), (1, True)])
def test_only_a_proxy_of_our_own_numbers_requests(
    settings: Settings, proxies: int, believed: bool
) -> None:
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = proxies
    given = "0123456789abcdef0123456789abcdef"
    answer = Client().get("/healthz", headers={"X-Request-ID": given})
    assert (answer.headers["X-Request-ID"] == given) is believed
    forged = Client().get("/healthz", headers={"X-Request-ID": f"{given}\r\nx"})
    assert re.fullmatch("[0-9a-f]{32}", forged.headers["X-Request-ID"])


def test_lines_to_read_have_words_of_errors_in_a_sandbox_only() -> None:
    with pytest.raises(KeyError) as caught:
        _Refusing(KeyError)()
    assert len(describe_errors(caught.value)) == 2
    record = logging.makeLogRecord(
        {"name": "jifen.web", "msg": "it failed", "exc_info": (KeyError, caught.value, caught.tb)}
    )
    assert NAME in TextLines(show_errors=True).format(record)
    shown = TextLines().format(record)
    assert NAME not in shown
    assert shown.splitlines()[1:2] == ["  builtins.KeyError"]
    assert "test_log_lines.py" in shown


def test_a_request_without_an_address_of_ours_has_no_pattern() -> None:
    from jifen.office.operate.current_request import find_route

    request = HttpRequest()
    request.path_info = f"/{IDENTITY}"
    assert find_route(request) == "none"


def test_every_logger_has_a_handler_that_formats_its_lines() -> None:
    """A logger that nobody configured would print its words as they are."""
    assert watching.LOGGING["root"] == {"handlers": ["stderr"], "level": "WARNING"}
    formatters: Any = watching.LOGGING["formatters"]
    assert {form["()"].rpartition(".")[0] for form in formatters.values()} == {
        "jifen.office.operate.log_lines"
    }
