"""The text of a clause stands beside its rule, as the city's folder has it; nothing is made up."""

import re

import pytest
from django.test import Client
from django.urls import reverse

from jifen.office.web.studio.clause_words import ClauseWords, read_clause_words
from jifen.office.workshop.revisions import measure_at
from jifen.policy.book import book_fragment
from jifen.policy.model import Source
from tests.world.studio import Studio

QUOTE = "indicators.education.clause.quote"
WORDS = "持证人取得博士学位的，积110分。"


def test_words_are_those_of_the_element() -> None:
    element = {
        "clause": {
            "article": {"zh": "第七条", "en": "Art. 7"},
            "confidence": "unsure",
            "quote": WORDS,
        },
        "sources": ["S9", "S9", "S404"],
        "note": {"zh": "另见 S9。", "en": "See S9."},
    }
    shown = read_clause_words(element, [Source("S9", "hahafu.net.cn/html (2019)", "")], "zh")
    assert shown == ClauseWords(
        "第七条",
        "条款序号待核实",
        WORDS,
        ("hahafu.net.cn (2019)", "S404"),
        "另见 hahafu.net.cn (2019)。",
    )


def test_nothing_is_said_of_what_is_not_known() -> None:
    assert read_clause_words({"clause": None, "note": None}, [], "en") == ClauseWords()


@pytest.mark.django_db
def test_the_clause_stands_beside_its_rule_and_its_words_are_typed_in_the_table(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    place = "jifen.office.accounts.signin.middleware.needs_second_factor"
    monkeypatch.setattr(place, lambda _: False)
    studio, client = Studio(), Client()
    client.force_login(studio.drafter)
    page = client.get(reverse("studio_draft", args=[studio.key])).content.decode()
    card = _card(page)
    article = re.search(r'clause-number"><b>(第.条)', card)
    assert article is not None
    assert "城市文件夹里没有条文原文。" in card
    assert "来源和备注" in card
    assert f'name="c:{QUOTE}"' in card
    studio.save({QUOTE: WORDS})
    card = _card(client.get(reverse("studio_draft", args=[studio.key])).content.decode())
    assert f'<blockquote class="clause-quote" lang="zh-CN">{WORDS}</blockquote>' in card
    policy = measure_at(studio.draft, studio.head()).policy
    assert policy is not None
    assert WORDS in str(book_fragment(policy, (), "zh", on=studio.draft.on))


def _card(page: str) -> str:
    return page.split('id="k-indicators-education"')[1].split("</article>", maxsplit=1)[0]
