"""A reform's effect as plain values (JSON), as tables, and as a few lines of text."""

from collections.abc import Iterator, Sequence
from fractions import Fraction
from typing import Any

import pyarrow as pa

from jifen.lab.reforms.compare import FLOWS, MOVES, GroupResult, ReformResult
from jifen.policy.quantity import plain
from jifen.policy.text import Lang, Text, pad, width
from jifen.scoring.result import number

SCHEMA = "jifen.lab.reform.v1"
FLOW_WORDS = {
    "stays_in": Text("前后均达到", "at the line before and after"),
    "gains": Text("新达到", "newly at the line"),
    "loses": Text("不再达到", "no longer at the line"),
    "stays_out": Text("前后均未达到", "below before and after"),
}
MOVE_WORDS = {
    "more": Text("加分", "more points"),
    "same": Text("不变", "the same"),
    "fewer": Text("减分", "fewer points"),
}


def to_dict(result: ReformResult) -> dict[str, Any]:
    """Everything exact, JSON-able; points in points, not in smallest units."""
    points = result.baseline.points_of
    return {
        "schema": SCHEMA,
        "reform": result.id,
        "label": {"zh": result.label.zh, "en": result.label.en},
        "policy": result.baseline.rules.policy,
        "version": result.baseline.rules.version,
        "policy_hash": result.baseline.rules.hash,
        "reform_hash": result.reform.rules.hash,
        "lines": [number(points(line)) for line in result.lines],
        "people": result.people,
        "not_settled": result.unsettled,
        "changed": list(result.changed_indicators),
        "everybody": _group(result, result.everybody),
        "groups": {
            grouping.name: [
                {"group": group.label.en, **_group(result, group)}
                for group in groups
                if group.people
            ]
            for grouping, groups in result.groups
        },
    }


def _group(result: ReformResult, group: GroupResult) -> dict[str, Any]:
    return {
        "people": group.people,
        "reached_before": group.flow("stays_in") + group.flow("loses"),
        "reached_after": group.flow("stays_in") + group.flow("gains"),
        **{flow: group.flow(flow) for flow in FLOWS},
        **{move: group.move(move) for move in MOVES},
        "mean_before": round(result.mean(group.before), 3),
        "mean_after": round(result.mean(group.after), 3),
    }


def tables(results: Sequence[ReformResult]) -> dict[str, pa.Table]:
    """`reform_groups`: one row per reform and group; `reform_totals`: the distribution of totals
    before and after; `reform_changes`: people by change of their total."""
    return {
        "reform_groups": pa.Table.from_pylist([row for r in results for row in _group_rows(r)]),
        "reform_totals": pa.Table.from_pylist([row for r in results for row in _total_rows(r)]),
        "reform_changes": pa.Table.from_pylist([row for r in results for row in _change_rows(r)]),
    }


def _group_rows(result: ReformResult) -> Iterator[dict[str, Any]]:
    yield {"reform": result.id, "by": "", "group": "", **_group(result, result.everybody)}
    for grouping, groups in result.groups:
        for group in groups:
            if group.people:
                named = {"reform": result.id, "by": grouping.name, "group": group.label.en}
                yield named | _group(result, group)


def _total_rows(result: ReformResult) -> Iterator[dict[str, Any]]:
    before, after = result.everybody.before, result.everybody.after
    for bin_ in range(len(before)):
        if before[bin_] or after[bin_]:
            total = float(result.baseline.points_of(result.least + bin_))
            found = {"before": int(before[bin_]), "after": int(after[bin_])}
            yield {"reform": result.id, "total": total, **found}


def _change_rows(result: ReformResult) -> Iterator[dict[str, Any]]:
    for bin_, people in enumerate(result.change):
        if people:
            change = float(result.baseline.points_of(result.least_change + bin_))
            yield {"reform": result.id, "change": change, "people": int(people)}


_CHANGES, _MEAN = Text("改动：", "changes:"), Text("平均分", "mean points")
_UNSETTLED = Text("人因情况不明或有误未作比较", "people not compared: unknown or unusable facts")
_HEADS = Text("新达到 不再达到 前 后", "gain lose before after")
_FLOWS, _MOVES = ("stays_in", "gains", "loses", "stays_out"), ("more", "same", "fewer")
_WIDE = 34


def changes(result: ReformResult) -> list[str]:
    """What the reform changes: indicators, conditions, and the line."""
    before, after = (plain(result.baseline.points_of(line)) for line in result.lines)
    moved = [] if before == after else [f"{before} → {after}"]
    return [*result.changed_indicators, *moved]


def _share(words: str, people: int, everybody: GroupResult) -> str:
    share = float(Fraction(100 * people, max(everybody.people, 1)))
    return f"  {pad(words, _WIDE)} {people:>12,}  {share:6.2f} %"


def text(result: ReformResult, lang: Lang) -> str:
    """The effect in a few lines."""
    everybody = result.everybody
    lines = [
        f"{result.label(lang)} ({result.id})",
        f"{_CHANGES(lang)} {', '.join(changes(result)) or '—'}",
    ]
    lines += [_share(FLOW_WORDS[flow](lang), everybody.flow(flow), everybody) for flow in _FLOWS]
    lines += [_share(MOVE_WORDS[move](lang), everybody.move(move), everybody) for move in _MOVES]
    before, after = result.mean(everybody.before), result.mean(everybody.after)
    lines.append(f"  {_MEAN(lang)}: {before:.2f} → {after:.2f}")
    if result.unsettled:
        lines.append(f"  {result.unsettled:,} {_UNSETTLED(lang)}")
    for grouping, groups in result.groups:
        lines += ["", *_group_lines(result, grouping.label(lang), groups, lang)]
    return "\n".join(lines)


def _left(text: str, columns: int) -> str:
    return " " * max(columns - width(text), 0) + text


def _group_lines(
    result: ReformResult, label: str, groups: Sequence[GroupResult], lang: Lang
) -> Iterator[str]:
    heads = [_left(word, n) for word, n in zip(_HEADS(lang).split(), (10, 10, 9, 9), strict=True)]
    yield f"{pad(label, _WIDE)} {'n':>12} {' '.join(heads)}"
    for group in groups:
        if group.people:
            means = (result.mean(group.before), result.mean(group.after))
            yield (
                f"{pad(group.label(lang), _WIDE)} {group.people:>12,} {group.flow('gains'):>10,} "
                f"{group.flow('loses'):>10,} {means[0]:>9.2f} {means[1]:>9.2f}"
            )
