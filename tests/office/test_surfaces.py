"""Every surface says of a person what the standing says, and nothing else."""

import json
import re
from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jifen.cities import index
from jifen.cli.result_text import format_comparison, format_result
from jifen.office.casework.renewal.staff_outlook import describe_today
from jifen.office.casework.rules import derive_outcome
from jifen.office.web.page import template_of
from jifen.office.web.planner import route_context
from jifen.office.web.public.answers import from_facts
from jifen.office.web.public.form import form_context, update_context
from jifen.office.web.public.panel import bar, result_context
from jifen.office.web.public.self_assessment import Work, work_out
from jifen.office.web.public.side_by_side import compare_versions
from jifen.planning.case import build_case
from jifen.planning.messages import describe_verdict
from jifen.planning.planner import plan
from jifen.planning.route_text import format_routes
from jifen.planning.serialization import serialize_plans
from jifen.policy.text import Lang
from jifen.scoring.comparison import Comparison
from jifen.scoring.result_status import (
    ResultStatus,
    StatusTexts,
    derive_status,
    describe_decided_outcome,
    describe_published_outcome,
    describe_status,
    result_to_dict,
)
from tests.hypothesis_profiles import each
from tests.people.result_statuses import (
    CITIES,
    COMPLETE_FACTS,
    ON,
    cases_near_threshold,
    policy_in_force,
)

SOURCE = Path(__file__).parents[2] / "src/jifen"
LANGS: tuple[Lang, ...] = ("zh", "en")
OVER = re.compile(r"达到|高出|已够|分数够|reached|\bover\b|enough points", re.IGNORECASE)


def _work(city: str, facts: dict[str, Any]) -> Work:
    policy = policy_in_force(city)
    return work_out(policy, ON, from_facts(policy.vocabulary, facts))


def _said(work: Work) -> tuple[ResultStatus, StatusTexts]:
    standing = derive_status(work.assessment)
    return standing, describe_status(standing)


def _inside(pattern: str, text: str) -> str:
    found = re.search(pattern, text, re.DOTALL)
    assert found, pattern
    return found[1].replace("&lt;", "<").replace("&#39;", "'").strip()


def _numbers_of_figure(text: str) -> list[Decimal]:
    found = re.findall(r'class="figure-number">(.*?)<', text)
    return [Decimal(number.replace("−", "-")) for number in found]


@pytest.mark.parametrize("city", CITIES)
@given(data=st.data())
@each(15, 400)
def test_pages_and_commands_say_the_same_of_anybody(city: str, data: st.DataObject) -> None:
    work = _work(city, data.draw(cases_near_threshold(city)))
    lang = data.draw(st.sampled_from(LANGS))
    standing, words = _said(work)
    texts = [*_pages(work, words, lang), *_commands(work, words, lang)]
    if standing.is_barred:
        for text in texts:
            assert not OVER.search(_without_remedies(work, text, lang)), text
    low, high = standing.range
    page = template_of(lang, "public/update.html").render(update_context(work, lang, "/"))
    for number in _numbers_of_figure(page):
        assert low <= number <= high
        assert not standing.is_barred


def _without_remedies(work: Work, text: str, lang: Lang) -> str:
    """The text without what the measure says is to be done ("until 36 months are reached")."""
    for requirement in work.assessment.rules.requirements:
        text = text.replace(requirement.remedy(lang), "")
    return text


def _pages(work: Work, words: StatusTexts, lang: Lang) -> list[str]:
    """What the panel, the strip, a screen reader and the comparison say, held to the words."""
    page = template_of(lang, "public/update.html").render(update_context(work, lang, "/"))
    shown = _inside(r'<p class="verdict verdict-\w+">(.*?)</p>', page)
    spoken = _inside(r'<p id="live"[^>]*>(.*?)</p>', page)
    assert shown == words.headline(lang)
    assert spoken == words.spoken(lang) == form_context(work, lang, "/")["live"]
    city = index()[work.policy.city]
    given = work.answers.given(work.policy.vocabulary)
    compared = compare_versions(given, [(city, city.find_version(work.policy.version))], ON, lang)
    (column,) = compared.columns
    assert column.verdict == words.headline(lang)
    assert column.range == words.range(lang)
    return [shown, spoken, column.verdict, column.figure]


def _commands(work: Work, words: StatusTexts, lang: Lang) -> list[str]:
    """What `assess`, `compare` and their JSON say, held to the words."""
    a = work.assessment
    head = format_result(a, work.policy, lang).split("\n\n")[0]
    assert words.headline(lang) in head
    table = format_comparison(Comparison(ON, (a,), ((),)), lang).split("\n\n")[0]
    assert words.verdict(lang) in table
    document = result_to_dict(a, lang)
    assert document["standing"]["words"]["headline"] == words.headline(lang)
    assert [document["bounds"], document["total"]] == [a.to_dict()["bounds"], a.to_dict()["total"]]
    return [head.split("\n", 1)[1], table, *document["standing"]["words"].values()]


PLANNED = [
    ("shanghai", {}),
    ("shanghai", {"serious_crime": True}),
    ("shanghai", {"permit_valid": False}),
    ("shanghai", {"education": "none", "award": "none"}),
    ("chengdu", {}),
    ("chengdu", {"permit_valid": False}),
]


@pytest.mark.parametrize(("city", "changed"), PLANNED)
def test_the_planner_begins_with_the_same_words(city: str, changed: dict[str, Any]) -> None:
    facts = COMPLETE_FACTS[city] | changed
    standing, words = _said(_work(city, facts))
    answer = plan(build_case(city, facts, ON, years=2))
    assert derive_status(answer.today) == standing
    told = serialize_plans([answer], "en")["cities"][0]
    assert told["standing"]["words"]["spoken"] == words.spoken.en
    assert f"今天：{words.spoken.zh}" in format_routes([answer], "zh")
    assert route_context(answer, "zh")["today_words"] == words.spoken.zh
    staff = describe_today(answer)
    if standing.state == "reached":
        assert staff is None
        assert "已经达到" in describe_verdict(answer).words.zh
    else:
        assert staff is not None
        assert words.spoken.zh in staff.zh
        assert "已经达到" not in describe_verdict(answer).words.zh


@pytest.mark.parametrize(("city", "changed"), PLANNED)
def test_a_decision_and_its_notice_say_the_same(city: str, changed: dict[str, Any]) -> None:
    work = _work(city, COMPLETE_FACTS[city] | changed)
    standing, words = _said(work)
    outcome = derive_outcome(work.assessment)
    assert outcome == standing.state
    shown = result_context(standing, "zh")
    assert (shown["live"], shown["headline"]) == (words.spoken.zh, words.headline.zh)
    total = work.assessment.total
    assert total is not None
    listed = describe_decided_outcome(outcome, total).zh
    published = describe_published_outcome(outcome, "120").zh
    if standing.is_barred:
        assert not OVER.search(listed + published)
        assert not re.search("[0-9]", listed + published)
    else:
        assert ("未" in listed, "未" in published) == (standing.state == "below",) * 2
    if standing.state == "vetoed":
        assert "否决" not in published, "third parties are not told why"


@pytest.mark.parametrize("city", CITIES)
def test_a_line_of_zero_and_no_line_are_drawn(city: str) -> None:
    standing, _ = _said(_work(city, COMPLETE_FACTS[city]))
    zero = bar(replace(standing, threshold=Decimal(0)))
    assert zero
    assert zero["line"] == 0
    low = replace(standing, threshold=Decimal(0), number=Decimal(0), range=(Decimal(0), Decimal(0)))
    assert bar(low)
    assert bar(replace(standing, threshold=None)) is None
    assert result_context(replace(standing, threshold=None), "zh")["line"] is None


WORDED = re.compile(
    "高出 |还差 |未达到|已达到|达到分数线|达到 {|short of|[Oo]ver the line|[Bb]elow the line"
)
ELSEWHERE = {
    "planning/messages.py": "the days of the planner",
    "planning/near_threshold.py": "comments",
    "planning/route_text.py": "the day of the planner",
    "cli/lab_near.py": "counts of people",
    "cli/file_summary.py": "counts of people",
    "entitlements/answers.py": "what a right asks for",
    "office/web/mine/known_status.py": "what a right asks for",
    "office/web/public/entitlements.py": "what a right asks for",
    "office/web/templates/components/opens.html": "what a right asks for",
    "office/web/templates/mine/opens.html": "what a right asks for",
    "office/web/templates/cases/case.html": "what the line is good for",
    "office/web/templates/yearly/points.html": "until when the line is kept",
    "office/web/templates/lists/run.html": "the last place of a list",
    "office/web/templates/studio/effect.html": "counts of people",
    "office/web/studio/study_proposals.py": "counts of people",
    "office/web/studio/study_weights.py": "counts of people",
    "office/web/templates/consultation/page.html": "counts of people",
    "office/web/static/web/verify.js": "held to the catalogue below",
    "office/casework/models/decision.py": "labels of a stored choice",
    "office/web/records/log_values.py": "labels of a stored choice, in the log",
    "office/casework/migrations/0001_initial.py": "labels of a stored choice",
}
"""Files in which such words are about something else than the result of a person."""


def test_the_page_that_checks_without_a_network_has_the_words_of_the_catalogue() -> None:
    script = (SOURCE / "office/web/static/web/verify.js").read_text(encoding="utf-8")
    for outcome in ("reached", "below", "refused", "vetoed"):
        words = describe_published_outcome(outcome, "${line}")
        quote = "`" if "$" in words.zh else '"'
        pair = ", ".join(f"{quote}{text}{quote}" for text in (words.zh, words.en))
        assert f"say({pair})" in script, outcome


def _list_sources() -> Iterator[tuple[str, str]]:
    """Every text of the source by its path; the words of a module stand for the module."""
    for path in sorted(SOURCE.rglob("*")):
        name = str(path.relative_to(SOURCE))
        if path.suffix in {".py", ".html", ".js"}:
            yield name, path.read_text(encoding="utf-8")
        elif path.match("words.*.json"):
            for module, sentences in json.loads(path.read_bytes()).items():
                place = f"{path.parent.relative_to(SOURCE)}/{module.replace('.', '/')}.py"
                yield place, "\n".join(sentences.values())


def test_no_surface_words_a_result_by_itself() -> None:
    places = [
        f"{name}: {found[0]}"
        for name, text in _list_sources()
        if name not in ELSEWHERE
        and not name.startswith(("scoring/result_status/", "lab/", "policy/", "scoring/population"))
        for found in WORDED.finditer(text)
    ]
    assert places == []
