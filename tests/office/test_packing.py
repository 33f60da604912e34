"""Public pages go compressed; a page on which a secret may stand never does."""

import gzip
import re
from collections.abc import Iterator
from typing import Any

import pytest
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import get_token
from django.test import Client, RequestFactory
from django.urls import resolve, reverse

from jifen.office.web.packing import PACKED, may_be_packed
from jifen.office.web.permissions import EVERYBODY, TABLE
from tests.people.answers import SHANGHAI

TAKES = {"Accept-Encoding": "gzip"}
PAGES = {
    "home": "/",
    "assess": "/shanghai/",
    "whole": "/shanghai/all/",
    "offline": "/offline/",
    "privacy": "/privacy/",
    "accessibility": "/accessibility/",
    "sitemap": "/sitemap.xml",
    "questions": "/shanghai/questions/",
    "compare": "/compare/",
    "opens": "/shanghai/opens/",
    "offices": "/shanghai/offices/",
    "consultations": "/consultations/",
    "versions": "/shanghai/policy/",
    "book": "/shanghai/policy/2018/",
    "diff": "/shanghai/policy/2015/2018/",
}
POSTED = {
    "update": "/shanghai/assess",
    "route": "/shanghai/route",
    "load": "/shanghai/load",
    "cards": "/shanghai/cards",
    "dates": "/shanghai/dates",
}

BELOW = SHANGHAI | {"education": "college", "title": "none", "insured_months": "36"}
"""Somebody below the line, who has a way to go: more than a few words."""


def answers() -> Iterator[tuple[str, Any, Any]]:
    """Every page that may be compressed, as it comes to somebody who takes no compression and to
    somebody who does."""
    visitor = Client()
    for name, address in PAGES.items():
        yield name, visitor.get(address), visitor.get(address, headers=TAKES)
    for name, address in POSTED.items():
        plain, packed = (visitor.post(address, BELOW, headers=h) for h in ({}, TAKES))
        yield name, plain, packed


def test_every_page_of_the_list_is_compressed_and_says_the_same(db: None) -> None:
    seen = set()
    for name, plain, packed in answers():
        seen.add(name)
        assert packed.headers["Content-Encoding"] == "gzip", name
        assert "Accept-Encoding" in packed.headers["Vary"], name
        assert gzip.decompress(packed.content) == plain.content, name
        # the random length that hides the true one is up to 100 bytes of it
        assert len(packed.content) < 0.6 * len(plain.content), name
        assert "Content-Encoding" not in plain.headers, name
    assert seen == PACKED


def test_no_page_of_the_list_holds_a_token_or_a_cookie_that_is_a_secret(db: None) -> None:
    for name, plain, packed in answers():
        text = plain.content.decode()
        assert "csrfmiddlewaretoken" not in text, name
        assert not re.search(r"nonce=|X-CSRFToken", text), name
        secret = {settings.SESSION_COOKIE_NAME, settings.CSRF_COOKIE_NAME}
        assert not secret & packed.cookies.keys(), name


def test_the_list_holds_public_pages_only() -> None:
    assert all(TABLE[name] is EVERYBODY for name in PACKED)
    # people are named in lists, and what is behind a code or a share is its holder's
    private = {"list", "lists", "verify", "verified", "share", "sandbox", "calendar_feed"}
    assert not private & PACKED


UNPACKED = {
    "a token, or an address of somebody's own, stands in it": (
        *("consultation", "consultation_comment", "consultation_done", "consultation_support"),
        *("consultation_confirm", "consultation_score", "consultation_revision"),
        *("consultation_leave", "subscribe", "sandbox", "sandbox_phone", "calendar_feed"),
        *("sandbox_clock", "sandbox_stories"),
    ),
    "people are named in it, or it is behind a code of theirs": (
        *("lists", "list", "list_signature", "verify", "verified", "share"),
        *("notice_offline", "notice_revoked"),
    ),
    "it was signed, or is a file, and goes as its bytes are": (
        *("edition", "edition_text", "edition_statement", "edition_folder", "notice_keys"),
        *("notice_credential_kind", "notice_issuer", "consultation_statement", "consultation_pdf"),
        *("consultation_attachment", "consultation_json", "consultation_csv", "save"),
    ),
    "it is a few words, a picture, or packed when it is written": (
        *("healthz", "readyz", "robots", "favicon"),
        *("device", "screens", "module", "service_worker"),
    ),
}
"""Why a public address is not in the list."""


def test_every_public_address_is_compressed_or_says_why_not() -> None:
    public = {name for name, audience in TABLE.items() if audience is EVERYBODY}
    named = [name for names in UNPACKED.values() for name in names]
    assert len(named) == len(set(named))
    assert not PACKED & set(named)
    assert public - PACKED == set(named)


def test_with_a_session_the_same_page_is_not_compressed(db: None) -> None:
    visitor = Client()
    visitor.cookies[settings.SESSION_COOKIE_NAME] = "x" * 32
    for address in PAGES.values():
        assert "Content-Encoding" not in visitor.get(address, headers=TAKES).headers


def test_pages_of_signing_in_and_of_papers_are_not_compressed(db: None) -> None:
    for address in ("/account/login/", reverse("verify"), "/shanghai/lists/"):
        response = Client().get(address, headers=TAKES)
        assert response.status_code == 200
        assert "Content-Encoding" not in response.headers, address


def asked(address: str) -> HttpRequest:
    request = RequestFactory().get(address, headers=TAKES)
    request.resolver_match = resolve(address)
    return request


def test_a_page_that_comes_to_hold_a_token_is_no_longer_compressed() -> None:
    request = asked("/")
    assert may_be_packed(request, HttpResponse("x"))
    get_token(request)
    assert not may_be_packed(request, HttpResponse("x"))


@pytest.mark.parametrize("name", ["SESSION_COOKIE_NAME", "CSRF_COOKIE_NAME"])
def test_a_page_that_gives_a_secret_cookie_is_not_compressed(name: str) -> None:
    response = HttpResponse("x")
    response.set_cookie(getattr(settings, name), "secret")
    assert not may_be_packed(asked("/"), response)


def test_errors_go_as_they_are() -> None:
    assert not may_be_packed(asked("/"), HttpResponse("x", status=404))
