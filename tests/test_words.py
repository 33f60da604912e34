"""What code says stands in files, one a package and language, and nowhere in Python."""

import ast
import json
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from string import Formatter
from typing import NamedTuple

import pytest

from jifen.policy.word_catalogue import LANGS, WordCatalogue

SOURCE = Path(__file__).parents[1] / "src" / "jifen"
HAN = re.compile(r"[\u3400-\u9fff]")
OPEN_PACKAGES = frozenset(
    {
        "office/consultation",
        "office/notices",
        "office/web",
    }
)
"""Packages in whose Python Chinese still stands. The list may shrink; it may not grow."""
READ_NOT_SAID = {
    "facts/contributions.py": {"_SCHEME_WORDS", "_STATUS_WORDS", "_read_schemes"},
    "facts/extracts/header.py": {"_VALUE"},
    "facts/extracts/proposal.py": {"_NONE_WORDS"},
    "facts/extracts/rows.py": {"TOTALS", "_CANDIDATES"},
    "facts/insurance/cells.py": {
        "_AMOUNT",
        "_BETWEEN",
        "_HEADINGS",
        "_NAME",
        "_OTHER_SCHEMES",
        "_SCHEMES",
        "_SPACED_MONTH",
        "_STATUSES",
        "_UNPAID",
        "_read_months",
        "split_line",
    },
    "policy/checks/purposes_as_readings.py": {"_PURPOSES", "_find_purpose"},
    "policy/quantity.py": {"UNITS"},
    "office/administration/offices.py": {"_PHONE"},
    "office/casework/actions/register_files.py": {"_FLAGS"},
    "office/casework/material_guess.py": {"_COMMON_NAMES"},
    "office/registry/adapters/answers.py": {"_FLAGS", ""},
    "office/sheets/batch_reader.py": {"_format_cell"},
    "facts/spelling.py": {
        "DOES_NOT_APPLY",
        "NO_DATES",
        "_ABOUT",
        "_AGES",
        "_DAY",
        "_MONTH",
        "_MONTHS",
        "_NO",
        "_OTHERS",
        "_OWN",
        "_PIECE",
        "_SCALES",
        "_SHORT_YEAR",
        "_UNTIL_NOW",
        "_YEARS",
        "_YES",
        "read_amount",
    },
}
"""Chinese that is looked for in what people write, by module and the name that holds it."""
STORED_CHOICES = {
    "office/casework/models/application.py": {"Application", "Lane", "State"},
    "office/casework/models/correction.py": {"Correction", "CorrectionItem"},
    "office/casework/models/decision.py": {"Outcome"},
    "office/casework/models/gates.py": {"GateState", "RegisterCheck"},
    "office/casework/models/items.py": {"Finding"},
    "office/casework/models/post_decision.py": {"FalseRecord", "Recheck"},
    "office/desk/models.py": {"ThreadMessage"},
    "office/messages/models.py": {"CHANNELS", "Language", "MessageState"},
    "office/waiting/models.py": {"WaitKind"},
    "office/workshop/models/adoptions.py": {"AdoptionState"},
    "office/workshop/models/drafts.py": {"DraftState"},
    "office/workshop/models/effects.py": {"Label", "PopulationState", "RunState"},
    "office/workshop/models/studies.py": {"StudyKind"},
    "office/accounts/models.py": {"Role"},
    "office/lists/models/entry.py": {"State"},
    "office/lists/models/objection.py": {"ObjectionState"},
    "office/lists/models/published.py": {"PublicList"},
    "office/lists/models/run.py": {"Run"},
    "office/registry/models/permits.py": {"DWELLINGS", "KINDS"},
    "office/registry/models/ties.py": {"CodeChannel"},
    "office/registry/models/units.py": {"Invitation", "Membership", "Unit", "UnitState"},
}
"""Labels of choices in models: they stand in migrations, which are never written anew."""
ALLOWED = READ_NOT_SAID | STORED_CHOICES
ONE_SIDED = frozenset({
    "cli/city_sources.no_folder",
    "cli/registers.stored_and_refused",
    "facts/contributions.a_list_of_at_most",
    "facts/facts_file.a_list",
    "facts/facts_file.a_text",
    "facts/situation.given_as_while_gives",
    "facts/unknown_facts.and_more",
    "facts/unknown_facts.this_city",
    "facts/values.the_boolean",
    "facts/values.check_the_figure",
    "facts/values.check",
    "lab/cluster.runner.has_jifen_and_rules",
    "lab/population.store.holds_no_packed_people",
    "office/api/planning.route",
    "office/messages/parameters.day_left",
    "policy/diff.statements.yearly_day",
    "scoring/result_status.status_texts.and_more",
})  # fmt: skip
"""Sentences with a value that only one language needs, by package and key."""
CHINESE_IN_ENGLISH = frozenset({
    "office/administration/calendar_years.line_cannot_be_read_write",
    "office/administration/calendar_years.write_the_number",
})  # fmt: skip
"""Sentences whose English quotes Chinese on purpose, by package and key."""


class Call(NamedTuple):
    """One `say(…)` of a package's code."""

    place: str
    key: str
    values: frozenset[str]


PACKAGES = sorted(str(place.parent.relative_to(SOURCE)) for place in SOURCE.rglob("words.zh.json"))


def _read_words(package: str, lang: str) -> dict[str, str]:
    return dict(WordCatalogue(str(SOURCE / package / "words.py")).read_templates(lang))  # type: ignore[arg-type]


@cache
def _read_source() -> dict[Path, str]:
    return {path: path.read_text("utf-8") for path in sorted(SOURCE.rglob("*.py"))}


def _list_calls(package: str) -> Iterator[Call]:
    """Every call in the modules that take `say` from the words of this package."""
    dotted = f"jifen.{package.replace('/', '.')}.words"
    for path, text in _read_source().items():
        if f"from {dotted} import say\n" not in text:
            continue
        for node in ast.walk(ast.parse(text)):
            if isinstance(node, ast.Call) and ast.unparse(node.func) == "say":
                place = f"{path.relative_to(SOURCE)}:{node.lineno}"
                yield Call(place, _read_key(node, place), frozenset(_list_names(node)))


def _read_key(node: ast.Call, place: str) -> str:
    key = node.args[0]
    assert isinstance(key, ast.Constant), f"{place}: a key is written out"
    return str(key.value)


def _list_names(node: ast.Call) -> Iterator[str]:
    for keyword in node.keywords:
        assert keyword.arg, f"line {node.lineno}: values are named one by one"
        yield keyword.arg


def _list_placeholders(template: str) -> frozenset[str]:
    return frozenset(name for _, name, _, _ in Formatter().parse(template) if name is not None)


def _list_chinese(package: Path) -> Iterator[str]:
    """Where Chinese stands in Python, outside docstrings."""
    for path, text in _read_source().items():
        if not path.is_relative_to(package) or "migrations" in path.parts or not HAN.search(text):
            continue
        tree = ast.parse(text)
        docstrings = {
            node.value
            for node in ast.walk(tree)
            if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
        }
        name = str(path.relative_to(SOURCE))
        for statement in tree.body:
            if _name_statement(statement) in ALLOWED.get(name, ()):
                continue
            for node in ast.walk(statement):
                if (
                    isinstance(node, ast.Constant)
                    and isinstance(node.value, str)
                    and HAN.search(node.value)
                    and node not in docstrings
                ):
                    yield f"{name}:{node.lineno}: {node.value}"


def _name_statement(statement: ast.stmt) -> str:
    """The constant, function or class that a statement makes."""
    if isinstance(statement, ast.Assign):
        return ast.unparse(statement.targets[0])
    if isinstance(statement, ast.AnnAssign):
        return ast.unparse(statement.target)
    return str(getattr(statement, "name", ""))


def _list_packages() -> Iterator[Path]:
    """The packages of the engine, and the apps of the office."""
    for folder in (SOURCE, SOURCE / "office"):
        yield from (
            path.parent
            for path in sorted(folder.glob("*/__init__.py"))
            if path.parent != SOURCE / "office"
        )


@pytest.mark.parametrize("package", PACKAGES)
def test_every_language_has_the_same_sentences(package: str) -> None:
    keys = {lang: list(_read_words(package, lang)) for lang in LANGS}
    assert keys["en"] == keys["zh"]


@pytest.mark.parametrize("package", PACKAGES)
def test_every_language_takes_the_same_values(package: str) -> None:
    chinese, english = (_read_words(package, lang) for lang in LANGS)
    differing = {
        f"{package}/{key}"
        for key in chinese
        if _list_placeholders(chinese[key]) != _list_placeholders(english[key])
    }
    assert differing == {key for key in ONE_SIDED if key.startswith(f"{package}/")}


@pytest.mark.parametrize("package", PACKAGES)
def test_code_names_each_sentence_and_gives_its_values(package: str) -> None:
    chinese, english = (_read_words(package, lang) for lang in LANGS)
    calls = list(_list_calls(package))
    assert [call for call in calls if call.key not in chinese] == [], "not in the file"
    assert sorted(set(chinese) - {call.key for call in calls}) == [], "said nowhere"
    for call in calls:
        wanted = _list_placeholders(chinese[call.key]) | _list_placeholders(english[call.key])
        assert call.values == wanted, call.place


@pytest.mark.parametrize("package", PACKAGES)
def test_english_is_english(package: str) -> None:
    mixed = {
        f"{package}/{key}" for key, words in _read_words(package, "en").items() if HAN.search(words)
    }
    assert mixed == {key for key in CHINESE_IN_ENGLISH if key.startswith(f"{package}/")}


@pytest.mark.parametrize("package", PACKAGES)
def test_no_key_stands_twice(package: str) -> None:
    """A reader of JSON takes the last one in silence."""

    def refuse_twins(pairs: list[tuple[str, object]]) -> dict[str, object]:
        names = [name for name, _ in pairs]
        assert len(names) == len(set(names)), [name for name in names if names.count(name) > 1]
        return dict(pairs)

    for lang in LANGS:
        text = (SOURCE / package / f"words.{lang}.json").read_text("utf-8")
        json.loads(text, object_pairs_hook=refuse_twins)


def test_no_chinese_stands_in_the_python_of_a_package_that_is_done() -> None:
    left = {
        str(package.relative_to(SOURCE)): places
        for package in _list_packages()
        if (places := list(_list_chinese(package)))
    }
    assert {name: places for name, places in left.items() if name not in OPEN_PACKAGES} == {}
    assert OPEN_PACKAGES - set(left) == set(), "done: take it off the list"


def test_a_value_in_both_languages_is_shown_in_the_language_of_the_sentence(
    tmp_path: Path,
) -> None:
    for lang, template in {"zh": "共 {n:,} 人：{who}", "en": "{who}: {n:,} people"}.items():
        content = {"people": {"counted": template}}
        (tmp_path / f"words.{lang}.json").write_text(json.dumps(content), encoding="utf-8")
    say = WordCatalogue(str(tmp_path / "words.py"))
    label = WordCatalogue(str(SOURCE / "planning" / "words.py"))("route_text.kinds_condition")
    words = say("people.counted", n=1200, who=label)
    assert (words.zh, words.en) == ("共 1,200 人：条件", "condition: 1,200 people")


def test_a_key_or_a_value_that_is_not_there_is_an_error() -> None:
    say = WordCatalogue(str(SOURCE / "planning" / "words.py"))
    with pytest.raises(KeyError, match="nothing"):
        say("faults.nothing")
    with pytest.raises(KeyError, match="hint"):
        say("faults.did_you_mean")
