"""Every code of a fault stands in a test that asserts its words, and in docs/checks.md."""

import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from string import Formatter

import pytest

from jifen.cities import CITIES
from jifen.facts.extracts.fault import EXTRACTS
from jifen.lab.fault_catalogue import LAB
from jifen.office.audit.faults import AUDIT
from jifen.office.consultation.faults import CONSULTATION
from jifen.office.operate.backup.faults import BACKUP
from jifen.office.uploads.refusals import CODES
from jifen.policy.catalogue import POLICY, Catalogue
from jifen.policy.text import Text
from jifen.reader.faults import RefusedFile
from jifen.reader.refusal_messages import explain_refusal
from jifen.scoring.device import DEVICE

ROOT = Path(__file__).parents[1]
CODE = re.compile(r"JF-[A-Z][0-9]{3}")
EXPLAINED = re.compile(r"^\| (JF-[A-Z][0-9]{3}) \|", re.MULTILINE)
TEXTS = {".py", ".html", ".json", ".md", ".txt", ".yaml"}
GIVEN: dict[str, int | str] = {
    "pixels": 1,
    "pages": 1,
    "most": 1,
    "page": 1,
    "name": "x",
    "cell": "A1",
}
INVENTED = {"JF-C999", "JF-P000"}
"""Codes of tests about codes: nobody meets them."""


CATALOGUES = {
    "audit": AUDIT,
    "policy": POLICY,
    "lab": LAB,
    "backup": BACKUP,
    "consultation": CONSULTATION,
    "device": DEVICE,
    "cities": CITIES,
    "extracts": EXTRACTS,
}
ONE_LANGUAGE = re.compile(r"JF-(E00[1-7]|H00[1-7]|Q00[1-5]|R00[1-8]|W00[1-6])")
"""Codes of the other files of a city (permit, moves, lists, process, entitlements): they are
English only. None may be added."""
SAYS = re.compile(r"from jifen\.[a-z_.]+\.words import say\n")
CHINESE = re.compile(r"[\u4e00-\u9fff]")


def codes_under(folder: Path) -> dict[str, Path]:
    """Every code in the text files of a folder and in their names, with a file that names it."""
    codes: dict[str, Path] = {}
    for path in sorted(folder.rglob("*")):
        if path.suffix in TEXTS and path != Path(__file__):
            for code in CODE.findall(f"{path.name}\n{path.read_text(encoding='utf-8')}"):
                codes.setdefault(code, path)
    return codes


@pytest.fixture(scope="module")
def codes_of_source() -> dict[str, Path]:
    """Every code that the source can give, with a file that gives it."""
    return codes_under(ROOT / "src/jifen")


@pytest.fixture(scope="module")
def codes_of_tests() -> dict[str, Path]:
    """Every code that a test, or a data file of tests, names."""
    return codes_under(ROOT / "tests")


def test_every_code_is_named_by_a_test(
    codes_of_source: dict[str, Path], codes_of_tests: dict[str, Path]
) -> None:
    untested = [
        f"{code} ({path.relative_to(ROOT)})"
        for code, path in codes_of_source.items()
        if code not in codes_of_tests
    ]
    assert not untested, "no test asserts the words of " + ", ".join(sorted(untested))


def test_no_test_names_a_code_that_there_is_not(
    codes_of_source: dict[str, Path], codes_of_tests: dict[str, Path]
) -> None:
    known = codes_of_source.keys() | INVENTED
    gone = [
        f"{code} ({path.relative_to(ROOT)})"
        for code, path in codes_of_tests.items()
        if code not in known
    ]
    assert not gone, "the source does not give " + ", ".join(sorted(gone))


def test_every_code_is_explained_once_and_no_other(codes_of_source: dict[str, Path]) -> None:
    explained = Counter(EXPLAINED.findall((ROOT / "docs/checks.md").read_text(encoding="utf-8")))
    assert set(explained) == set(codes_of_source)
    assert [code for code, times in explained.items() if times > 1] == []


def _templates(catalogue: Catalogue) -> Iterator[tuple[str, str, str]]:
    """Code and kind, then a template in Chinese and the same in English."""
    chinese, english = catalogue.list_kinds("zh"), catalogue.list_kinds("en")
    assert {code: list(kinds) for code, kinds in chinese.items()} == {
        code: list(kinds) for code, kinds in english.items()
    }
    for code, kinds in english.items():
        for kind, parts in kinds.items():
            for part, words in parts.items():
                yield f"{code} {kind} {part}", chinese[code][kind][part], words


def _placeholders(template: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(template) if name is not None}


@pytest.mark.parametrize("package", CATALOGUES)
def test_a_catalogue_says_the_same_in_both_languages(package: str) -> None:
    for where, chinese, english in _templates(CATALOGUES[package]):
        assert _placeholders(chinese) == _placeholders(english), where
        words = re.sub(r"\{\w+\}", "", chinese)
        # what holds nothing but placeholders and names of the language needs no Chinese
        assert (
            CHINESE.search(words)
            or not re.search(r"[A-Za-z]{2}", words)
            or (words.strip() == "UTF-8")
        ), where
        assert not CHINESE.search(english), where


def test_every_code_has_words_in_both_languages(codes_of_source: dict[str, Path]) -> None:
    """In a catalogue, or as texts that its own file holds in both or takes from the words of its
    package, which `tests/test_words.py` holds to both languages."""
    told = {code for one in CATALOGUES.values() for code in one.list_kinds("zh")}
    # words of files that were not read stand with the process that reads them
    for reason, code in CODES.items():
        words = explain_refusal(RefusedFile(reason, **GIVEN), Text("", ""))
        if CHINESE.search(words.zh) and not CHINESE.search(words.en):
            told.add(code)
    missing = []
    for code in codes_of_source:
        if code in told or ONE_LANGUAGE.fullmatch(code):
            continue
        texts = [text for path in _python_files() if code in (text := path.read_text("utf-8"))]
        if not any(CHINESE.search(text) or SAYS.search(text) for text in texts):
            missing.append(code)
    assert not missing, "English only: " + ", ".join(sorted(missing))


def _python_files() -> list[Path]:
    return sorted((ROOT / "src/jifen").rglob("*.py"))


def test_a_code_that_is_in_a_catalogue_is_given_by_the_source() -> None:
    """No words are kept for a fault that nobody meets; some are told by the scripts of a page."""
    scripts = sorted((ROOT / "src/jifen/office/web/static").rglob("*.js"))
    texts = "".join(path.read_text(encoding="utf-8") for path in [*_python_files(), *scripts])
    for catalogue in CATALOGUES.values():
        for code, kinds in catalogue.list_kinds("en").items():
            assert code in texts, code
            for kind in kinds:
                assert f'"{kind}"' in texts, (code, kind)


def test_a_code_in_the_name_of_a_file_counts(tmp_path: Path) -> None:
    (tmp_path / "JF-Z001-name.yaml").write_text("a: JF-Z002", encoding="utf-8")
    (tmp_path / "picture.png").write_bytes(b"\xff JF-Z003")
    assert set(codes_under(tmp_path)) == {"JF-Z001", "JF-Z002"}
