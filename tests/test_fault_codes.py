"""Every code of a fault stands in a test that asserts its words, and in docs/checks.md."""

import re
from collections import Counter
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
CODE = re.compile(r"JF-[A-Z][0-9]{3}")
EXPLAINED = re.compile(r"^\| (JF-[A-Z][0-9]{3}) \|", re.MULTILINE)
TEXTS = {".py", ".html", ".json", ".md", ".txt", ".yaml"}
INVENTED = {"JF-C999", "JF-P000"}
"""Codes of tests about codes: nobody meets them."""


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


def test_a_code_in_the_name_of_a_file_counts(tmp_path: Path) -> None:
    (tmp_path / "JF-Z001-name.yaml").write_text("a: JF-Z002", encoding="utf-8")
    (tmp_path / "picture.png").write_bytes(b"\xff JF-Z003")
    assert set(codes_under(tmp_path)) == {"JF-Z001", "JF-Z002"}
