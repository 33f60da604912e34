"""Nothing of a visitor is kept, sent elsewhere or put into an address."""

import logging
import re

import pytest
from django.apps import apps
from django.test import Client

from tests.people.answers import SHANGHAI


def test_headers_shut_out_what_the_pages_do_not_need(visitor: Client) -> None:
    response = visitor.get("/shanghai/")
    policy = response.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "script-src 'self'" in policy
    assert "style-src 'self'" in policy
    assert "unsafe" not in policy
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    assert response.headers["X-Frame-Options"] == "DENY"
    assert response.headers["Referrer-Policy"] == "same-origin"
    assert response.headers["Cache-Control"] == "private, no-cache"


def test_every_page_after_the_first_carries_the_same_policy(visitor: Client) -> None:
    first = visitor.get("/").headers["Content-Security-Policy"]
    assert visitor.get("/nowhere/").headers["Content-Security-Policy"] == first


@pytest.mark.parametrize("page", ["/", "/shanghai/", "/shanghai/policy/2018/", "/compare/"])
def test_no_page_holds_inline_script_or_style_or_foreign_addresses(
    visitor: Client, page: str
) -> None:
    text = visitor.get(page).content.decode()
    assert not re.search(r"\sstyle=|<style|\son[a-z]+=|javascript:", text)
    assert all('src="/static/' in tag for tag in re.findall(r"<script[^>]*>", text))
    assert not re.search(r'(?:src|href|action)="https?://', text)


def test_an_assessment_stores_nothing_and_sets_no_cookie(visitor: Client) -> None:
    before = {model: model._default_manager.count() for model in apps.get_models()}
    for path in ("/shanghai/", "/shanghai/assess", "/shanghai/save", "/compare/"):
        response = visitor.post(path, SHANGHAI)
        assert response.status_code == 200
        assert not response.cookies
    assert {model: model._default_manager.count() for model in apps.get_models()} == before


def test_facts_stand_in_no_address_and_in_no_log(
    visitor: Client, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    text = visitor.post("/shanghai/", SHANGHAI | {"insured_months": "7777"}).content.decode()
    addresses = re.findall(r'(?:href|action|formaction|hx-post)="([^"]*)"', text)
    assert not [a for a in addresses if "1990" in a or "7777" in a]
    assert "1990-05-01" not in caplog.text
    assert "7777" not in caplog.text
