"""A person's file, YAML or JSON: what is read, where each value stands, and what is refused."""

import io
import re
from decimal import Decimal
from pathlib import Path

import pytest

from jifen.facts import FactsError
from jifen.facts.facts_file import read_facts_path, read_facts_stream, read_facts_text
from jifen.facts.fault_translation import translate_faults
from jifen.policy.fault import DocumentError
from jifen.policy.source import MAX_BYTES
from jifen.policy.text import Lang


def codes(text: str) -> list[str]:
    with pytest.raises(DocumentError) as error:
        read_facts_text(text)
    return [fault.code for fault in error.value.faults]


def place(text: str, path: str) -> tuple[int, int]:
    found = read_facts_text(text, "me").places[path]
    assert found.file == "me"
    return found.line, found.column


def test_yaml_and_json_say_the_same() -> None:
    yaml = "education: master\ninsured_months: 60\ndetention_dates: []\n"
    json = '{"education": "master", "insured_months": 60, "detention_dates": []}'
    assert (
        read_facts_text(yaml).given["education"]
        == read_facts_text(json).given["education"]
        == "master"
    )
    assert read_facts_text(json).given["insured_months"] == 60
    assert (
        read_facts_text(json).given["detention_dates"]
        == read_facts_text(yaml).given["detention_dates"]
        == []
    )


def test_a_value_is_found_where_it_stands() -> None:
    yaml = "education: master\ncontributions:\n  - {from: 2020-01, to: 2020-02}\n"
    assert place(yaml, "education") == (1, 1)
    assert place(yaml, "contributions") == (2, 1)
    assert place(yaml, "contributions.0.to") == (3, 25)
    json = '{"education": "master",\n "insured_months": 60}'
    assert place(json, "insured_months") == (2, 2)


def test_yaml_that_looks_like_json_is_read_as_yaml() -> None:
    assert read_facts_text("{education: master, title: none}").given == {
        "education": "master",
        "title": "none",
    }


def test_numbers_of_json_are_exact_and_endless_ones_stay_text() -> None:
    given = read_facts_text(
        '{"a": 1.10, "b": 123456789012345678, "c": 1234567890123456789, "d": 1e400}'
    ).given
    assert given["a"] == Decimal("1.10")
    assert given["b"] == 123456789012345678
    assert given["c"] == "1234567890123456789"
    assert given["d"] == "1e400"
    assert read_facts_text('{"e": 1e18, "f": 1e19}').given == {"e": Decimal("1e18"), "f": "1e19"}


@pytest.mark.parametrize(
    ("text", "code", "zh", "en"),
    [
        ("", "JF-F050", "空文件", "an empty file"),
        ("- a\n- b\n", "JF-F050", "一个列表", "a list"),
        ("nothing", "JF-F050", "一段文字", "the text 'nothing'"),
        ('{"a": 1, "a": 2}', "JF-F051", "JSON 有误", "the key 'a' a second time"),
        ('{"a": }]', "JF-F051", "JSON 有误", "broken JSON: Expecting value"),
    ],
)
def test_what_is_no_facts_file_is_said(text: str, code: str, zh: str, en: str) -> None:
    said: tuple[tuple[Lang, str], ...] = (("zh", zh), ("en", en))
    for lang, words in said:
        with pytest.raises(FactsError) as error:
            read_facts_text(text, "me", lang)
        [fault] = error.value.faults
        assert fault.code == code
        assert words in fault.found
        assert fault.place.file == "me"


def test_broken_json_names_its_line_and_column() -> None:
    with pytest.raises(FactsError) as error:
        read_facts_text('{"a": 1,\n "b": }]', "me")
    [fault] = error.value.faults
    assert (fault.place.line, fault.place.column) == (2, 7)


def test_deep_json_is_refused() -> None:
    assert codes('{"a": ' + "[" * 100_000 + "]" * 100_000 + "}") == ["JF-F051"]


def test_a_file_has_a_largest_size(tmp_path: Path) -> None:
    path = tmp_path / "me.yaml"
    text = b"education: master\n"
    filled = text + b"#" * (MAX_BYTES - len(text))
    path.write_bytes(filled)
    assert read_facts_path(path).given == {"education": "master"}
    assert read_facts_stream(io.BytesIO(filled), "me").given == {"education": "master"}
    path.write_bytes(filled + b"#")
    for content in (path.open("rb"), io.BytesIO(filled + b"#")):
        with content as stream, pytest.raises(DocumentError) as error:
            read_facts_stream(stream, "me")
        assert [fault.code for fault in error.value.faults] == ["JF-P003"]
    with pytest.raises(DocumentError) as error:
        read_facts_path(path)
    assert [fault.code for fault in error.value.faults] == ["JF-P003"]


def test_a_fault_is_wholly_in_its_language(tmp_path: Path) -> None:
    with pytest.raises(FactsError) as error:
        read_facts_path(tmp_path / "nobody.yaml", "zh")
    assert str(error.value).split("nobody.yaml", 1)[1] == (
        ":1:1: JF-F052 错误\n  现为：没有“nobody.yaml”这个文件\n"
        "  应为：可读的事实文件，或 - 表示标准输入\n  处理：请核对路径和权限。"
    )
    with pytest.raises(FactsError) as broken:
        read_facts_text('{"a": 1,\n "b": }]', "me", "zh")
    assert "JSON 有误（此处缺少一个值）" in str(broken.value)
    with pytest.raises(DocumentError) as yaml:
        read_facts_text("a: [", "me")
    words = str(translate_faults(yaml.value, "zh"))
    assert not re.search(r"found|expected|error|do:", words)


def test_a_file_that_is_not_there_is_said_in_both_languages(tmp_path: Path) -> None:
    said = set()
    languages: tuple[Lang, ...] = ("zh", "en")
    for lang in languages:
        with pytest.raises(FactsError) as error:
            read_facts_path(tmp_path / "nobody.yaml", lang)
        [fault] = error.value.faults
        assert fault.code == "JF-F052"
        said.add(fault.found)
    assert len(said) == 2


@pytest.mark.parametrize(
    ("text", "code", "words"),
    [
        ("a: [", "JF-P001", "无法解析的内容"),
        ("a: 1\na: 2\n", "JF-P005", "键“a”重复出现（第一次在第 1 行）"),
        ("a: &x 1\nb: *x\n", "JF-P006", "YAML 的锚点或别名（& 或 *）"),
    ],
)
def test_what_the_reader_of_documents_says_is_said_in_chinese_too(
    text: str, code: str, words: str
) -> None:
    with pytest.raises(DocumentError) as error:
        read_facts_text(text)
    [english] = translate_faults(error.value, "en").faults
    [chinese] = translate_faults(error.value, "zh").faults
    assert english == error.value.faults[0]
    assert (chinese.code, chinese.found) == (code, words)
    assert chinese.place == english.place
    assert chinese.expected != english.expected
    assert chinese.remedy != english.remedy
