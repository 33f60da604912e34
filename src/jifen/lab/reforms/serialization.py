"""A reform's effect as plain values (JSON), as tables, and as a few lines of text."""

from collections.abc import Iterator, Sequence
from typing import Any

import pyarrow as pa

from jifen.lab.classes import describe_mean, format_range
from jifen.lab.disclosure.hidden_count import drop_hidden
from jifen.lab.reforms.compare import FLOWS, MOVES, GroupResult, ReformResult
from jifen.lab.weights import Count, to_count
from jifen.lab.words import say
from jifen.policy.diff import rules_changes
from jifen.policy.text import Lang, Text, display_width, pad_to_width
from jifen.scoring.json_values import to_json_number

SCHEMA = "jifen.lab.reform.v2"
FLOW_WORDS = {
    "stays_in": say("reforms.serialization.flow_words_stays_in"),
    "gains": say("reforms.serialization.flow_words_gains"),
    "loses": say("reforms.serialization.flow_words_loses"),
    "stays_out": say("reforms.serialization.flow_words_stays_out"),
}
MOVE_WORDS = {
    "more": say("reforms.serialization.move_words_more"),
    "same": say("reforms.serialization.move_words_same"),
    "fewer": say("reforms.serialization.move_words_fewer"),
}


def reform_to_dict(result: ReformResult) -> dict[str, Any]:
    """Everything exact, JSON-able; points in points, not in smallest units."""
    points = result.baseline.unscale_points
    document = {
        "schema": SCHEMA,
        "reform": result.id,
        "label": {"zh": result.label.zh, "en": result.label.en},
        "policy": result.baseline.rules.policy,
        "version": result.baseline.rules.version,
        "policy_hash": result.baseline.rules.hash,
        "reform_hash": result.reform.rules.hash,
        "lines": [to_json_number(points(line)) for line in result.lines],
        "people": result.people,
        "faulty": result.faulty,
        "changed": list(result.changed_indicators),
        "everybody": _group_to_dict(result, result.everybody),
        "groups": {
            grouping.name: [
                {"group": group.label.en, "group_id": ident, **_group_to_dict(result, group)}
                for ident, group in zip(grouping.list_ids(), groups, strict=True)
                if group.people
            ]
            for grouping, groups in result.groups
        },
    }
    return dict(drop_hidden(document))


def _group_to_dict(result: ReformResult, group: GroupResult) -> dict[str, Any]:
    """A group with the classes as one value."""
    flat = _group_to_row(result, group)
    classes = {
        f"reached_{when}": {
            "surely": flat.pop(f"reached_{when}_surely"),
            "perhaps": flat.pop(f"reached_{when}_perhaps"),
        }
        for when in ("before", "after")
    }
    return {"people": flat.pop("people"), **classes, **flat}


def _group_to_row(result: ReformResult, group: GroupResult) -> dict[str, Any]:
    """A group as one row of a table."""
    before, after = group.reached_before, group.reached_after
    return {
        "people": group.people,
        "reached_before_surely": before.surely,
        "reached_before_perhaps": before.perhaps,
        "reached_after_surely": after.surely,
        "reached_after_perhaps": after.perhaps,
        **{flow: group.count_flow(flow) for flow in FLOWS},
        **{f"{flow}_at_most": group.count_flow_at_most(flow) for flow in FLOWS},
        "open": group.open,
        "known": group.known,
        **{move: group.count_move(move) for move in MOVES},
        "mean_before": _round_mean(result.mean_points(group.before)),
        "mean_after": _round_mean(result.mean_points(group.after)),
    }


def _round_mean(mean: float | None) -> float | None:
    return None if mean is None else round(mean, 3)


def reforms_to_tables(results: Sequence[ReformResult]) -> dict[str, pa.Table]:
    """`reform_groups`: one row per reform and group; `reform_totals`: the distribution of totals
    before and after; `reform_changes`: people by change of their total."""
    rows = {
        "reform_groups": [row for result in results for row in _list_group_rows(result)],
        "reform_totals": [row for result in results for row in _list_total_rows(result)],
        "reform_changes": [row for result in results for row in _list_change_rows(result)],
    }
    return {name: pa.Table.from_pylist(drop_hidden(listed)) for name, listed in rows.items()}


def _list_group_rows(result: ReformResult) -> Iterator[dict[str, Any]]:
    everybody = {"reform": result.id, "by": "", "group": "", "group_zh": "", "group_id": ""}
    yield everybody | _group_to_row(result, result.everybody)
    for grouping, groups in result.groups:
        for ident, group in zip(grouping.list_ids(), groups, strict=True):
            if group.people:
                label = {"group": group.label.en, "group_zh": group.label.zh}
                named = {"by": grouping.name, **label, "group_id": ident}
                yield everybody | named | _group_to_row(result, group)


def _list_total_rows(result: ReformResult) -> Iterator[dict[str, Any]]:
    before, after = result.shown_totals
    for bin_ in range(len(before)):
        if before[bin_] or after[bin_]:
            total = float(result.baseline.unscale_points(result.least + bin_))
            row = {"before": to_count(before[bin_]), "after": to_count(after[bin_])}
            yield {"reform": result.id, "total": total, **row}


def _list_change_rows(result: ReformResult) -> Iterator[dict[str, Any]]:
    for bin_, people in enumerate(result.change):
        if people:
            change = float(result.baseline.unscale_points(result.least_change + bin_))
            yield {"reform": result.id, "change": change, "people": to_count(people)}


_CHANGES = say("reforms.serialization.changes")
_NOTHING = Text("—", "—")
_OPEN = say("reforms.serialization.open")
_FAULTY = say("reforms.serialization.faulty")
_MOVES_OF = say("reforms.serialization.moves_of")
_HEADS = say("reforms.serialization.heads")
_FLOWS, _MOVES = ("stays_in", "gains", "loses", "stays_out"), ("more", "same", "fewer")
_WIDE = 44


def list_changes(result: ReformResult, lang: Lang) -> list[str]:
    """What the reform changes on its day, as the difference of two measures tells it: the part of
    the measure, then what stood and what stands."""
    return [
        say(
            "reforms.serialization.change",
            label=change.label,
            before=change.before if change.before.zh else _NOTHING,
            after=change.after if change.after.zh else _NOTHING,
        )(lang)
        for change in rules_changes(result.baseline.rules, result.reform.rules)
    ]


def _format_share(words: str, people: str, share: Count, total: Count) -> str:
    percent = 100 * share / (total or 1)
    return f"  {pad_to_width(words, _WIDE)} {people:>16}  {percent:6.2f} %"


def format_reform(result: ReformResult, lang: Lang) -> str:
    """The effect in a few lines."""
    group = result.everybody
    lines = [
        f"{result.label(lang)} ({result.id})",
        *_format_changes(result, lang),
    ]
    for flow in _FLOWS:
        least, most = group.count_flow(flow), group.count_flow_at_most(flow)
        lines.append(
            _format_share(FLOW_WORDS[flow](lang), format_range(least, most), least, group.people)
        )
    if group.open:
        lines.append(_format_share(_OPEN(lang), f"{group.open:,}", group.open, group.people))
    lines.append(f"  {_MOVES_OF(lang).format(f'{group.known:,}')}")
    for move in _MOVES:
        people = group.count_move(move)
        lines.append(_format_share(MOVE_WORDS[move](lang), f"{people:,}", people, group.known))
    lines.append(f"  {describe_mean(group.known)(lang)}: {format_means(result, group)}")
    if result.faulty:
        lines.append(f"  {result.faulty:,} {_FAULTY(lang)}")
    for grouping, groups in result.groups:
        lines += ["", *_format_groups(result, grouping.label(lang), groups, lang)]
    return "\n".join(lines)


def _format_changes(result: ReformResult, lang: Lang) -> list[str]:
    """One line each; a dash where nothing changes on the day."""
    changes = list_changes(result, lang)
    if not changes:
        return [f"{_CHANGES(lang)} —"]
    return [_CHANGES(lang), *(f"  {change}" for change in changes)]


def format_means(result: ReformResult, group: GroupResult) -> str:
    """The mean before and after; a dash where nobody's facts are all known."""
    before, after = (result.mean_points(bins) for bins in (group.before, group.after))
    return "—" if before is None or after is None else f"{before:.2f} → {after:.2f}"


def _align_right(text: str, columns: int) -> str:
    return " " * max(columns - display_width(text), 0) + text


def _format_groups(
    result: ReformResult, label: str, groups: Sequence[GroupResult], lang: Lang
) -> Iterator[str]:
    heads = _HEADS(lang).split()
    yield f"{pad_to_width(label, _WIDE)} " + " ".join(_align_right(head, 13) for head in heads)
    for group in groups:
        if group.people:
            means = (result.mean_points(bins) for bins in (group.before, group.after))
            counts = (
                group.people,
                group.count_flow("gains"),
                group.count_flow("loses"),
                group.open,
            )
            cells = [f"{count:,}" for count in counts]
            cells += ["—" if mean is None else f"{mean:.2f}" for mean in means]
            line = " ".join(_align_right(cell, 13) for cell in cells)
            yield f"{pad_to_width(group.label(lang), _WIDE)} {line}"
