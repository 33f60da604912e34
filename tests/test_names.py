"""Names say what they stand for: modules are nouns of the field, a class name has one meaning."""

import ast
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

SOURCE = Path(__file__).parents[1] / "src" / "jifen"
VAGUE = frozenset({
    "after", "ahead", "anew", "asked", "carried", "clean", "course", "crowd", "data", "elsewhere",
    "found", "frozen", "happened", "held", "helpers", "info", "kept", "listed", "looks", "made",
    "manager", "misc", "one", "opens", "ring", "said", "scene", "settled", "several", "still",
    "stuff", "through", "told", "turn", "typed", "util", "utils", "waits", "walk", "way", "ways",
    "work", "worked",
})  # fmt: skip
"""Words that say nothing of what a module holds: participles, adverbs, boxes for anything."""
TWICE = frozenset({
    # of Django, and rows of tables whose name is kept with the table
    "Meta", "Draft", "Entry", "Fault", "Population", "Run", "Signer", "State", "Comparison",
    "Outcome", "Share", "Series", "Item", "Report",
    # a step of its own package, private to it or behind its face
    "Budget", "Card", "CellFault", "Chapter", "Cursor", "Happened", "Move", "Opening", "Part",
    "Row", "Saved", "SearchResult", "Shown", "_Maker",
})  # fmt: skip
"""Class names that stand in two places today. The list may shrink; it may not grow."""


def _modules() -> Iterator[Path]:
    for path in sorted(SOURCE.rglob("*.py")):
        if "migrations" not in path.parts:
            yield path


def test_no_module_and_no_package_has_a_vague_name() -> None:
    names = {
        part.removesuffix(".py") for path in _modules() for part in path.relative_to(SOURCE).parts
    }
    assert names & VAGUE == set()


def test_a_class_name_stands_for_one_thing() -> None:
    places: dict[str, list[str]] = defaultdict(list)
    for path in _modules():
        for node in ast.parse(path.read_text("utf-8")).body:
            if isinstance(node, ast.ClassDef):
                places[node.name].append(str(path.relative_to(SOURCE)))
    twice = {name: where for name, where in places.items() if len(where) > 1}
    assert {name: where for name, where in twice.items() if name not in TWICE} == {}


def test_at_most_a_fifth_of_the_functions_has_a_name_of_one_word() -> None:
    names = [
        node.name.strip("_")
        for path in _modules()
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        if not node.name.startswith("__")
    ]
    of_one_word = [name for name in names if "_" not in name]
    assert len(of_one_word) <= len(names) / 5, f"{len(of_one_word):,} of {len(names):,}"
