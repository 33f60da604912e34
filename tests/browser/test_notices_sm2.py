"""The page that checks notices without the network, with a key of SM2: browsers have none."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.hashes import SM3, Hash
from django.test import Client
from playwright.sync_api import Browser, Page, expect

from jifen.office.notices import publication
from jifen.office.notices.key_file import generate_key_file, key_file
from jifen.office.notices.keys import load_notice_keys
from jifen.office.vault.ciphers import NATIONAL
from jifen.statements.statement import Statement
from tests.world.office import today

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]  # after all others
LENGTHS = (0, 3, 55, 56, 63, 64, 65, 119, 120, 500)
"""Bytes at which the blocks of a hash end."""


@pytest.fixture
def kept_page(settings: Any, tmp_path: Path, chromium: Browser) -> Iterator[Page]:
    """The page of an office that signs by SM2, opened from the disk with the network off."""
    file = tmp_path / "notice-keys.json"
    file.write_text(generate_key_file("浦东新区", suite=NATIONAL), encoding="utf-8")
    file.chmod(0o600)
    settings.JIFEN_NOTICE_KEYS = str(file)
    key_file.cache_clear()
    publication._build_list_of_minute.cache_clear()
    page = tmp_path / "kept.html"
    page.write_bytes(Client().get("/v/offline.html").content)
    context = chromium.new_context(offline=True)
    opened = context.new_page()
    opened.goto(page.as_uri())
    yield opened
    context.close()


@pytest.fixture(autouse=True)
def other_keys_afterwards() -> Any:
    yield
    key_file.cache_clear()
    publication._build_list_of_minute.cache_clear()


def check(page: Page, text: str) -> None:
    page.get_by_role("textbox").fill(text)
    page.get_by_role("button", name="查验").click()


def test_a_statement_by_sm2_is_checked_without_the_network(kept_page: Page) -> None:
    statement = Statement(
        city="shanghai",
        office="浦东新区",
        number="SH-2026-000001",
        kind="notice",
        name="王*春",
        result="reached",
        line="120",
        on=today(),
        until=today() + timedelta(days=100),
        index=1,
    )
    text = statement.sign_with(load_notice_keys())
    check(kept_page, text)
    result = kept_page.locator("#result")
    expect(result).to_contain_text("SH-2026-000001")
    expect(result.locator(".state")).to_contain_text("签名真实，在有效期内")
    head, claims, signature = text.split(".")
    other = "B" if signature[5] == "A" else "A"
    check(kept_page, f"{head}.{claims}.{signature[:5]}{other}{signature[6:]}")
    expect(result.locator(".state")).to_contain_text("不要采信")


def test_the_hash_of_the_page_is_sm3(kept_page: Page) -> None:
    for length in LENGTHS:
        content = bytes(number % 251 for number in range(length))
        digest = Hash(SM3())
        digest.update(content)
        script = "(bytes) => Array.from(jifenSm2.sm3(Uint8Array.from(bytes)))"
        assert bytes(kept_page.evaluate(script, list(content))) == digest.finalize(), length
