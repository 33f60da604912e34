"""How tests are chosen: those of a change, those of the second database; and from where they take
what they share."""

import ast
from pathlib import Path

import pytest

from tests.changed import ROOT, places_of
from tests.second_database import fewest, kind_of


@pytest.mark.parametrize(
    ("file", "tests"),
    [
        ("src/jifen/policy/mechanisms/scale.py", {"tests/policy/mechanisms"}),
        ("src/jifen/policy/checks/cliffs.py", {"tests/policy"}),
        ("src/jifen/office/casework/actions/decisions.py", {"tests/office/casework"}),
        ("tests/permits/test_permits.py", {"tests/permits/test_permits.py"}),
        ("docs/lab.md", set()),
        ("README.md", set()),
    ],
)
def test_a_changed_file_belongs_to_the_tests_beside_it(file: str, tests: set[str]) -> None:
    assert places_of([file], ROOT) == tests


def test_a_changed_page_belongs_to_the_tests_of_all_pages() -> None:
    chosen = places_of(["src/jifen/office/web/desk/review.py"], ROOT)
    assert chosen is not None
    assert "tests/office/test_permissions.py" in chosen


@pytest.mark.parametrize("file", ["pyproject.toml", "tests/world/office.py", "tests/conftest.py"])
def test_what_every_test_stands_on_belongs_to_all_tests(file: str) -> None:
    assert places_of(["README.md", file], ROOT) is None


def test_statements_of_one_kind_differ_in_values_numbers_and_plain_columns() -> None:
    assert kind_of('SELECT "a"."b" FROM "a" WHERE "a"."id" IN (%s, %s, %s) LIMIT 21') == (
        'SELECT columns FROM "a" WHERE "a"."id" IN (%s) LIMIT n'
    )
    assert kind_of("INSERT INTO a (b) VALUES (%s), (%s)") == kind_of(
        "INSERT INTO a (b) VALUES (%s)"
    )
    assert kind_of("SELECT COUNT(*) FROM a") != kind_of("SELECT MAX(b) FROM a")


def test_the_fewest_seconds_that_send_every_kind_are_chosen() -> None:
    sent = {
        "dear": ({"a", "b"}, 10.0),
        "cheap": ({"a"}, 0.1),
        "other": ({"b"}, 0.1),
        "covered": ({"c"}, 0.1),
    }
    assert fewest(sent, {"c"}) == ["cheap", "other"]


def test_no_test_imports_from_another_test() -> None:
    wrong = [
        f"{path.relative_to(ROOT)}:{node.lineno} imports from {node.module}"
        for path in (ROOT / "tests").rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.ImportFrom) and _is_a_test(node.module or "")
    ]
    assert wrong == []


def _is_a_test(module: str) -> bool:
    last = module.rpartition(".")[2]
    return module.startswith("tests.") and (last.startswith("test_") or last == "conftest")


def test_every_test_that_the_choice_names_is_there() -> None:
    from tests.second_database import chosen_by_name

    names = {name.partition("[")[0] for name in chosen_by_name()}
    gone = [name for name in sorted(names) if not _defined(*name.split("::")[:2])]
    assert gone == []


def _defined(file: str, test: str) -> bool:
    path = Path(ROOT / file)
    return path.exists() and f"def {test}(" in path.read_text(encoding="utf-8")
