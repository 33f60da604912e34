"""The policy book: everything is on the page, in order, escaped, in both languages."""

import re
from dataclasses import dataclass, field
from datetime import date
from html.parser import HTMLParser
from typing import Any

import pytest

from jifen.cities import index, load
from jifen.cities.worked_cases import load_cases
from jifen.policy import Lang, Policy, Text
from jifen.policy.book import book_fragment, book_page, diff_fragment, timeline_fragment
from jifen.policy.book.timeline import shorten_label
from tests.policy.faults import changed, policy

VERSIONS = [(city.id, v.version) for city in index().values() for v in city.versions]


class _Page(HTMLParser):
    """Headings, ids, links and attributes of a page; tags that are not closed in order."""

    void = frozenset({"meta", "link", "br", "line", "rect", "img"})

    def __init__(self, html: str) -> None:
        super().__init__()
        self.levels: list[int] = []
        self.ids: list[str] = []
        self.links: list[str] = []
        self.attributes: set[str] = set()
        self.tags: list[str] = []
        self._open: list[str] = []
        self.crossed: list[str] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        if re.fullmatch(r"h[1-6]", tag):
            self.levels.append(int(tag[1]))
        for name, value in attrs:
            self.attributes.add(name)
            if name == "id":
                self.ids.append(value or "")
            if name == "href":
                self.links.append(value or "")
        if tag not in self.void:
            self._open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if tag in self.void:
            return
        if self._open[-1:] != [tag]:
            self.crossed.append(tag)
        else:
            self._open.pop()


def _well_formed(html: str) -> _Page:
    page = _Page(html)
    assert page.crossed == []
    assert "script" not in page.tags
    assert "style" not in page.attributes
    assert len(page.ids) == len(set(page.ids))
    steps = zip([1, *page.levels], page.levels, strict=False)
    assert all(new <= old + 1 for old, new in steps)
    return page


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize(("city", "version"), VERSIONS)
def test_a_shipped_policy_is_a_well_formed_page(city: str, version: str, lang: Lang) -> None:
    page = _well_formed(book_fragment(load(city, version), load_cases(city, version), lang))
    assert set(page.levels) == {2, 3, 4}
    assert {link.removeprefix("#") for link in page.links} <= set(page.ids)


@pytest.mark.parametrize(("city", "version"), VERSIONS)
def test_every_element_of_a_shipped_policy_is_on_its_page(city: str, version: str) -> None:
    made = load(city, version)
    page = _Page(book_fragment(made, load_cases(city, version), "zh"))
    rules = made.rules_on(made.since)
    expected = {f"indicator-{i.id}" for i in rules.indicators}
    expected |= {f"condition-{r.id}" for r in rules.requirements}
    expected |= {f"overlay-{o.id}" for o in made.overlays}
    expected |= {f"switch-{s.id}" for s in made.switches}
    expected |= {f"source-{s.id}" for s in made.sources}
    expected |= {f"example-{c.id}" for c in load_cases(city, version)}
    assert {f"book-{city}-{version}-{ident}" for ident in expected} <= set(page.ids)


@pytest.mark.parametrize(("city", "version"), VERSIONS)
def test_a_source_is_its_title_and_never_a_key_of_the_dossier(city: str, version: str) -> None:
    shipped = load(city, version)
    text = re.sub(r"<[^>]*>", " ", book_fragment(shipped, load_cases(city, version), "zh"))
    keys = {source.id for source in shipped.sources}
    assert not [key for key in keys if re.search(rf"\b{key}\b", text)]
    assert any(source.where[:12] in text for source in shipped.sources)


def test_a_long_page_begins_with_its_contents() -> None:
    made = load("shanghai", "2018")
    head = book_fragment(made, (), "zh").split('class="book-contents"')[1].split("</nav>")[0]
    for indicator in made.rules_on(date(2025, 6, 1)).indicators:
        assert f'href="#book-shanghai-2018-indicator-{indicator.id}"' in head
    for part in ("decision", "conditions", "overlays", "switches", "cliffs", "sources"):
        assert f'href="#book-shanghai-2018-part-{part}"' in head
    assert "part-examples" not in head


def test_what_is_not_known_is_said() -> None:
    html = book_fragment(policy(), (), "zh")
    assert "文号未查到" in html
    assert html.count("※ 条款序号、分值或期限有待与正式文本核对。") == 1
    assert "number not found" in book_fragment(policy(), (), "en")


def test_what_is_not_certain_has_one_quiet_mark_with_its_words() -> None:
    html = book_fragment(policy(), (), "zh")
    marks = re.findall(
        r'class="to-check" title="([^"]+)"><span [^>]*>※</span>([^※]*?)</span>', html
    )
    for words in ("规则较可能", "规则待核实"):
        assert any(said.endswith(words) for said, _ in marks)
    assert all(words in spoken for words, spoken in marks)
    assert "把握程度" not in html
    assert "Confidence" not in book_fragment(policy(), (), "en")


def test_a_dated_change_is_shown_before_and_after() -> None:
    html = book_fragment(policy(), (), "zh")
    overlay = html[html.index('class="overlay"') : html.index('class="switch"')]
    assert "从 36 到 45 周岁：40 分" in overlay
    assert "从 36 到 45 周岁：45 分（其余不变）" in overlay


def test_a_switch_marks_its_default_and_says_what_the_other_reading_changes() -> None:
    html = book_fragment(policy(), (), "en")
    switch = html[html.index('class="switch"') :]
    assert re.search(r'class="switch-default">\s*Capped \(default\)', switch)
    assert "at most: 60 points" in switch


def test_the_rules_are_those_of_the_day_that_is_asked_for() -> None:
    assert "45 分" in book_fragment(policy(), (), "zh", on=date(2022, 6, 1))


@dataclass
class _Case:
    id: str = "one"
    label: Text = field(default_factory=lambda: Text("例一", "One"))
    on: date = date(2021, 6, 1)
    readings: dict[str, str] = field(default_factory=lambda: {"insurance_cap": "open"})
    own_facts: dict[str, Any] = field(
        default_factory=lambda: {
            "education": "bachelor",
            "permit_valid": "true",
            "insured_months": "absent",
            "base_ratio": None,
            "contributions": [{"from": "2020-01", "to": "2021-05", "base": "9000"}],
        }
    )
    expect: dict[str, Any] = field(
        default_factory=lambda: {"total": "20", "lines": {"education": "20"}, "reached": None}
    )
    source: Text = field(default_factory=lambda: Text("测试", "a test"))


def test_an_example_is_told_in_words_and_not_in_ids() -> None:
    html = book_fragment(policy(), [_Case()], "zh")
    example = html[html.index('class="example"') :]
    assert "insured_months" not in example
    for words in ("本科", "是", "未知", "不适用", "2020-01 – 2021-05 正常缴纳", "20 分", "不封顶"):
        assert words in example
    assert "尚不能确定" in example


def test_words_of_a_policy_are_escaped() -> None:
    html = book_fragment(changed(("zh: 年龄,", "zh: <b>年龄</b>,")), (), "zh")
    assert "<b>年龄</b>" not in html
    assert "&lt;b&gt;年龄&lt;/b&gt;" in html


def test_the_page_stands_alone() -> None:
    html = book_page(policy(), (), "zh")
    page = _Page(html)
    assert page.levels[:2] == [1, 2]
    assert "link" not in page.tags
    assert "http" not in html.replace("http://www.w3.org/2000/svg", "")
    assert "@media print" in html


def _versions(city: str) -> list[Policy]:
    return [load(city, version.version) for version in index()[city].versions]


def test_the_timeline_says_in_a_table_what_it_draws() -> None:
    html = timeline_fragment(_versions("shanghai"), "en")
    _well_formed(html)
    assert html.count("<rect") == html.count('<th scope="row">') == 6
    assert "2024-08-21" in html


def test_the_difference_is_a_table_of_words_and_points() -> None:
    old, new = _versions("shanghai")[:2]
    html = diff_fragment(old, new, "zh")
    _well_formed(html)
    assert "新增：指标“创业人才”" in html
    assert "0 分 → 120 分（+120）" in html


def test_two_equal_versions_have_no_difference() -> None:
    assert "没有差异" in diff_fragment(policy(), policy(), "zh")


def test_a_caption_does_not_say_the_same_twice() -> None:
    html = book_fragment(load("shanghai", "2018"), (), "zh")
    for first, second in re.findall(r"<caption>([^<：]+)：([^<]+)</caption>", html):
        assert first != second


def test_a_label_that_does_not_fit_is_shortened_and_said_in_full_on_a_pointer() -> None:
    assert shorten_label("上海市居住证积分", 200) == "上海市居住证积分"
    assert shorten_label("上海市居住证积分", 60) == "上海市居…"
    html = timeline_fragment(_versions("shanghai"), "en")
    for full in re.findall(r"…<title>([^<]+)</title>", html):
        assert f'<th scope="row">{full}</th>' in html


def test_a_bar_that_is_open_ends_in_an_arrow_inside_the_drawing() -> None:
    html = timeline_fragment(_versions("shanghai"), "zh")
    ends = re.findall(r'points="[\d.]+,\d+ ([\d.]+),', html)
    assert ends
    assert max(map(float, ends)) <= 700


def test_the_difference_has_a_label_in_every_cell_and_a_dash_for_no_points() -> None:
    html = diff_fragment(load("chengdu", "2020"), load("chengdu", "2024"), "zh")
    _well_formed(html)
    body = html[html.index("<tbody>") :]
    assert body.count("<td") == body.count('<td data-label="')
    assert "不涉及" not in html
    assert body.count("新增：指标组") <= 1
