"""Names with rare characters and with private codes of older systems, on paper and compared."""

from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as site

from jifen.office.notices.pdf.fonts import NotInFonts, check_characters
from jifen.office.notices.pdf.typesetting import typeset_notice
from jifen.office.operate.doctor.basics import check_notice_fonts
from jifen.office.registry.actions.people import find_or_add_person
from jifen.office.vault.names import normalize_name
from jifen.office.vault.private_codes import list_unmapped_codes, to_standard_characters
from tests.office.notices.rare_fonts import write_font
from tests.office.notices.sheet_words import CONTENT, read_words
from tests.world.office import identity, user

DOUBLE_BYTES = [bytes([0xFE, low]) for low in range(0x50, 0xA1) if low != 0x7F]
MAPPED_LATER = [
    "FE51",
    "FE52",
    "FE53",
    "FE59",
    "FE61",
    "FE66",
    "FE67",
    "FE6C",
    "FE6D",
    "FE76",
    "FE7E",
    "FE90",
    "FE91",
    "FEA0",
]
"""Codes that the codec of Python (GB 18030-2000) still has in the private area; the later editions
map them."""


def test_the_packages_for_rare_characters_are_used_where_they_are(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    write_font("𠮷", tmp_path / "hanazono" / "b.ttf", "Rare B")
    write_font("𰻝", tmp_path / "babelstone" / "g.ttf", "Rare G")
    folders = (tmp_path / "babelstone", tmp_path / "hanazono", tmp_path / "none")
    with pytest.raises(NotInFonts) as refused:
        check_characters("王𠮷𰻝")
    assert "fonts-babelstone-han fonts-hanazono" in refused.value.words.zh
    assert "fonts-babelstone-han fonts-hanazono" in refused.value.words.en
    monkeypatch.setattr(site, "RARE_CHARACTER_FONTS", tuple(map(str, folders)))
    pdf = typeset_notice(CONTENT | {"paragraphs": ["王𠮷𰻝"]})
    assert "王𠮷𰻝" in read_words(pdf)


def test_the_doctor_says_when_rare_characters_cannot_be_printed(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    finding = check_notice_fonts()
    assert finding.state == "warning"
    assert "fonts-babelstone-han" in finding.words.en
    assert "fonts-hanazono" in finding.words.zh
    for place, char in enumerate("\U00020bb7\U0002cea1\U00030edd"):
        write_font(char, tmp_path / f"{place}.ttf", f"Rare {place}")
    monkeypatch.setattr(site, "RARE_CHARACTER_FONTS", (str(tmp_path),))
    assert check_notice_fonts().state == "good"


def test_each_code_of_the_last_row_is_the_character_that_the_standard_names() -> None:
    for place, double_byte in enumerate(DOUBLE_BYTES):
        private = chr(0xE815 + place)
        character = double_byte.decode("gb18030")
        if double_byte.hex().upper() in MAPPED_LATER:
            assert character == private, "the codec has it in the private area"
            assert not list_unmapped_codes(private)
        else:
            assert to_standard_characters(private) == character, double_byte.hex()


@pytest.mark.parametrize(
    ("private", "character"),
    [
        ("\ue81e", "\u9fb4"),  # FE59
        ("\ue826", "\u9fb5"),  # FE61
        ("\ue82b", "\u9fb6"),  # FE66
        ("\ue82c", "\u9fb7"),  # FE67
        ("\ue832", "\u9fb8"),  # FE6D
        ("\ue843", "\u9fb9"),  # FE7E
        ("\ue854", "\u9fba"),  # FE90
        ("\ue864", "\u9fbb"),  # FEA0
        ("\ue816", "\U00020087"),  # FE51
        ("\ue831", "\U000215d7"),  # FE6C
        ("\ue78d", "\ufe10"),  # A6D9
        ("\ue7c7", "\u1e3f"),  # A8BC
    ],
)
def test_codes_that_the_later_editions_map(private: str, character: str) -> None:
    assert to_standard_characters(private) == character


def test_a_code_that_one_system_made_up_stays_and_is_named() -> None:
    assert to_standard_characters("王\ue123") == "王\ue123"
    assert list_unmapped_codes("王\ue123\ue81e\ue123") == ["\ue123"]
    with pytest.raises(NotInFonts) as refused:
        check_characters("王\ue123")
    assert "旧系统自造字的代码：U+E123，国家标准没有对应的字" in refused.value.words.zh
    assert "an older system made up: U+E123" in refused.value.words.en


def test_a_paper_prints_the_character_of_a_private_code() -> None:
    pdf = typeset_notice(CONTENT | {"head": [["持有人", "王\ue81a"]]})
    assert "王\u3473" in read_words(pdf)


def test_names_under_private_codes_compare_as_equal() -> None:
    assert normalize_name("王\ue81e") == normalize_name("王\u9fb4")
    assert normalize_name("王\ue123") != normalize_name("王\u9fb4")


@pytest.mark.django_db
def test_a_person_is_found_under_the_private_code_of_an_older_system() -> None:
    clerk = user("clerk")
    first = find_or_add_person(clerk, identity(7), "王\ue81e")
    assert first.name == "王\u9fb4"
    assert find_or_add_person(clerk, identity(7), "王\u9fb4") == first
    assert find_or_add_person(clerk, identity(7), "王\ue81e") == first


def test_the_words_of_the_table_are_whole(db: Any) -> None:
    """Both editions are in one table: as many codes as the rows have."""
    del db
    mapped = [chr(code) for code in range(0xE000, 0xF900) if not list_unmapped_codes(chr(code))]
    assert len(mapped) == 13 + 10 + 2 + len(DOUBLE_BYTES)
