"""Keys of the dossier do not stand on a page; where a text was seen does."""

import re

import pytest
from django.test import Client

from jifen.entitlements import load_entitlements
from jifen.office.web.citations import cited
from jifen.policy.model import Source
from jifen.policy.source_titles import format_source_title, name_sources_in
from tests.people.answers import SHANGHAI

PAGE = Source("S40", "m.021shhk.com/html/news/rddd/399.html (2025-10-23)", "")
LAW = Source("S6", "国务院令第663号《居住证暂行条例》", "arts. 2, 9")
NO_DATE = Source("S38", "hfnuidl.cn/html/juzhuanhu/bszn/3632.html", "quotes Art. 28")


def test_a_page_is_its_host_with_its_date_and_an_instrument_its_title() -> None:
    assert format_source_title(PAGE) == "m.021shhk.com (2025-10-23)"
    assert format_source_title(NO_DATE) == "hfnuidl.cn"
    assert format_source_title(LAW) == "国务院令第663号《居住证暂行条例》"


def test_keys_of_a_citation_are_titles_and_clauses_stay() -> None:
    sources = (PAGE, NO_DATE)
    assert cited("S38; S40", sources, "zh") == "hfnuidl.cn；m.021shhk.com (2025-10-23)"
    assert cited("第十二条 / Art. 12", sources, "en") == "Art. 12"
    assert cited("第十二条 / Decree 663 Art. 12 (S6)", (LAW,), "en") == "Decree 663 Art. 12"
    assert cited("own rule", sources, "zh") == "own rule"
    assert cited("rules Art. 12, 16 (S38; S40)", sources, "zh") == "rules Art. 12, 16"
    law = "国务院令第663号《居住证暂行条例》 arts. 2, 9"
    assert cited("S6 arts. 2, 9; S38", (LAW, *sources), "en") == f"{law}; hfnuidl.cn"
    assert cited("S38 (the list); S40", sources, "zh") == (
        "hfnuidl.cn (the list)；m.021shhk.com (2025-10-23)"
    )


def test_keys_in_a_note_are_titles_and_what_is_no_key_stays() -> None:
    note = "满 2 年（S40、S38）；另见 S6，A4 纸，(S99)"
    words = name_sources_in(note, (PAGE, NO_DATE, LAW), "zh")
    assert words == (
        "满 2 年（m.021shhk.com (2025-10-23)、hfnuidl.cn）；"
        "另见 国务院令第663号《居住证暂行条例》，A4 纸，(S99)"
    )


@pytest.mark.parametrize("city", ["shanghai", "chengdu"])
def test_no_key_stands_on_the_pages_of_a_city(visitor: Client, city: str) -> None:
    keys = {source.id for source in load_entitlements(city).sources}
    pages = [visitor.get(f"/{city}/opens/")]
    pages += [visitor.post(f"/{city}/{name}", SHANGHAI) for name in ("route", "cards")]
    pages.append(visitor.post(f"/{city}/", SHANGHAI | {"walk.at": "result"}))
    for page in pages:
        words = re.sub(r"<[^>]*>", " ", page.content.decode())
        assert keys & set(re.findall(r"\b[SMR]\d{1,3}[a-z]?\b", words)) == set()


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("city", ["shanghai", "chengdu", "beijing", "guangzhou"])
def test_no_key_stands_beside_the_rules_of_lists(visitor: Client, city: str, lang: str) -> None:
    text = visitor.get(f"/{city}/lists/?lang={lang}").content.decode()
    words = re.sub(r"<[^>]*>", " ", text)
    assert re.findall(r"(?<![\w./-])[SMR]\d{1,3}[a-z]?\b", words) == []
