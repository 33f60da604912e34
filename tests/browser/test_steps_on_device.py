"""A phone answers each step by itself: the same screen as the site's, and nothing is sent."""

from pathlib import Path
from random import Random
from typing import Any

import pytest
from django.test import Client
from playwright.sync_api import Page

from jifen.office.web.budget import ASSESSMENT
from tests.hypothesis_profiles import examples

pytestmark = pytest.mark.browser

WALKS = Path(__file__).with_name("on_device_walks.js")
NUMBERS = ("0", "3", "12", "36", "60", "120", "999999", "5年", "1.5", "10万")
TYPED = (*NUMBERS, "1990-05-01", "19850315", "2024-03-01", "2099-01-01", "abc", "")
LONGEST = 45
PLACES = [
    ("/shanghai/?lang=zh&view=standard", 1),
    ("/shanghai/?lang=en&view=elder", 2),
    ("/chengdu/?lang=zh&view=elder", 3),
    ("/chengdu/?lang=en&view=standard", 4),
]


def _pressed(random: Random, offers: dict[str, Any]) -> list[str]:
    """A button, mostly one that leads on; never those that only the site can follow."""
    buttons = [b for b in offers["buttons"] if b[1] not in ("paste", "day")]
    ahead = [b for b in buttons if b[1] not in ("back", "skip") and not b[1].startswith("edit:")]
    return list(random.choice(ahead if ahead and random.random() < 0.8 else buttons))


def _fields(random: Random, offers: dict[str, Any]) -> list[list[str]]:
    fields = [f for f in offers["fields"] if f[0] != "has" and f[0] not in offers["typed"]]
    fields += [[name, _typed(random, name)] for name in offers["typed"]]
    return fields + [["has", box] for box in offers["boxes"] if random.random() < 0.3]


MONTHS = ("2019-01", "202203", "2022-04", "2023-12", "2024-06", "2025-03", "至今", "now", "2031-01",
          "2020-13", "soon", "")  # fmt: skip
BASES = ("7310", "12307", "12,000", "1.2万", "30000", "many", "")
TYPED_ROWS = {"spell.from": MONTHS[:6] * 4 + MONTHS, "spell.to": MONTHS[1:8] * 4 + MONTHS,
              "spell.base": BASES[:5] * 4 + BASES, "spell.employer": ("甲公司", "")}  # fmt: skip


def _typed(random: Random, name: str) -> str:
    return random.choice(TYPED_ROWS.get(name, TYPED))


def _on_site(site: Client, address: str, fields: list[list[str]], pressed: list[str]) -> str:
    posted: dict[str, list[str]] = {}
    for name, value in [*fields, pressed]:
        posted.setdefault(name, []).append(value)
    response = site.post(address, posted)
    assert response.status_code == 200
    return response.content.decode()


@pytest.mark.parametrize(("address", "seed"), PLACES)
def test_every_step_is_that_of_the_site(page: Page, address: str, seed: int) -> None:
    page.goto(address)
    page.evaluate(WALKS.read_text(encoding="utf-8"))
    page.evaluate("walks.open()")
    path, random, site = page.evaluate("location.pathname"), Random(seed), Client()
    site.cookies.load({c["name"]: c["value"] for c in page.context.cookies()})
    ends = set[str]()
    for _ in range(examples(3, 40)):
        ASSESSMENT.empty()
        offers = page.evaluate("walks.step([[], null])")
        for _ in range(LONGEST):
            fields, pressed = _fields(random, offers), _pressed(random, offers)
            said = page.evaluate("walks.step", [fields, pressed])
            assert "ask" not in said, (pressed, said)
            html = _on_site(site, path, fields, pressed)
            expected = page.evaluate("walks.site", html)
            assert said["screen"] == expected["screen"], (pressed, fields)
            assert expected["title"].startswith(said["title"])
            ends.add(dict(said["fields"])["walk.at"])
            offers = said
    assert {"check", "result"} <= ends
