"""A run as plain values, as tables, and as lines of text."""

from collections.abc import Iterator, Sequence
from typing import Any

import pyarrow as pa

from jifen.lab.analysis.run import GroupCounts, RunResult
from jifen.lab.classes import (
    NOT_REACHED,
    PERHAPS,
    SURELY,
    ReachClasses,
    describe_mean,
    format_range,
    format_share,
)
from jifen.lab.disclosure.hidden_count import drop_hidden, is_hidden
from jifen.lab.weights import Count, to_count
from jifen.lab.words import say
from jifen.policy.quantity import format_number
from jifen.policy.text import Lang, Text, display_width, pad_to_width
from jifen.scoring.json_values import to_json_number

_WIDE = 44


def run_to_dict(result: RunResult) -> dict[str, Any]:
    """A run, for a program: points in points, exact where they are exact."""
    program = result.program
    points, line = program.unscale_points, program.threshold_points(result.line)
    median = result.find_quantile(0.5)
    document = {
        "schema": "jifen.lab.run.v2",
        "policy": program.rules.policy,
        "version": program.rules.version,
        "policy_hash": program.rules.hash,
        "on": result.on.isoformat(),
        "line": None if line is None else to_json_number(line),
        "people": result.people,
        "faulty": result.faulty,
        "reached": result.reached.to_dict(),
        "not_reached": result.reached.surely_not,
        "admissible": result.admissible.to_dict(),
        "known": result.known,
        "mean": _round_mean(result.mean),
        "mean_of": "known",
        "median": None if median is None else to_json_number(points(median)),
        "groups": {group.grouping.name: _group_to_dicts(result, group) for group in result.groups},
        "indicators": [
            {
                "id": indicator.id,
                "mean": round(indicator.sum / (result.known or 1) / program.scale, 4),
                "people": indicator.people,
                "counted": indicator.counted,
                "at_most": indicator.at_most,
            }
            for indicator in result.parts.indicators
        ],
        "caps": [
            {"id": c.id, "people": c.people, "points": _unscale_sum(program, c.points)}
            for c in result.parts.caps
        ],
        "failed": [
            {
                "id": failed.id,
                "people": failed.people,
                "perhaps": failed.perhaps,
                "alone": failed.alone,
            }
            for failed in result.parts.failed
        ],
        "near": {
            "loses_by_birthday": result.near.loses_by_birthday,
            "gains_by_birthday": result.near.gains_by_birthday,
            "within_one_step": result.near.within_one_step,
            "steps": {step.fact: step.people for step in result.near.steps},
        },
    }
    return dict(drop_hidden(document))


def _unscale_sum(program: Any, scaled: Count) -> Any:
    """Points in all, exact where no weights are."""
    if is_hidden(scaled):
        return scaled
    return (
        to_json_number(program.unscale_points(scaled))
        if isinstance(scaled, int)
        else scaled / program.scale
    )


def _round_mean(mean: float | None) -> float | None:
    return None if mean is None else round(mean, 4)


def _group_to_dicts(result: RunResult, group: GroupCounts) -> list[dict[str, Any]]:
    """The groups with the classes as one value."""
    return [
        {
            "group": row["group"],
            "group_id": row["group_id"],
            "people": row["people"],
            "admissible": row["admissible"],
            "reached": {"surely": row["reached_surely"], "perhaps": row["reached_perhaps"]},
            "not_reached": row["not_reached"],
            "known": row["known"],
            "mean": row["mean"],
        }
        for row in _list_group_rows(result, group)
    ]


def _list_group_rows(result: RunResult, group: GroupCounts) -> list[dict[str, Any]]:
    """Flat, for a table."""
    ids = group.grouping.list_ids()
    return [
        {
            "group": label.en,
            "group_zh": label.zh,
            "group_id": ids[n],
            "people": to_count(group.people[n]),
            "admissible": to_count(group.admissible[n]),
            "reached_surely": to_count(group.reached[n]),
            "reached_perhaps": to_count(group.perhaps[n]),
            "not_reached": to_count(group.people[n] - group.reached[n] - group.perhaps[n]),
            "known": to_count(group.known[n]),
            "mean": _round_mean(group.mean_of_group(n, result.program.scale)),
        }
        for n, label in enumerate(group.grouping.labels)
        if group.people[n]
    ]


def run_to_tables(result: RunResult) -> dict[str, pa.Table]:
    """`run_classes`: everybody by class; `run_totals`: people of whom every fact is known by
    total; `run_groups`; `run_indicators`; `run_conditions`."""
    document = run_to_dict(result)
    totals = [
        {
            "total": float(result.program.unscale_points(result.least + n)),
            "people": to_count(people),
        }
        for n, people in enumerate(result.known_totals)
        if people
    ]
    groups = [
        {"by": group.grouping.name, **row}
        for group in result.groups
        for row in _list_group_rows(result, group)
    ]
    tables = {
        "run_classes": [
            _make_classes_row("reached", result.reached, result.faulty),
            _make_classes_row("admissible", result.admissible, result.faulty),
        ],
        "run_totals": totals,
        "run_groups": groups,
        "run_indicators": _add_labels(document["indicators"], result.parts.indicators),
        "run_conditions": _add_labels(document["failed"], result.parts.failed),
    }
    return {name: pa.Table.from_pylist(drop_hidden(rows)) for name, rows in tables.items() if rows}


def _add_labels(rows: list[dict[str, Any]], labelled: Sequence[Any]) -> list[dict[str, Any]]:
    """The rows with what each of them is called beside its id."""
    return [
        {"id": row["id"], "label_zh": item.label.zh, "label_en": item.label.en, **row}
        for row, item in zip(rows, labelled, strict=True)
    ]


def _make_classes_row(what: str, classes: ReachClasses, faulty: Count) -> dict[str, Any]:
    return {
        "question": what,
        "surely": classes.surely,
        "perhaps": classes.perhaps,
        "surely_not": classes.surely_not,
        "faulty": faulty,
    }


_PEOPLE = say("analysis.run_serialization.people")
_FAULTY = say("analysis.run_serialization.faulty")
_ADMISSIBLE = say("analysis.run_serialization.admissible")
_MEDIAN = say("analysis.run_serialization.median")
_NEAR = say("analysis.run_serialization.near")
_OLDER = say("analysis.run_serialization.older")
_INDICATORS = say("analysis.run_serialization.indicators")
_HEADS = say("analysis.run_serialization.heads")


_NO_LINE = say("analysis.run_serialization.no_line")


def format_run(result: RunResult, lang: Lang) -> str:
    """A run in some lines."""
    points = result.program.threshold_points(result.line)
    line = _NO_LINE(lang) if points is None else format_number(points)
    lines = [f"{result.program.rules.title(lang)} · {result.on} · {line}"]
    lines += [
        f"  {pad_to_width(label(lang), _WIDE)} {figure:>14}"
        for label, figure in _list_figures(result)
    ]
    lines += _format_means(result, lang)
    for group in result.groups:
        lines += ["", *_format_group(result, group, lang)]
    return "\n".join(lines)


def _list_figures(result: RunResult) -> Iterator[tuple[Text, str]]:
    """What is counted over everybody."""
    reached, admissible, near = result.reached, result.admissible, result.near
    yield _PEOPLE, f"{result.people:,}"
    yield SURELY, f"{reached.surely:,}"
    yield PERHAPS, f"{reached.perhaps:,}"
    yield NOT_REACHED, f"{reached.surely_not:,}"
    yield _FAULTY, f"{result.faulty:,}"
    yield _ADMISSIBLE, format_range(admissible.surely, admissible.at_most)
    yield _OLDER, f"{near.loses_by_birthday:,} / {near.gains_by_birthday:,}"
    yield _NEAR, f"{near.within_one_step:,}"


def _format_means(result: RunResult, lang: Lang) -> Iterator[str]:
    """The mean with what it is the mean of, the median, and the indicators."""
    if result.mean is None:
        yield f"  {describe_mean(0)(lang)}: —"
        return
    median = result.find_quantile(0.5) or 0
    yield f"  {describe_mean(result.known)(lang)}: {result.mean:,.2f}"
    yield f"  {_MEDIAN(lang)}: {format_number(result.program.unscale_points(median))}"
    yield ""
    yield f"  {_INDICATORS(lang)}"
    scale = result.known * result.program.scale
    for indicator in sorted(result.parts.indicators, key=lambda indicator: -abs(indicator.sum)):
        yield f"  {pad_to_width(indicator.label(lang), _WIDE)} {indicator.sum / scale:>14.2f}"


def _format_group(result: RunResult, group: GroupCounts, lang: Lang) -> Iterator[str]:
    heads = " ".join(_align_right(head, 12) for head in _HEADS(lang).split())
    yield f"  {pad_to_width(group.grouping.label(lang), _WIDE)} {heads}"
    labels = [label for n, label in enumerate(group.grouping.labels) if group.people[n]]
    for row, label in zip(_list_group_rows(result, group), labels, strict=True):
        cells = (
            f"{row['people']:,}",
            f"{row['reached_surely']:,}",
            f"{row['reached_perhaps']:,}",
            format_share(row["reached_surely"], row["people"], lang),
            "—" if row["mean"] is None else f"{row['mean']:.2f}",
        )
        yield f"  {pad_to_width(label(lang), _WIDE)} " + " ".join(
            _align_right(cell, 12) for cell in cells
        )


def _align_right(word: str, columns: int) -> str:
    """Right-aligned."""
    word = word.replace("_", " ")
    return " " * max(columns - display_width(word), 0) + word
