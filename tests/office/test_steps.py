"""The self-assessment step by step: what is asked, what is not, what a button does."""

import html
import re
from datetime import date
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from jifen.cities import in_force, index
from tests.people.answers import SHANGHAI

Fields = dict[str, Any]
DAY = {"as_of": "2025-06-01"}
_INPUT = re.compile(r"<input ([^>]*)>")
_ATTRIBUTE = re.compile(r'([\w-]+)="([^"]*)"')


def _fields(text: str) -> Fields:
    """The fields of the step, as a browser would post them."""
    found: Fields = {}
    for tag in _INPUT.findall(text):
        attributes = dict(_ATTRIBUTE.findall(tag))
        kind = attributes.get("type")
        if kind == "file" or "name" not in attributes:
            continue
        if kind in ("checkbox", "radio") and " checked" not in tag:
            continue
        found.setdefault(attributes["name"], []).append(html.unescape(attributes["value"]))
    return found


class _Walker:
    """A visitor without a browser."""

    def __init__(self, visitor: Client, address: str = "/shanghai/", **given: Any) -> None:
        self.visitor, self.address = visitor, address
        self.text = visitor.post(address, DAY | given).content.decode()

    def press(self, go: str, **typed: Any) -> "_Walker":
        sent = _fields(self.text) | typed | {"go": go}
        response = self.visitor.post(self.address, sent)
        assert response.status_code == 200
        self.text = response.content.decode()
        return self

    @property
    def at(self) -> str:
        return str(_fields(self.text)["walk.at"][0])

    @property
    def fields(self) -> Fields:
        return _fields(self.text)

    def skip_to(self, step: str) -> "_Walker":
        for _ in range(40):
            if self.at == step:
                return self
            assert self.at != "check", f"{step} is not asked"
            self.press("skip")
        raise AssertionError(step)


def test_the_first_question_is_the_most_telling(visitor: Client) -> None:
    walker = _Walker(visitor)
    assert walker.at == "permit_valid"
    assert "第 1 题" in walker.text
    assert "积分不是落户" in walker.text


def test_records_are_shown_year_by_year_with_wage_and_multiple(visitor: Client) -> None:
    records: dict[str, Any] = {
        "walk.at": "spells",
        "insurance_as": "spells",
        "spell.from": ["2022-01", "2022-08"],
        "spell.to": ["2022-05", "2022-12"],
        "spell.base": ["10338", "20000"],
        "spell.status": ["paid", "deferred"],
        "spell.schemes": ["pension+medical", "pension+medical"],
    }
    walker = _Walker(visitor, **records)
    text = re.sub(r"<[^>]*>", " ", walker.text)
    flat = re.sub(r"\s", "", text)
    assert "中断：2022-06至2022-07（2个月）" in flat
    assert "社平工资" in text
    assert re.search(r"2022-01\s+至\s+2022-05\s+10,?338\s+10,?338\s+1\.00\s+正常缴纳", text)
    assert walker.text.count('<td class="month-deferred">') == 5
    assert "缓缴按正常缴费计入的期间：2022–2023年阶段性缓缴，2022-04至2023-12" in flat


def test_which_deferred_months_count_stands_beside_the_months(visitor: Client) -> None:
    """Before any month is entered: in the form, in the step of records and in that of totals."""
    term = "2022–2023年阶段性缓缴，2022-04至2023-12：按期（2023年底前）补齐的缓缴月份视同正常缴费"
    walker = _Walker(visitor).skip_to("spells")
    assert term in _flat(walker.text)
    assert "其他月份的缓缴不计。" in walker.text
    walker.press("totals")
    assert walker.at == "insured_months_last_12"
    assert term in _flat(walker.text)
    form = visitor.post("/shanghai/all/", DAY).content.decode()
    assert term in _flat(form)
    other = _Walker(visitor, "/chengdu/").skip_to("spells")
    assert "deferral-terms" not in other.text, "Chengdu's measure names no term"


def _flat(text: str) -> str:
    return re.sub(r"\s", "", html.unescape(re.sub(r"<[^>]*>", "", text)))


def test_a_salary_gives_a_base_for_each_average_wage(visitor: Client) -> None:
    """An estimate: the salary, but no less than 60 % and no more than 300 % of the wage."""
    record = {"spell.from": "2024-01", "spell.to": "2024-12", "spell.base": "5000"}
    record |= {"spell.status": "paid", "spell.schemes": "pension+medical"}
    record |= {"spell.employer": "甲公司", "spell.amount_is": "salary"}
    walker = _Walker(visitor, **{"walk.at": "spells", "insurance_as": "spells"} | record)
    text = re.sub(r"<[^>]*>", " ", walker.text)
    assert re.search(r"2024-01\s+至\s+2024-06\s+7,?310\s+12,183\s+0\.60", text)
    assert re.search(r"2024-07\s+至\s+2024-12\s+7,?384\s+12,307\s+0\.59", text)
    walker.press("next", **record)
    assert walker.fields["spell.base"] == ["5000"], "the salary stays as it was typed"
    assert walker.fields["spell.employer"] == ["甲公司"]
    walker.press("", **record | {"spell.base": "many", "walk.at": "spells"}, act="account")
    assert "第 1 段，每月金额" in walker.text


def test_a_form_of_before_without_employers_is_read(visitor: Client) -> None:
    record = {"spell.from": "2024-01", "spell.to": "2024-12", "spell.base": "12000"}
    record |= {"spell.status": "paid", "spell.schemes": "pension+medical"}
    walker = _Walker(visitor, **{"walk.at": "check", "insurance_as": "spells"} | record)
    assert "按缴费记录填写：1 段" in walker.text


def test_insurance_is_asked_for_by_employer_and_totals_are_one_tap_away(visitor: Client) -> None:
    walker = _Walker(visitor).skip_to("spells")
    walker.press("next")
    assert walker.at == "spells"
    assert "请先回答" in walker.text
    totals = _Walker(visitor).skip_to("spells").press("totals")
    assert totals.at == "insured_months_last_12"
    skipped = _Walker(visitor).skip_to("spells").press("skip").press("check")
    assert re.findall(r'value="edit:([^"]*)"', skipped.text).count("spells") == 1
    assert "edit:insured_months" not in skipped.text


def test_a_pasted_table_becomes_records_and_a_wrong_line_stays_to_be_corrected(
    visitor: Client,
) -> None:
    walker = _Walker(visitor, **{"walk.at": "spells", "insurance_as": "spells"})
    first_months = ["2022-01", "2022-08"]
    table = "甲公司\t2022-01\t2022-05\t12000\n乙公司\t2022-08\t2023-03\t20000"
    walker.press("", paste=table, act="paste")
    assert re.findall(r'name="spell.from"\s+value="([^"]*)"', walker.text) == first_months
    assert re.findall(r'name="spell.base"\s+value="([^"]*)"', walker.text) == ["12000", "20000"]
    chosen = {"spell.status": ["paid"] * 2, "spell.schemes": ["pension+medical"] * 2}
    walker.press("", **chosen, paste="丙公司\t2023-09\t2023-05\t9000", act="paste")
    assert "丙公司" in walker.text, "the text stays"
    assert "2023-09" in re.sub(r"<textarea.*?</textarea>", "", walker.text, flags=re.DOTALL)
    assert re.findall(r'name="spell.from"\s+value="([^"]*)"', walker.text) == first_months


def test_what_is_decided_is_not_asked(visitor: Client) -> None:
    refused = _Walker(visitor).press("is:false")
    assert refused.at == "check"
    refused.press("result")
    assert "申请条件未满足" in refused.text
    assert "先到社区事务受理服务中心办理或签注居住证。" in refused.text


def test_a_question_behind_an_answer_comes_at_once(visitor: Client) -> None:
    walker = _Walker(visitor).skip_to("education").press("is:college")
    assert walker.at == "study_mode"
    walker.press("is:part_time")
    assert walker.at == "study_place"
    none = _Walker(visitor).skip_to("education").press("is:none")
    assert none.at != "study_mode"


def test_a_preset_of_the_form_is_not_taken_for_an_answer(visitor: Client) -> None:
    walker = _Walker(visitor, education="master")
    assert "study_mode" not in walker.fields
    assert walker.at == "study_mode"


def test_a_zero_answers_what_it_implies(visitor: Client) -> None:
    given = {"base_1x_months_last_48": "0", "permit_valid": "true"}
    walker = _Walker(visitor, **given).press("check")
    assert walker.fields["base_2x_months_last_48"] == ["0"]
    assert walker.fields["base_3x_months_last_36"] == ["0"]
    assert "base_08x_months_last_48" not in walker.fields
    walker.press("edit:base_1x_months_last_48").press("next", base_1x_months_last_48="40")
    assert "base_2x_months_last_48" not in walker.fields


def test_a_group_without_a_tick_asks_what_is_meant(visitor: Client) -> None:
    given = {k: v for k, v in SHANGHAI.items() if not k.endswith(("_dates", "crime"))}
    walker = _Walker(visitor, **given)
    assert walker.at == "group:conduct"
    walker.press("next")
    assert "还没有勾选" in walker.text
    assert walker.at == "group:conduct"
    walker.press("none")
    assert walker.at == "check"
    assert walker.fields["detention_dates"] == ["none"]
    assert walker.fields["serious_crime"] == ["false"]
    assert "项均无" in walker.text


def test_a_tick_of_yes_is_an_answer_and_another_tick_is_asked_for(visitor: Client) -> None:
    given = {k: v for k, v in SHANGHAI.items() if not k.endswith(("_dates", "crime"))}
    walker = _Walker(visitor, **given).press("next", has=["false_material_dates"])
    assert walker.at == "false_material_dates"
    assert walker.fields["serious_crime"] == ["false"]
    walker.press("is:some").press("next")
    assert "请至少填写一个日期" in walker.text
    vetoed = _Walker(visitor, **given).press("next", has=["serious_crime"])
    assert vetoed.fields["serious_crime"] == ["true"]
    assert vetoed.press("result").at == "result"
    assert "一票否决" in vetoed.text
    assert 'id="way"' not in vetoed.text


def test_records_of_contributions_can_be_entered_and_totals_again(visitor: Client) -> None:
    walker = _Walker(visitor).skip_to("spells")
    assert walker.at == "spells"
    record = {"spell.from": "2024-01", "spell.to": "2023-05", "spell.base": "12000"}
    record |= {"spell.status": "paid", "spell.schemes": "pension+medical"}
    walker.press("next", **record)
    assert walker.at == "spells"
    assert "2023-05" in walker.text
    walker.press("next", **record | {"spell.to": "2025-05"})
    assert walker.fields["insurance_as"] == ["spells"]
    assert walker.at not in ("insured_months_last_12", "insured_months", "spells")
    walker.press("check")
    assert "按缴费记录填写：1 段" in walker.text
    walker.press("edit:spells").press("totals")
    assert walker.fields["insurance_as"] == ["totals"]


@pytest.mark.parametrize(
    "hostile",
    [
        {"walk.at": "no_such_step"},
        {"walk.at": "group:nowhere"},
        {"walk.at": "group:education"},
        {"walk.at": "contributions"},
        {"walk.at": "age"},
        {"walk.at": "birth_date", "go": "is:<script>"},
        {"walk.at": "education", "go": "is:professor"},
        {"walk.at": "group:bonus", "go": "next", "has": ["no_such_fact"]},
        {"walk.past": "birth_date " * 5_000, "go": "back"},
        {"go": "edit:no_such_step"},
        {"go": "edit:"},
        {"go": "no such act"},
        {"act": "row:no_such_fact", "walk.at": "detention_dates"},
        {"city": "atlantis"},
        {"on": "tomorrow"},
        {"walk.claimed": "education education", "walk.skipped": "x y z"},
    ],
)
def test_a_forged_form_gets_a_step_and_no_error(visitor: Client, hostile: Fields) -> None:
    response = visitor.post("/shanghai/", DAY | hostile)
    assert response.status_code == 200
    text = response.content.decode()
    assert "<script>" not in text.replace("<script src", "")
    assert 'name="walk.at"' in text


def test_answers_of_another_city_are_brought_where_they_mean_the_same(visitor: Client) -> None:
    sent = SHANGHAI | {
        "city": "shanghai",
        "detention_dates": "some",
        "row.detention_dates": "2024-03-01",
    }
    text = visitor.post("/chengdu/", sent).content.decode()
    assert "已带来您在上海的回答：出生日期、行政拘留记录。" in text
    fields = _fields(text)
    assert fields["birth_date"] == ["1990-05-01"]
    assert fields["row.detention_dates"] == ["2024-03-01"]
    assert "permit_valid" not in fields
    assert "family_planning_breach" not in fields


def test_a_saved_file_opens_on_the_check_page(visitor: Client) -> None:
    saved = visitor.post("/shanghai/save", SHANGHAI).content
    file = SimpleUploadedFile("facts.yaml", saved)
    text = visitor.post("/shanghai/load", {"file": file, "walk.at": "education"}).content.decode()
    assert _fields(text)["walk.at"] == ["check"]
    assert "大学本科学历和学士学位" in text


@pytest.mark.parametrize("place", [{"walk.at": "permit_valid"}, {}])
def test_a_file_of_the_other_city_is_opened_there(visitor: Client, place: Fields) -> None:
    chengdu = {"as_of": "2025-06-01", "pension_months": "60", "birth_date": "1990-05-01"}
    saved = visitor.post("/chengdu/save", chengdu).content
    file = SimpleUploadedFile("facts.yaml", saved)
    text = visitor.post("/shanghai/load", DAY | place | {"file": file}).content.decode()
    assert "这是成都的资料" in text
    form = re.search(
        r'<form method="post" action="/chengdu/" class="elsewhere".*?</form>', text, re.DOTALL
    )
    assert form
    opened = visitor.post("/chengdu/", _fields(form[0])).content.decode()
    assert _fields(opened)["pension_months"] == ["60"]
    assert _fields(opened)["walk.at"] == ["check"]


def test_an_example_is_marked_so_that_no_device_keeps_it(visitor: Client) -> None:
    text = visitor.get("/shanghai/?example=E1").content.decode()
    assert _fields(text)["walk.example"] == ["yes"]
    assert "填好的例子" in text
    plain = visitor.get("/shanghai/?example=none").content.decode()
    assert "walk.example" not in _fields(plain)


def test_the_papers_follow_from_the_answers_each_with_why(visitor: Client) -> None:
    text = _Walker(visitor, **SHANGHAI).press("result").text
    papers = text[text.index('id="papers"') : text.index('id="filing"')]
    assert "学位证书" in papers
    assert "教育背景" in papers
    assert "第六条" in papers
    assert "结婚证" not in papers
    married = _Walker(visitor, **SHANGHAI | {"spouse_local_months": "30"}).press("result").text
    assert "结婚证" in married


def test_who_files_where_and_until_when_comes_from_the_process(visitor: Client) -> None:
    shanghai = _Walker(visitor, **SHANGHAI).press("result").text
    assert "单位网上申报，或由受委托的代理机构" in shanghai
    assert "共 20 个工作日；2025-06-01 申报，最晚 2025-06-30 有结果" in shanghai
    assert "S41" not in shanghai[shanghai.index('id="filing"') : shanghai.index('id="opens"')]
    chengdu = _Walker(visitor, "/chengdu/", permit_valid="false").press("result").text
    assert "本人申报" in chengdu
    assert "共 15 个工作日" in chengdu


def test_the_way_is_told_in_cards_and_a_cost_nobody_knows_is_not_the_cheapest(
    visitor: Client,
) -> None:
    below = SHANGHAI | {"education": "college"}
    text = visitor.post("/shanghai/cards", below).content.decode()
    assert text.count('class="way-card"') in (1, 2, 3)
    assert "最快" in text
    assert "最稳妥" in text
    cards = re.findall(
        r'<li class="way-card">.*?</li>\n?(?=<li class="way-card">|</ol>)', text, re.DOTALL
    )
    for card in cards:
        assert "最省钱" not in card or "费用未查到" not in card


def test_adverse_records_that_were_not_asked_for_are_presumed_not_there_and_it_is_said(
    visitor: Client,
) -> None:
    below = {k: v for k, v in SHANGHAI.items() if not k.endswith(("_dates", "crime"))}
    text = visitor.post("/shanghai/cards", below | {"education": "college"}).content.decode()
    assert 'class="way-card"' in text
    assert "按没有不良记录推算" in text


def test_the_dates_are_a_calendar_of_whole_days(visitor: Client) -> None:
    response = visitor.post("/shanghai/dates", SHANGHAI)
    assert response.headers["Content-Type"].startswith("text/calendar")
    text = response.content.decode().replace("\r\n ", "")
    assert "DTSTART;VALUE=DATE:20250630" in text
    assert "上海积分：如 2025-06-01 申报，最晚这天有结果" in text


def test_faulty_answers_are_named_on_the_check_page_and_can_be_changed(visitor: Client) -> None:
    walker = _Walker(visitor, birth_date="soon", permit_valid="true").press("check")
    assert "soon" in walker.text
    assert 'class="error"' in walker.text
    assert 'value="edit:birth_date"' in walker.text


def test_nothing_of_the_answers_stands_in_an_address(visitor: Client) -> None:
    text = _Walker(visitor, **SHANGHAI | {"insured_months": "7777"}).press("result").text
    addresses = re.findall(r'(?:href|action|formaction|src|data-cards)="([^"]*)"', text)
    assert not [a for a in addresses if "1990" in a or "7777" in a]


def test_the_elder_view_has_fewer_words(visitor: Client) -> None:
    plain = visitor.post("/shanghai/", DAY).content.decode()
    elder = visitor.post("/shanghai/?view=elder", DAY).content.decode()

    def words(text: str) -> int:
        main = text[text.index("<main") : text.index("</main>")]
        return len(re.sub(r"<[^>]*>|\s", "", main))

    assert words(elder) < words(plain) * 0.9


def test_the_wage_stands_beside_the_question_that_compares_with_it(visitor: Client) -> None:
    sent = DAY | {"walk.at": "base_2x_months_last_48"}
    text = re.sub(r"<[^>]*>", "", visitor.post("/shanghai/", sent).content.decode())
    assert "2024-07 至 2025-06：每月至少 24,614 元" in text
    assert "2021-07 至 2022-06：每月至少 20,676 元" in text
    assert "2020-07 至 2021-06" not in text
    less = DAY | {"walk.at": "base_08x_months_last_48"}
    text = re.sub(r"<[^>]*>", "", visitor.post("/shanghai/", less).content.decode())
    assert "每月至少 9,845.6 元" in text
    assert "每月至少" not in visitor.post("/shanghai/", DAY).content.decode()
    whole = visitor.post("/shanghai/all/", DAY).content.decode()
    assert "24,614" in whole


@pytest.mark.parametrize("city", [city for city in index() if in_force(city, date(2025, 6, 1))])
def test_every_city_can_be_walked_through_to_a_result(visitor: Client, city: str) -> None:
    walker = _Walker(visitor, f"/{city}/")
    for _ in range(60):
        if walker.at == "check":
            break
        walker.press("none" if walker.at.startswith("group:") else "skip")
    assert walker.at == "check"
    walker.press("result")
    assert walker.at == "result"
    assert 'id="papers"' in walker.text


def test_where_people_are_ranked_the_points_are_asked_for_as_well(visitor: Client) -> None:
    day = {"as_of": "2019-06-01"}
    walker = _Walker(visitor, "/chengdu/", **day)
    asked = set()
    while walker.at != "check":
        asked.add(walker.at)
        walker.press("skip")
    assert "birth_date" in asked
    assert len(asked) > 8
