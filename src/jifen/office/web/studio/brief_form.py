"""The form of a brief for proposals: what may change, how many to admit, whom not to hurt. It makes
the file that `jifen lab propose` reads."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any

from django.http import QueryDict

from jifen.office.web.studio.cells import Cell
from jifen.office.web.studio.table import table_of
from jifen.office.workshop.measure import Measure
from jifen.policy.editing import write_document
from jifen.policy.policy import Policy
from jifen.policy.text import Lang, Text
from jifen.policy.vocabulary import Fact, Vocabulary

MOST_FIGURES, MOST_GROUPS = 8, 2
ROWS, GROUP_ROWS = tuple(range(1, MOST_FIGURES + 1)), tuple(range(1, MOST_GROUPS + 1))
_STEP, _MOST_OPTIONS, _LONGEST_GROUPS = Decimal(5), 12, 1_000
PREFERENCES: dict[str, Text] = {
    "change": Text("改动的档数少", "few steps of change"),
    "cells": Text("改动的数值少", "few figures changed"),
    "stayers": Text("失去资格的人少", "few people who lose the line"),
    "closeness": Text("接近目标人数", "close to the people asked for"),
    "worst_loss": Text("损失最大一组的比例小", "a small loss of the worst-hit group"),
}


@dataclass(frozen=True, slots=True)
class FigureChoice:
    """A number of the draft that may vary: its path, its name in a card, today's value."""

    path: str
    label: str
    value: str


def list_figures(measure: Measure, lang: Lang) -> list[FigureChoice]:
    """Every number of the table that a search may change."""
    return [
        FigureChoice(cell.path, f"{card} · {cell.label}", cell.value)
        for card, cell in _list_numbers(measure, lang)
    ]


def list_groupings(vocabulary: Vocabulary, lang: Lang) -> list[tuple[str, str]]:
    """The groups whose loss can be limited: age in tens, and choices with few answers."""
    by_age = [("age:10", vocabulary["age"].label(lang))] if "age" in vocabulary else []
    return [*by_age, *((fact.id, fact.label(lang)) for fact in _list_choices(vocabulary))]


def list_group_names(vocabulary: Vocabulary, lang: Lang) -> list[tuple[str, str]]:
    """The groups of every such choice with its name: what is offered where groups are typed."""
    names = {
        option.label(lang): fact.label(lang)
        for fact in _list_choices(vocabulary)
        for option in fact.options
    }
    return list(names.items())


def _list_choices(vocabulary: Vocabulary) -> list[Fact]:
    facts = [vocabulary[ident] for ident in vocabulary.ids]
    return [f for f in facts if f.type == "choice" and len(f.ids) <= _MOST_OPTIONS]


def _list_numbers(measure: Measure, lang: Lang) -> Iterator[tuple[str, Cell]]:
    for card in table_of(measure, lang).cards:
        for cell in () if card.retired else card.cells:
            if cell.kind == "number" and _read_number(cell.value) is not None:
                yield card.label, cell


def write_brief(post: QueryDict, measure: Measure, policy: Policy, title: str) -> str:
    """The brief of a posted form as YAML, for the rules of a draft. What was typed as a
    file goes before the fields; numbers that are none are left to the reader of the file, which
    says where they stand."""
    typed = str(post.get("file", "")).strip()
    if typed:
        return typed.replace("\r\n", "\n") + "\n"
    zh, en = (
        {figure.path: figure for figure in list_figures(measure, lang)} for lang in ("zh", "en")
    )
    rows = {row: str(post.get(f"figure-{row}", "")) for row in ROWS}
    vary = [
        {
            "id": f"figure-{row}",
            "label": {"zh": zh[path].label, "en": en[path].label},
            "paths": [path],
            "range": _write_range(post, row, zh[path].value),
        }
        for row, path in rows.items()
        if path in zh
    ]
    document: dict[str, Any] = {
        "language": "1",
        "propose": "proposal",
        "label": {"zh": title, "en": title},
        "policy": policy.id,
        "vary": vary,
        "admit": _write_target(post),
    }
    if limits := _write_limits(post, policy.vocabulary):
        document["limits"] = limits
    wanted = [str(post.get(name, "")) for name in ("prefer-1", "prefer-2")]
    if prefer := [name for name in dict.fromkeys(wanted) if name in PREFERENCES]:
        document["prefer"] = prefer
    return write_document(document)


def _write_range(post: QueryDict, row: int, today: str) -> dict[str, str]:
    step = _typed(post, f"step-{row}") or str(_STEP)
    now, wide = _read_number(today) or Decimal(0), _read_number(step) or _STEP
    low, high = max(now - 4 * wide, min(now, Decimal(0))), now + 4 * wide
    return {
        "from": _typed(post, f"from-{row}") or f"{low.normalize():f}",
        "to": _typed(post, f"to-{row}") or f"{high.normalize():f}",
        "step": step,
    }


def _write_target(post: QueryDict) -> dict[str, str]:
    number = _typed(post, "admit") or "0"
    target = {"within": _typed(post, "within") or "0"}
    if post.get("admit-by") == "people":
        return {"people": number, **target}
    share = _read_number(number)
    text = number if share is None else f"{share / 100:f}"
    return {"share_of_today": text, **target}


def _write_limits(post: QueryDict, vocabulary: Vocabulary) -> dict[str, Any]:
    limits: dict[str, Any] = {}
    if changed := _typed(post, "changed"):
        limits["changed"] = changed
    order = [part.strip() for part in _typed(post, "order").replace("＞", ">").split(">")]
    if len(order) > 1:
        limits["keep_order"] = [[f"figure-{part}" for part in order]]
    groups = []
    for row in GROUP_ROWS:
        share = _read_number(_typed(post, f"loss-{row}"))
        if (by := _typed(post, f"by-{row}")) and share is not None:
            only = _read_groups(str(post.get(f"only-{row}", ""))[:_LONGEST_GROUPS], by, vocabulary)
            group: dict[str, Any] = {"by": by, "most_loss": f"{share / 100:f}"}
            groups.append(group | ({"only": only} if only else {}))
    if groups:
        limits["groups"] = groups
    return limits


def _read_groups(typed: str, by: str, vocabulary: Vocabulary) -> list[str]:
    """The groups that were typed, by label or answer, with commas between. A label may hold a
    Chinese enumeration comma itself: that one divides only where the whole is no group."""
    known = set()
    if by in vocabulary:
        options = vocabulary[by].options
        known = {name for o in options for name in (o.id, o.label.zh, o.label.en)}
    whole = typed.strip()
    parts = [whole] if whole in known else re.split("[,，;；\n]", typed)
    names = [name.strip() for part in parts for name in _divide(part.strip(), known)]
    return list(dict.fromkeys(filter(None, names)))


def _divide(part: str, known: set[str]) -> list[str]:
    return [part] if part in known else part.split("、")


def _typed(post: QueryDict, name: str) -> str:
    return str(post.get(name, ""))[:100].strip()


def _read_number(text: str) -> Decimal | None:
    try:
        number = Decimal(text)
    except InvalidOperation:
        return None
    return number if number.is_finite() else None
