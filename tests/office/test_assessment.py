"""The self-assessment: the result, its updates, the questions that matter, the visitor's file."""

import html
import re
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from tests.people.answers import SHANGHAI, SPELL


def _update(visitor: Client, **answers: Any) -> str:
    response = visitor.post("/shanghai/assess", {"as_of": "2025-06-01", **answers})
    assert response.status_code == 200
    return response.content.decode()


def _figure(text: str) -> str:
    """The total; while answers are open the full range, which is folded away."""
    folded = re.search(r'class="figure-bounds">.*?计算：([0-9]+(?: 至 [0-9]+)?) 分。<', text)
    figure = folded or re.search(r'class="figure-number">(.*?)<', text)
    assert figure
    return figure[1]


def test_a_full_set_of_answers_gives_the_total_and_every_reason(visitor: Client) -> None:
    text = visitor.post("/shanghai/all/", SHANGHAI).content.decode()
    assert _figure(text) == "129"
    assert "达到 120 分线，高出 9 分；申请条件全部满足。" in text
    assert "年龄：35 周岁" in text
    assert '<td class="points">90</td>' in text
    assert "第六条" in text
    assert text.count("※ 条款序号、分值或期限有待与正式文本核对。") == 1


def test_an_update_is_the_panel_and_nothing_of_the_page(visitor: Client) -> None:
    text = _update(visitor, **SHANGHAI)
    assert text.lstrip().startswith('<section class="result"')
    assert "<html" not in text
    assert "<form" not in text


def test_the_interval_narrows_with_each_answer(visitor: Client) -> None:
    widths = []
    for count in (0, 8, 16, len(SHANGHAI)):
        low, _, high = _figure(_update(visitor, **dict(list(SHANGHAI.items())[:count]))).partition(
            " 至 "
        )
        widths.append(int(high or low) - int(low))
    assert widths == sorted(widths, reverse=True)
    assert widths[-1] == 0


def test_a_question_appears_when_it_comes_to_matter_with_its_default(visitor: Client) -> None:
    text = _update(visitor, education="master", birth_date="")
    assert 'id="q-study_mode"' in text
    chosen = re.search(r'name="study_mode" value="full_time"[^>]*checked', text)
    assert chosen
    assert '<td class="points">100</td>' in text, "the default counts at once"


def test_a_question_whose_answer_is_no_longer_asked_for_is_hidden(visitor: Client) -> None:
    text = _update(visitor, title="none", base_1x_months_last_12="")
    assert re.search(r'id="q-base_1x_months_last_12" hidden', text)


def test_a_question_that_stays_is_not_sent_again(visitor: Client) -> None:
    text = _update(visitor, **SHANGHAI)
    assert 'id="q-education"' not in text


def test_i_do_not_know_takes_a_preselected_answer_back(visitor: Client) -> None:
    text = _update(visitor, **SHANGHAI | {"study_mode": ""})
    assert "study_mode" in text
    assert _figure(text) == "39 至 129"


def test_a_beaten_side_is_struck_out(visitor: Client) -> None:
    text = _update(visitor, **SHANGHAI | {"title": "level_4"})
    assert re.search(r"line-beaten.*?<s>专业技术职称和技能等级</s>.*?<s>30</s>", text, re.DOTALL)


def test_a_veto_and_an_unmet_condition_say_what_to_do(visitor: Client) -> None:
    text = _update(visitor, **SHANGHAI | {"serious_crime": "true", "permit_valid": "false"})
    assert "一票否决：严重刑事犯罪记录" in text
    assert "先到社区事务受理服务中心办理或签注居住证" in text
    assert "verdict-no" in text


def test_another_reading_changes_the_score(visitor: Client) -> None:
    continuous = SHANGHAI | {"reading.insurance_count": "continuous"}
    assert _figure(_update(visitor, **continuous)) != "129"
    assert _figure(_update(visitor, **SHANGHAI | {"reading.nothing": "x"})) == "129"


def test_spells_give_the_months_and_show_each_of_them(visitor: Client) -> None:
    answers = {k: v for k, v in SHANGHAI.items() if "months" not in k} | SPELL
    text = visitor.post("/shanghai/all/", answers).content.decode()
    assert "41 个月" in text
    assert '<span data-slot="since">2022-01</span>' in text


def test_totals_that_contradict_the_spells_name_both(visitor: Client) -> None:
    text = _update(visitor, **SHANGHAI | SPELL)
    fault = re.search(r'id="e-insured_months"[^>]*>(.*?)</div>', text, re.DOTALL)
    assert fault
    assert "36 个月" in fault[1]
    assert "41 个月" in fault[1]


def test_rows_are_added_and_removed_by_buttons(visitor: Client) -> None:
    more = visitor.post("/shanghai/all/", SPELL | {"act": "spell"}).content.decode()
    assert more.count('name="spell.from"') == 3
    less = visitor.post("/shanghai/all/", SPELL | {"act": "drop:0"}).content.decode()
    assert less.count('name="spell.from"') == 1
    assert 'value="2023-01"' in less
    dates = visitor.post("/shanghai/all/", {"act": "row:detention_dates"}).content.decode()
    assert dates.count('name="row.detention_dates"') == 2


def test_none_of_these_answers_only_what_is_open(visitor: Client) -> None:
    sent = {"act": "none:conduct", "serious_crime": "true"}
    text = visitor.post("/shanghai/all/", sent).content.decode()
    assert re.search(r'name="serious_crime" value="true"[^>]*checked', text)
    assert re.search(r'name="detention_dates" value="none"[^>]*checked', text)


def test_dates_of_records_count_in_their_window(visitor: Client) -> None:
    one = {"detention_dates": "some", "row.detention_dates": ["2024-03-01", ""]}
    assert _figure(_update(visitor, **SHANGHAI | one)) == "79"
    old = {"detention_dates": "some", "row.detention_dates": ["20140301"]}
    assert _figure(_update(visitor, **SHANGHAI | old)) == "129"


def test_another_day_brings_the_version_of_that_day(visitor: Client) -> None:
    text = visitor.post("/shanghai/all/", SHANGHAI | {"on": "2014-05-01"}).content.decode()
    assert "policy/2013/" in text
    assert 'value="1990-05-01"' in text


def test_what_is_plain_to_see_is_understood(visitor: Client) -> None:
    for written in ("19900501", "1990.5.1", "1990年5月1日", "１９９０-05-01"):
        assert _figure(_update(visitor, **SHANGHAI | {"birth_date": written})) == "129"


def test_a_saved_file_loads_again_as_it_was(visitor: Client) -> None:
    answers = {k: v for k, v in SHANGHAI.items() if "months" not in k} | SPELL
    saved = visitor.post("/shanghai/save", answers)
    assert saved.headers["Content-Disposition"] == (
        'attachment; filename="jifen-shanghai-2025-06-01.yaml"'
    )
    assert "birth_date: 1990-05-01" in saved.content.decode()
    upload = SimpleUploadedFile("facts.yaml", saved.content)
    text = visitor.post("/shanghai/load", {"file": upload}).content.decode()
    assert "已导入文件中的资料" in text
    assert 'value="1990-05-01"' in text
    assert 'value="2022-01"' in text
    assert re.search(r'name="outer_suburb_area" value="null"[^>]*checked', text)


def test_what_the_form_does_not_ask_for_is_carried_along(visitor: Client) -> None:
    facts = b"permit: {issued_on: 2020-01-01, valid_until: 2030-01-01}\nbirth_date: 1990-05-01\n"
    upload = SimpleUploadedFile("facts.yaml", facts)
    text = visitor.post("/shanghai/load", {"file": upload}).content.decode()
    other = re.search(r'<textarea id="other"[^>]*>(.*?)</textarea>', text, re.DOTALL)
    assert other
    sent = {"other": html.unescape(other[1]), "as_of": "2026-06-01"}
    assert "issued_on" in visitor.post("/shanghai/save", sent).content.decode()


def test_switching_the_language_keeps_what_was_typed(visitor: Client) -> None:
    text = visitor.post("/shanghai/all/?lang=en", SHANGHAI).content.decode()
    assert 'lang="en"' in text
    assert 'value="1990-05-01"' in text


def test_a_ranked_measure_says_that_the_line_only_admits_to_the_ranking(visitor: Client) -> None:
    text = visitor.get("/chengdu/all/?on=2019-01-01").content.decode()
    assert "排名" in text


def test_a_worked_case_of_the_policy_can_be_tried(visitor: Client) -> None:
    home = visitor.get("/").content.decode()
    assert "/shanghai/?example=E1" in home
    text = visitor.get("/shanghai/all/?example=E1&on=2025-06-01").content.decode()
    assert _figure(text) == "120"
    assert visitor.get("/shanghai/all/?example=none").status_code == 200


def test_a_loaded_file_is_scored_on_the_day_of_the_page(visitor: Client) -> None:
    upload = SimpleUploadedFile("facts.yaml", b"birth_date: 1990-05-01")
    text = visitor.post("/shanghai/load?as_of=2014-05-01", {"file": upload}).content.decode()
    assert 'name="as_of" value="2014-05-01"' in text


def test_a_spell_that_is_not_finished_waits_without_a_fault(visitor: Client) -> None:
    half = SPELL | {"spell.to": ["2022-12", ""]}
    text = _update(visitor, **half)
    assert "第 2 段还没有填完起止月份" in text
    assert 'class="waits"' in text
    assert "处填写需要更正" not in text
    saved = visitor.post("/shanghai/save", half | {"as_of": "2025-06-01"}).content.decode()
    assert saved.count("from:") == 2


def test_none_of_these_never_denies_a_condition(visitor: Client) -> None:
    text = visitor.post("/chengdu/all/", {"act": "none:home_and_job"}).content.decode()
    assert not re.search(r'name="legal_residence" value="false"[^>]*checked', text)
    offered = set(re.findall(r'value="none:(\w+)"', text))
    assert "conduct" in offered
    assert "home_and_job" not in offered


def test_while_answers_are_open_the_figure_is_what_is_settled(visitor: Client) -> None:
    text = _update(visitor, **SHANGHAI | {"insured_months": ""})
    assert 'class="figure-what">目前可得 <' in text
    assert 'class="figure-number">120<' in text
    live = re.search(r'id="live"[^>]*>(.*?)</p>', text)
    assert live
    assert live[1] == "目前可得 120 分 · 达到 120 分线"
    short = _update(visitor, **SHANGHAI | {"study_mode": ""})
    assert "还不能确定：距分数线 120 分还差 81 分；还有 2 个问题会影响结果。" in short
    assert "目前可得 39 分 · 距分数线 120 分还差 81 分 · 可能区间：39 至 129 分" in short


def test_a_known_total_is_so_much_over_the_line(visitor: Client) -> None:
    text = _update(visitor, **SHANGHAI)
    assert "至少高出" not in text
    assert "共 129 分 · 达到 120 分线，高出 9 分" in text


def test_none_of_these_answers_figures_and_choices_too(visitor: Client) -> None:
    text = visitor.post("/shanghai/all/", {"act": "none:bonus"}).content.decode()
    assert re.search(r'name="na" value="average_annual_tax" checked', text)
    assert re.search(r'name="award" value="none"[^>]*checked', text)
    assert 'value="none:insurance"' not in text, "months of insurance are never denied in bulk"
    follow = visitor.post("/shanghai/all/", {"act": "none:education", "education": "master"})
    page = follow.content.decode()
    assert not re.search(r'name="study_mode" value="null"[^>]*checked', page)


def test_every_open_answer_leads_to_a_place_on_the_page(visitor: Client) -> None:
    for city, sent in (
        ("shanghai", {"title": "level_4", "outer_suburb_area": "core"}),
        ("shanghai", {"insurance_as": "spells", "title": "level_4"}),
        ("chengdu", {"permit_valid": "true"}),
    ):
        text = visitor.post(f"/{city}/all/", sent | {"as_of": "2025-06-01"}).content.decode()
        missing = text.partition('class="missing"')[2].partition("<h3>")[0]
        decides, _, others = missing.partition('class="missing"')
        places = re.findall(r'<a href="#([\w-]+)"', decides)
        count = re.search(r"还有 (\d+) 个问题", text)
        assert count
        assert len(places) == int(count[1])
        places += re.findall(r'<a href="#([\w-]+)"', others)
        for place in places:
            assert re.search(rf'id="{place}"(?! hidden)[ >]', text), place
            assert place != "facts"


def test_what_no_longer_decides_is_folded(visitor: Client) -> None:
    text = _update(visitor, serious_crime="true")
    assert "一票否决：严重刑事犯罪记录 · 申请不会通过" in text
    assert 'class="figure-number"' not in text
    assert "以下答案只影响分数，不改变结论：" in text
    assert '<details class="missing">' in text
    assert "还会影响结果的问题" not in text


def test_a_day_without_a_rule_keeps_the_form(visitor: Client) -> None:
    sent = SHANGHAI | {"on": "2010-01-01"}
    text = visitor.post("/shanghai/all/", sent).content.decode()
    assert "2010-01-01 没有施行中的积分办法，下一个办法自 2013-07-01 起施行" in text
    assert 'value="1990-05-01"' in text
    assert re.search(r'id="on" name="on" value="2010-01-01"[^>]*aria-invalid="true"', text)
    assert 'name="as_of" value="2025-06-01"' in text
    sent = {"as_of": "2025-06-01", "on": "2020-03-01"}
    gap = visitor.post("/chengdu/all/", sent).content.decode()
    assert "下一个办法自 2020-08-28 起施行" in gap


def test_a_saved_file_keeps_the_day_and_the_reading(visitor: Client) -> None:
    sent = SHANGHAI | {"reading.insurance_count": "continuous"}
    saved = visitor.post("/shanghai/save", sent)
    words = saved.content.decode()
    assert "# as of: 2025-06-01\n# reading: insurance_count=continuous\n" in words
    assert "上海，2018 版" in words
    assert "the readings chosen" in words
    upload = SimpleUploadedFile("facts.yaml", saved.content)
    text = visitor.post("/shanghai/load", {"file": upload, "as_of": "2026-01-01"}).content.decode()
    assert 'name="as_of" value="2025-06-01"' in text
    assert "测算日期按文件改为 2025-06-01。" in text
    chosen = r'name="reading.insurance_count" value="continuous"[^>]*checked'
    assert re.search(chosen, text)
    plain = visitor.post("/shanghai/save", SHANGHAI | {"reading.insurance_count": "total"})
    assert "# reading: " not in plain.content.decode()


def test_a_date_that_is_being_typed_is_no_fault_yet(visitor: Client) -> None:
    begun = {"birth_date": "199", "typing": "f-birth_date"}
    assert "<p>" not in _error(_update(visitor, **begun, erring="birth_date"), "birth_date")
    assert "处填写需要更正" not in _update(visitor, **begun)
    assert "<p>" in _error(_update(visitor, birth_date="199"), "birth_date")
    whole = {"birth_date": "19901301", "typing": "f-birth_date"}
    assert "<p>" in _error(_update(visitor, **whole), "birth_date")
    spell = SPELL | {"spell.from": ["2022-01", "20"], "typing": "s-1-from"}
    assert "第 2 段还没有填完起止月份" in _update(visitor, **spell)
    row = {"detention_dates": "some", "row.detention_dates": "202", "typing": "r-detention_dates-0"}
    assert "处填写需要更正" not in _update(visitor, **row)


def _error(text: str, ident: str) -> str:
    found = re.search(rf'id="e-{ident}"[^>]*>(.*?)</div>', text, re.DOTALL)
    assert found
    return found[1]


@pytest.mark.parametrize(
    ("lang", "words"),
    [
        ("zh", "这是成都的资料，请在成都页面导入"),
        ("en", "These are facts for Chengdu: load the file on the page of Chengdu"),
    ],
)
def test_a_file_of_another_city_is_named_and_not_taken_in(
    visitor: Client, lang: str, words: str
) -> None:
    file = SimpleUploadedFile("me.yaml", b"permit_months: 30\nvolunteer_hours: 10\n")
    form = {"as_of": "2025-06-01", "title": "senior", "file": file}
    text = visitor.post(f"/shanghai/load?lang={lang}", form).content.decode()
    assert words in text
    assert "public_service_months" not in re.findall(r'class="warning"[^>]*>([^<]*)', text)
    assert re.search(r'<option value="senior" selected', text)  # the answers stay


def test_a_file_for_two_cities_is_taken_in_and_the_other_city_s_facts_are_named(
    visitor: Client,
) -> None:
    file = SimpleUploadedFile("me.yaml", b"permit_months: 30\ntitle: senior\n")
    text = visitor.post("/shanghai/load", {"as_of": "2025-06-01", "file": file}).content.decode()
    assert "这是成都的资料" in text
    assert "（本市不使用 permit_months）" in text


def test_values_are_read_as_people_write_them(visitor: Client) -> None:
    form = {"as_of": "2025-06-01", "insured_months": "5年", "average_annual_tax": "10万"}
    text = visitor.post("/shanghai/all/", form).content.decode()
    assert "60 个月" in text
    assert "100,000 元" in text
    assert 'value="5年"' in text  # what was typed stays
