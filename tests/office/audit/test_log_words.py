"""The log tells in words, in both languages, every act that the source can write and every detail
that it gives with one."""

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import NamedTuple

import pytest

from jifen.office.audit.models import Access, Entry
from jifen.office.audit.sealing import SEALED
from jifen.office.casework.models.decision import Outcome
from jifen.office.casework.models.items import Finding
from jifen.office.lists.models import State as ListState
from jifen.office.lists.models.objection import ObjectionState
from jifen.office.lists.rules import TABLE as LIST_TABLE
from jifen.office.notices.models.notice import NoticeKind, RevocationReason
from jifen.office.registry.models.permits import KINDS as PERMIT_KINDS
from jifen.office.sandbox.cast import MARK
from jifen.office.vault.rotation import KINDS as KEY_KINDS
from jifen.office.web.cases.case_texts import ACTS as CASE_ACTS
from jifen.office.web.records.log_acts import OTHER_ACTS
from jifen.office.web.records.log_labels import CODES, LABELS
from jifen.office.web.records.log_looks import LOOKS
from jifen.office.web.records.log_words import KINDS, LONE_NAMES, describe_rows, find_words_of_act
from jifen.office.workshop.models.adoptions import AdoptionState
from jifen.office.workshop.models.studies import StudyKind
from tests.world.office import Office, identity

SOURCE = Path(__file__).parents[3] / "src" / "jifen" / "office"
WRITERS = {"record": ("{}", 0), "record_access": ("{}", 0), "record_event": ("case.{}", 1)}
"""The ways into the log, with the act that they write and where it stands in a call."""
DECLARED = {
    "?MARK": {MARK},
    **{act: set() for act in ("?act", "signin.?name")},  # listeners to signals: `LISTENED`
    "objection.?row.state": {f"objection.{state}" for state in ("upheld", "dismissed")},
    "studio.adoption_?row.state": {
        f"studio.adoption_{state}" for state in (AdoptionState.ADOPTED, AdoptionState.REFUSED)
    },
}
"""Acts whose name is a state when they are written."""
RECORDED_AT_ONCE = {
    SEALED,
    "log.unreadable",
    "notice.looked_up",
    *(f"list.{rule.act}" for rule in LIST_TABLE),
    "list.enter",
    *(f"permit.{kind}" for kind, _ in PERMIT_KINDS),
}
"""Acts that are written many at once, without a call for each."""
LISTENED = {
    f"signin.{name}"
    for name in (
        *("succeeded", "ended", "signed_up", "password_changed"),
        *("authenticator_added", "authenticator_removed", "authenticator_reset"),
    )
}
"""Signals of the library for signing in."""


@cache
def _read_trees() -> dict[Path, ast.Module]:
    return {
        path: ast.parse(path.read_text("utf-8"))
        for path in sorted(SOURCE.rglob("*.py"))
        if "migrations" not in path.parts
    }


class _Call(NamedTuple):
    """A call within a function of a module."""

    path: Path
    function: ast.FunctionDef
    node: ast.Call


@cache
def _read_calls() -> dict[str, list[_Call]]:
    """Every call by the name that is called, in the functions that hold it."""
    calls: dict[str, list[_Call]] = {}
    for path, tree in _read_trees().items():
        for function in ast.walk(tree):
            if isinstance(function, ast.FunctionDef):
                for node in ast.walk(function):
                    if isinstance(node, ast.Call):
                        one = _Call(path, function, node)
                        calls.setdefault(ast.unparse(node.func), []).append(one)
    return calls


def _has_name(tree: ast.Module, name: str) -> bool:
    """Whether a module imports a function."""
    imported = (node for node in tree.body if isinstance(node, ast.ImportFrom))
    return any(alias.name == name for node in imported for alias in node.names)


class _Acts:
    """What an expression can name: texts, and a parameter with the text around it."""

    def __init__(self, function: ast.FunctionDef, parameters: dict[str, int]) -> None:
        self.function, self.parameters = function, parameters
        self.texts: set[str] = set()
        self.passed: set[tuple[str, str]] = set()

    def read(self, node: ast.expr, around: str = "{}") -> None:
        """Add what it can be."""
        if isinstance(node, ast.Constant):
            self.texts.add(around.format(node.value))
        elif isinstance(node, ast.IfExp):
            self.read(node.body, around)
            self.read(node.orelse, around)
        elif isinstance(node, ast.JoinedStr):
            inner = [part.value for part in node.values if isinstance(part, ast.FormattedValue)]
            pattern = "".join(
                str(part.value) if isinstance(part, ast.Constant) else "{}" for part in node.values
            )
            self.read(inner[0], around.format(pattern))
        elif isinstance(node, ast.Name) and node.id in self.parameters:
            self.passed.add((node.id, around))
        elif not (isinstance(node, ast.Name) and self._read_assigned(node.id, around)):
            self.texts.add(around.format(f"?{ast.unparse(node)}"))

    def _read_assigned(self, name: str, around: str) -> bool:
        values = [
            node.value
            for node in ast.walk(self.function)
            if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == name
        ]
        for value in values:
            self.read(value, around)
        return bool(values)


def _list_acts_written() -> dict[str, str]:
    """Every act of a call that writes one, followed through the functions that pass it on; and
    where."""
    acts: dict[str, str] = {}
    open_ones: list[tuple[str, str, int, str, Path | None]] = [
        (name, pattern, place, "act", None) for name, (pattern, place) in WRITERS.items()
    ]
    done = set()
    while open_ones:
        writer = open_ones.pop()
        if writer in done:
            continue
        done.add(writer)
        name, pattern, place, keyword, home = writer
        for path, function, call in _read_calls().get(name, ()):
            if home not in (None, path):
                continue
            parameters = {arg.arg: n for n, arg in enumerate(function.args.args)}
            given = {word.arg: word.value for word in call.keywords}
            node = given.get(keyword) or (call.args[place] if place < len(call.args) else None)
            if node is None:
                continue
            found = _Acts(function, parameters)
            found.read(node, pattern)
            acts |= dict.fromkeys(found.texts, f"{path.name}:{call.lineno}")
            only_here = path if function.name.startswith("_") else None
            open_ones += [
                (function.name, around, parameters[parameter], parameter, only_here)
                for parameter, around in found.passed
            ]
    return acts


@cache
def list_every_act() -> dict[str, str]:
    """All acts that the log can hold, with the place that writes them."""
    acts: dict[str, str] = {}
    for act, place in _list_acts_written().items():
        for one in DECLARED.get(act, {act}):
            acts[one] = place
    return acts | dict.fromkeys(RECORDED_AT_ONCE | LISTENED, "declared")


def test_every_act_that_can_be_written_has_words() -> None:
    acts = list_every_act()
    assert len(acts) > 170
    unknown = {act: place for act, place in acts.items() if find_words_of_act(act) is None}
    assert unknown == {}


def test_no_words_are_kept_of_an_act_that_nothing_writes() -> None:
    assert sorted(set(OTHER_ACTS) - set(list_every_act())) == []


def test_english_words_of_acts_are_told_apart() -> None:
    """No two acts read the same: a row of the log says which it was."""
    for words in (OTHER_ACTS, CASE_ACTS):
        told = [(text.zh, text.en) for text in words.values()]
        assert [one for one in set(told) if told.count(one) > 1] == []


def _list_detail_keys() -> dict[str, str]:
    """The keys of every dictionary that is given as details to the log."""
    keys: dict[str, str] = {}
    for path, tree in _read_trees().items():
        if not any(_has_name(tree, writer) for writer in (*WRITERS, "record_many", "Access")):
            continue
        for node in ast.walk(tree):
            for one in _list_details(node):
                keys |= dict.fromkeys(_list_keys(one), f"{path.name}:{one.lineno}")
    return keys


def _list_details(node: ast.AST) -> Iterator[ast.expr]:
    if isinstance(node, ast.Call):
        yield from (word.value for word in node.keywords if word.arg == "details")
        if ast.unparse(node.func) in ("_log", "_log_population", "record_run", "_record_act"):
            yield from (one for one in node.args if isinstance(one, ast.Dict))
    if isinstance(node, ast.Assign | ast.AnnAssign | ast.AugAssign) and node.value:
        target = node.targets[0] if isinstance(node, ast.Assign) else node.target
        if "details" in ast.unparse(target):
            yield from node.value.elts if isinstance(node.value, ast.Tuple) else [node.value]
    if isinstance(node, ast.Dict):
        for key, value in zip(node.keys, node.values, strict=True):
            if isinstance(key, ast.Constant) and key.value == "details":
                yield value


def _list_keys(node: ast.expr) -> Iterator[str]:
    for one in ast.walk(node):
        if isinstance(one, ast.Dict):
            yield from (str(key.value) for key in one.keys if isinstance(key, ast.Constant))


def test_every_detail_has_a_name() -> None:
    keys = _list_detail_keys()
    keys |= dict.fromkeys(_list_named_details(), "by name")
    assert len(keys) > 60
    assert {key: place for key, place in keys.items() if key not in LABELS} == {}


def _list_named_details() -> Iterator[str]:
    """Details that are given by name: `log_act(…, comment=…)`, `_record_act(…, role=…)`."""
    for name in ("log_act", "_record_act"):
        for call in _read_calls().get(name, ()):
            yield from (word.arg for word in call.node.keywords if word.arg)


CODES_OF = {
    "finding": Finding.values,
    "outcome": [*Outcome.values, "upheld", "changed"],
    "state": [*ObjectionState.values, "valid", "not_yet", "expired", "revoked"],
    "to": ListState.values,
    "why": RevocationReason.values,
    "kind": [*NoticeKind.values, *StudyKind.values, *KEY_KINDS, "statement", "certificate"],
}


@pytest.mark.parametrize("key", CODES_OF)
def test_every_code_of_a_detail_has_words(key: str) -> None:
    assert [code for code in CODES_OF[key] if f"{key}.{code}" not in CODES] == []


LOOKING = ("log_look", "log_case", "log_case_look", "record_read")


def test_every_look_has_words() -> None:
    """What `log_look` and its like are given."""
    unknown = {
        str(one.value): call.path.name
        for name in LOOKING
        for call in _read_calls().get(name, ())
        for one in call.node.args[2:3]
        if isinstance(one, ast.Constant) and one.value not in LOOKS
    }
    assert unknown == {}


def test_every_kind_of_subject_has_words() -> None:
    named = [
        word.value
        for name in (*WRITERS, "record_read")
        for call in _read_calls().get(name, ())
        for word in call.node.keywords
        if word.arg in ("subject", "actor")
    ]
    alone = {one.value for one in named if isinstance(one, ast.Constant) and one.value}
    assert alone - set(LONE_NAMES) == set()
    kinds = {
        str(one.values[0].value).partition(":")[0]
        for one in named
        if isinstance(one, ast.JoinedStr) and isinstance(one.values[0], ast.Constant)
    }
    assert len(kinds) > 15
    assert kinds - set(KINDS) == set()


@pytest.mark.django_db
def test_a_row_tells_its_details_in_words_and_names() -> None:
    office = Office()
    case = office.submitted()
    subject = f"application:{case.pk}"
    details = {"gate": "office", "to": office.clerk.pk}
    rows: list[Entry | Access] = [
        Entry(number=1, act="case.assigned", actor="system", subject=subject, details=details),
        Entry(
            number=2,
            act="case.found",
            actor=f"user:{office.clerk.pk}",
            subject=subject,
            details={"fact": "education", "finding": "corrected", "reason": "not_matching"},
        ),
        Entry(
            number=3,
            act="case.correction_asked",
            actor="system",
            subject=subject,
            details={"items": ["fact:education", "material:diploma"]},
        ),
        Access(
            act="read",
            actor="system",
            subject="audit",
            details={"what": "log export: about, since"},
        ),
        Access(
            act="access.refused", actor="token:7", subject="page:review", details={"status": 404}
        ),
    ]
    told = describe_rows(rows, "zh")
    assert told[0]["details"].startswith("环节：")
    assert f"改为：{office.clerk.get_full_name()}" in told[0]["details"]
    assert "认定：已更正" in told[1]["details"]
    assert "学历" in told[1]["details"]
    assert "not_matching" not in told[1]["details"]
    assert "diploma" not in told[2]["details"]
    assert told[3]["details"] == "内容：导出日志（按关于、起始日查找）"
    assert told[4]["subject"] == "页面 /desk/…"
    assert told[4]["actor"] == "接口令牌 #7"
    english = describe_rows(rows, "en")
    assert english[0]["details"].startswith("gate: ")
    assert english[3]["details"] == "what: the log, exported (searched by about, since)"


@pytest.mark.django_db
def test_every_row_that_a_case_wrote_is_told_without_ids() -> None:
    """A whole case, as the acts write it: no id, no code and no Python stands in a row."""
    office = Office()
    office.decided(office.submitted())
    rows = list(Entry.objects.all())
    assert len(rows) > 20
    for lang in ("zh", "en"):
        for row in describe_rows(rows, lang):
            assert row["act"] != row["act_id"], row
            assert "{" not in row["details"], row
            assert "_" not in row["details"], row
            assert row["subject"] != row["subject_id"], row
    assert identity(1) not in str(describe_rows(rows, "zh"))
