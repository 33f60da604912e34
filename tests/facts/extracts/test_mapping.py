"""A mapping is read strictly, proposed with its confidence, and open where it is not clear."""

from pathlib import Path

import pytest
import yaml

from jifen.cities import load
from jifen.facts.extracts.fault import ExtractFault
from jifen.facts.extracts.mapping import ExtractMapping, load_mapping
from jifen.facts.extracts.proposal import propose_mapping
from jifen.facts.extracts.proposal_file import format_proposal
from jifen.policy.fault import PolicyError

VOCABULARY = load("shanghai", "2018").vocabulary
HEAD = 'mapping: "1"\ncity: shanghai\n'


def loaded(tmp_path: Path, text: str) -> ExtractMapping:
    path = tmp_path / "m.yaml"
    path.write_text(text, encoding="utf-8")
    return load_mapping(path, VOCABULARY)


def refused(tmp_path: Path, text: str) -> tuple[str, str]:
    with pytest.raises(PolicyError) as caught:
        loaded(tmp_path, text)
    return caught.value.to_text("zh"), caught.value.to_text("en")


def test_a_mapping_says_all_that_a_table_does_not(tmp_path: Path) -> None:
    found = loaded(
        tmp_path,
        f"{HEAD}encoding: gb18030\nseparator: tab\nsheet: 表1\nheader_row: 3\nkey: 证号\n"
        'day_numbers: "1904"\ncolumns:\n'
        "  - {column: 学历, fact: education, answers: {高中: none, 不详: unknown}}\n"
        "  - {column: 备注, fact: null}\nassume: {title: unknown, award: none}\n",
    )
    assert (found.encoding, found.separator, found.sheet, found.header) == (
        "gb18030",
        "\t",
        "表1",
        3,
    )
    assert (found.key, found.first_year) == ("证号", 1904)
    assert found.facts == {"学历": "education", "备注": ""}
    assert found.answers == {"education": {"高中": "none", "不详": "unknown"}}
    assert found.assume == {"title": ..., "award": "none"}


@pytest.mark.parametrize(
    ("text", "zh", "en"),
    [
        ("columns: [{column: 学历, fact: '?'}]", "“学历”列尚未确定", "'学历', not decided yet (?)"),
        (
            "columns: [{column: 学历, fact: education, answers: {本科: '?'}}]",
            "“学历”列的“本科”尚未确定",
            "the value '本科' of the column '学历', not decided yet (?)",
        ),
        (
            "columns: [{column: 学历, fact: educaton}]",
            "未知的事实“educaton”",
            "Write 'education'",
        ),
        (
            "columns: [{column: 学历, fact: education, answers: {本科: bachelors}}]",
            "未知的答案“bachelors”",
            "the unknown answer 'bachelors'",
        ),
        (
            "columns: [{column: a, fact: title}, {column: b, fact: title}]",
            "“b”列也是 title",
            "the column 'b', which is title as 'a' is",
        ),
        ("columns: []\nassume: {titel: unknown}", "未知的事实“titel”", "Write 'title'"),
    ],
)
def test_what_is_open_or_wrong_is_named_with_its_line(
    tmp_path: Path, text: str, zh: str, en: str
) -> None:
    said_zh, said_en = refused(tmp_path, HEAD + text + "\n")
    assert "JF-F076" in said_zh
    assert "m.yaml:" in said_en
    assert zh in said_zh
    assert en in said_en


def test_a_mapping_of_another_city_or_form_is_refused(tmp_path: Path) -> None:
    wrong = 'mapping: "1"\ncity: chengdu\ncolumns: []\n'
    assert "a mapping for chengdu" in refused(tmp_path, wrong)[1]
    assert "JF-P013" in refused(tmp_path, 'mapping: "2"\ncolumns: []\n')[1]
    assert "JF-P010" in refused(tmp_path, f"{HEAD}columns: []\nencodng: utf-8\n")[1]
    with pytest.raises(ExtractFault, match="JF-F076 found no such mapping"):
        load_mapping(tmp_path / "none.yaml", VOCABULARY)


def test_a_proposal_says_how_sure_it_is_and_leaves_open_what_is_not_clear(tmp_path: Path) -> None:
    path = tmp_path / "p.csv"
    rows = [
        "登记表,,,,,",
        "证件号码,出生日期,文化程度,居住证是否有效,职称,区",
        "999901197710184786,28416,博士,Y,三级,浦东",
        "999902197704236531,1977/4/23,本科,否,中级,徐汇",
        "999901197011252639,1970-11-25,高中,√,无,徐汇",
    ]
    path.write_bytes("\n".join(rows).encode("gb18030"))
    proposal = propose_mapping(path, VOCABULARY)
    found = {one.column: (one.fact, one.confidence) for one in proposal.columns}
    assert found == {
        "证件号码": ("identity_number", "certain"),
        "出生日期": ("birth_date", "certain"),
        "文化程度": ("education", "likely"),
        "居住证是否有效": ("permit_valid", "likely"),
        "职称": ("title", "likely"),
        "区": ("", "certain"),
    }
    answers = {one.column: one.answers for one in proposal.columns if one.answers}
    assert answers == {
        "文化程度": {"博士": "doctor", "本科": "?", "高中": "?"},
        "职称": {"三级": "level_3", "中级": "?", "无": "none"},
    }
    assert proposal.open_count == 3
    assert proposal.day_numbers == 1
    assert "serious_crime" in proposal.lacking
    assert not {"age", "birth_date", "permit_valid"} & set(proposal.lacking)


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_a_proposal_is_a_mapping_once_it_is_decided(tmp_path: Path, lang: str) -> None:
    path = tmp_path / 'p "1".csv'
    path.write_text("职称,no\n中级,1\n", encoding="utf-8")
    text = format_proposal(
        propose_mapping(path, VOCABULARY), VOCABULARY, "zh" if lang == "zh" else "en"
    )
    assert yaml.safe_load(text)["file"] == 'p "1".csv'
    assert "not decided yet" in refused(tmp_path, text)[1]
    decided = loaded(tmp_path, text.replace('"?"', '"intermediate"'))
    assert decided.answers == {"title": {"中级": "intermediate"}}
    assert decided.assume["education"] is ...


def test_a_column_that_resembles_a_label_is_unsure(tmp_path: Path) -> None:
    path = tmp_path / "p.csv"
    path.write_text("上海市居住证有效,文化\n是,博士研究生学历学位\n否,大专以下\n", encoding="utf-8")
    first, second = propose_mapping(path, VOCABULARY).columns
    assert (first.fact, first.confidence) == ("permit_valid", "unsure")
    assert (second.fact, second.confidence, second.because) == ("education", "unsure", "values")


def test_two_columns_of_one_fact_are_decided_by_a_person(tmp_path: Path) -> None:
    path = tmp_path / "p.csv"
    path.write_text("文化程度,学历\n博士,硕士\n", encoding="utf-8")
    assert [one.fact for one in propose_mapping(path, VOCABULARY).columns] == ["?", "?"]
    path.write_text("学历学位,学历\n博士,硕士\n", encoding="utf-8")
    assert [one.fact for one in propose_mapping(path, VOCABULARY).columns] == ["education", ""]
