"""Templates are written in Chinese; every other language is a folder of files."""

import ast
import re
from collections import Counter
from pathlib import Path

import pytest

from jifen.office.web.page_words import (
    DEFAULT,
    FOLDER,
    build_translate,
    read_translations,
    read_words_file,
)

TEMPLATES = FOLDER.parent / "templates"
_STRING = r""""(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'"""
_CALL = re.compile(rf"\bt\(\s*({_STRING})(?:, sense=({_STRING}))?\)")
_ANY_CALL = re.compile(r"\bt\(")
_PLACEHOLDER = re.compile(r"%(?:\.\d+)?[sdf%]")
_HAN = re.compile(r"[\u4e00-\u9fff]")
_CHINESE = re.compile(r"[\u4e00-\u9fff\u3000-\u303f\uff00-\uffef]")
NAMES_OF_LANGUAGES = {
    "consultation/comment.html": {"\u3000"},
    "yearly/inbox.html": {"中", "文"},
}
"""Where a language is named in itself, and a space that indents."""
CHINESE_IN_ENGLISH = {
    "In full, or as on the list: 王**",
    "For example 周一至周五 9:00–17:00",
    "One line each: first day, last day, name / English name, such as 2027-02-05 2027-02-11 春节"
    " / Spring Festival",
}
"""Translations that quote Chinese on purpose, such as the name of a document."""


def _list_calls() -> list[tuple[str, str, str]]:
    """Template, sentence and sense of each `t(…)`."""
    calls = []
    for place in sorted(TEMPLATES.rglob("*.html")):
        for words, sense in _CALL.findall(place.read_text(encoding="utf-8")):
            name = str(place.relative_to(TEMPLATES))
            calls.append((name, ast.literal_eval(words), _read_sense(sense)))
    return calls


def _read_sense(quoted: str) -> str:
    return str(ast.literal_eval(quoted)) if quoted else DEFAULT


CALLS = _list_calls()
LANGS = sorted(place.name for place in FOLDER.iterdir() if place.is_dir())


def test_a_template_names_its_words_as_they_stand() -> None:
    """So that the files can be held against the templates."""
    for place in sorted(TEMPLATES.rglob("*.html")):
        text = place.read_text(encoding="utf-8")
        others = [text[m.start() : m.start() + 60] for m in _ANY_CALL.finditer(text)]
        assert len(others) == len(_CALL.findall(text)), (place.name, others)


def test_nothing_chinese_stands_outside_of_the_words_of_a_template() -> None:
    """A full-width colon between two values is in every language's page otherwise."""
    comments = re.compile(r"\{#.*?#\}", re.DOTALL)
    left = {}
    for place in sorted(TEMPLATES.rglob("*.html")):
        text = _CALL.sub("", comments.sub("", place.read_text(encoding="utf-8")))
        if marks := set(_CHINESE.findall(text)):
            left[str(place.relative_to(TEMPLATES))] = marks
    assert left == NAMES_OF_LANGUAGES


@pytest.mark.parametrize("lang", LANGS)
def test_no_sentence_is_missing_and_none_is_left_over(lang: str) -> None:
    used = {(words, sense) for _, words, sense in CALLS}
    given = read_translations(lang)
    assert sorted(used - set(given)) == []
    assert sorted(set(given) - used) == []


@pytest.mark.parametrize("lang", LANGS)
def test_a_sentence_stands_in_one_file_only(lang: str) -> None:
    places = Counter(
        words for place in (FOLDER / lang).glob("*.yaml") for words in read_words_file(place)
    )
    assert [words for words, count in places.items() if count > 1] == []


@pytest.mark.parametrize("lang", LANGS)
def test_both_sides_take_the_same_values(lang: str) -> None:
    for (words, _), translation in read_translations(lang).items():
        assert _PLACEHOLDER.findall(words) == _PLACEHOLDER.findall(translation), words


def test_english_is_english() -> None:
    mixed = {words for words in read_translations("en").values() if _HAN.search(words)}
    assert mixed == CHINESE_IN_ENGLISH


def test_a_sense_is_named_where_one_word_has_several() -> None:
    translate = build_translate("en")
    for words, sense in {(words, sense) for _, words, sense in CALLS}:
        assert translate(words, sense=sense) == read_translations("en")[words, sense]
        assert build_translate("zh")(words, sense=sense) == words


def test_a_sentence_that_nobody_translated_stays_chinese() -> None:
    assert build_translate("en")("没有译文的句子") == "没有译文的句子"


def test_the_files_are_where_the_package_keeps_them() -> None:
    assert Path(FOLDER, "en", "shared.yaml").is_file()
