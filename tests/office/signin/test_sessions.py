"""Sessions: their data are sealed, their cookies bound to the host."""

import importlib
import os

import pytest
from django.conf import settings
from django.contrib.messages import get_messages
from django.contrib.sessions.models import Session
from django.http import HttpRequest
from django.test import Client

from jifen.office.accounts.signin.sessions import SessionStore
from jifen.office.site.settings import safety, signin
from jifen.office.web.headers import PERMISSIONS
from jifen.office.web.signed import say
from jifen.policy.text import Text
from tests.world.office import user

pytestmark = pytest.mark.django_db
NUMBER = "310101199001010012"


def test_what_a_session_holds_is_not_readable_in_the_table() -> None:
    store = SessionStore()
    store["share"] = f"https://jifen.example/s/secret-{NUMBER}"
    store.save()
    kept = Session.objects.get(pk=store.session_key).session_data
    assert "secret" not in kept
    assert NUMBER not in kept
    assert SessionStore(store.session_key)["share"].endswith(NUMBER)


@pytest.mark.parametrize("kept", ["", "k1.AAAA", "k9.AAAA", "eyJhIjoxfQ:1w:x", "[1]"])
def test_a_session_that_cannot_be_opened_is_empty(kept: str) -> None:
    store = SessionStore()
    store["a"] = 1
    store.save()
    Session.objects.filter(pk=store.session_key).update(session_data=kept)
    assert dict(SessionStore(store.session_key).items()) == {}


def test_words_for_the_next_page_are_in_no_cookie() -> None:
    request = HttpRequest()
    request.session = SessionStore()
    request._messages = importlib.import_module(  # type: ignore[attr-defined] # as the middleware
        settings.MESSAGE_STORAGE.rpartition(".")[0]
    ).SessionStorage(request)
    say(request, Text(NUMBER, NUMBER))
    assert [str(message) for message in get_messages(request)] == [NUMBER]
    client = Client()
    client.force_login(user("somebody"))
    answer = client.post("/my/self", {"name": "王小明", "identity_number": NUMBER})
    assert set(answer.cookies) <= {"sessionid", "csrftoken"}
    assert NUMBER not in str(answer.cookies)


def test_pages_of_those_who_signed_in_stay_on_no_machine() -> None:
    client = Client()
    assert client.get("/shanghai/").headers["Cache-Control"] == "private, no-cache"
    client.force_login(user("somebody"))
    for address in ("/my/", "/shanghai/", "/account/sessions/"):
        assert "no-store" in client.get(address).headers["Cache-Control"], address


@pytest.mark.parametrize("address", ["/", "/shanghai/", "/account/login/", "/nowhere"])
def test_every_page_says_what_it_may_not_do(address: str) -> None:
    headers = Client().get(address).headers
    assert headers["Permissions-Policy"] == PERMISSIONS
    assert "camera=()" in PERMISSIONS
    assert headers["Cross-Origin-Resource-Policy"] == "same-origin"
    assert headers["Cross-Origin-Opener-Policy"] == "same-origin"


@pytest.mark.parametrize(("proxies", "believed"), [("0", False), ("1", True)])
def test_only_a_proxy_of_ones_own_is_believed(
    monkeypatch: pytest.MonkeyPatch, proxies: str, believed: bool
) -> None:
    with monkeypatch.context() as patch:
        for name, value in {
            "JIFEN_MODE": "production",
            "SECRET_KEY": "k" * 60,
            "JIFEN_KEYS": os.devnull,
            "ALLOWED_HOSTS": "jifen.example",
            "JIFEN_PROXIES": proxies,
        }.items():
            patch.setenv(name, value)
        production, of_signing_in = importlib.reload(safety), importlib.reload(signin)
        header = production.SECURE_PROXY_SSL_HEADER
        names = of_signing_in.SESSION_COOKIE_NAME, production.CSRF_COOKIE_NAME
    importlib.reload(safety)
    importlib.reload(signin)
    assert (header is not None) is believed
    assert all(name.startswith("__Host-") for name in names)
