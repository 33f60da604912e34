"""The analyses as plain values, as tables, and as lines of text."""

from typing import Any

import pyarrow as pa

from jifen.lab.analysis.quota import QuotaResult
from jifen.lab.analysis.run import Groups, RunResult
from jifen.lab.analysis.side_by_side import SideBySide
from jifen.policy.quantity import plain
from jifen.policy.text import Lang, Text, pad
from jifen.scoring.result import number

_WIDE = 40


def to_dict(result: RunResult) -> dict[str, Any]:
    """A run, for a program: points in points, exact where they are exact."""
    program, totals = result.program, result.all_totals
    points = program.points_of
    return {
        "schema": "jifen.lab.run.v1",
        "policy": program.rules.policy,
        "version": program.rules.version,
        "policy_hash": program.rules.hash,
        "on": result.on.isoformat(),
        "line": number(points(result.line)),
        "people": result.people,
        "settled": result.settled,
        "faulty": result.faulty,
        "may_reach": result.may_reach,
        "admissible": result.admissible,
        "reached": result.reached,
        "mean": round(result.mean(totals), 4),
        "median": number(points(result.quantile(totals, 0.5))),
        "groups": {one.grouping.name: _group_rows(result, one) for one in result.groups},
        "indicators": [
            {
                "id": one.id,
                "mean": round(one.sum / max(result.settled, 1) / program.scale, 4),
                "people": one.people,
                "counted": one.counted,
                "at_most": one.at_most,
            }
            for one in result.parts.indicators
        ],
        "caps": [
            {"id": c.id, "people": c.people, "points": number(points(c.points))}
            for c in result.parts.caps
        ],
        "failed": [{"id": f.id, "people": f.people, "alone": f.alone} for f in result.parts.failed],
        "near": {
            "loses_by_birthday": result.near.loses_by_birthday,
            "gains_by_birthday": result.near.gains_by_birthday,
            "within_one_step": result.near.within_one_step,
            "steps": {step.fact: step.people for step in result.near.steps},
        },
    }


def _group_rows(result: RunResult, group: Groups) -> list[dict[str, Any]]:
    scale = result.program.scale
    return [
        {
            "group": label.en,
            "people": int(group.people[n]),
            "admissible": int(group.admissible[n]),
            "reached": int(group.reached[n]),
            "mean": round(int(group.sums[n]) / int(group.people[n]) / scale, 4),
        }
        for n, label in enumerate(group.grouping.labels)
        if group.people[n]
    ]


def tables(result: RunResult) -> dict[str, pa.Table]:
    """`run_totals`: people by total; `run_groups`; `run_indicators`; `run_conditions`."""
    said = to_dict(result)
    totals = [
        {
            "total": float(result.program.points_of(result.least + n)),
            "people": int(people),
            "admissible": int(result.admissible_totals[n]),
        }
        for n, people in enumerate(result.all_totals)
        if people
    ]
    groups = [{"by": by, **row} for by, rows in said["groups"].items() for row in rows]
    found = {
        "run_totals": totals,
        "run_groups": groups,
        "run_indicators": said["indicators"],
        "run_conditions": said["failed"],
    }
    return {name: pa.Table.from_pylist(rows) for name, rows in found.items() if rows}


_RUN = (
    ("people", Text("人数", "people")),
    ("settled", Text("可以确定", "settled")),
    ("admissible", Text("符合条件", "meet the conditions")),
    ("reached", Text("达到", "reach the line")),
    ("may_reach", Text("不确定而可能达到", "not settled, could reach")),
    ("faulty", Text("有无法使用的值", "with unusable values")),
)
_MEAN, _MEDIAN = Text("平均分", "mean points"), Text("中位", "median")
_NEAR = Text("只差一项事实的一步", "one step of one fact away")
_OLDER = Text("大一岁即失去 / 达到", "a year older: lose / gain the line")


def text(result: RunResult, lang: Lang) -> str:
    """A run in some lines."""
    said = to_dict(result)
    line = plain(result.program.points_of(result.line))
    lines = [f"{result.program.rules.title(lang)} · {result.on} · {line}"]
    lines += [f"  {pad(label(lang), _WIDE)} {said[key]:>14,}" for key, label in _RUN]
    lines.append(f"  {pad(_MEAN(lang), _WIDE)} {said['mean']:>14,.2f}")
    lines.append(f"  {pad(_MEDIAN(lang), _WIDE)} {said['median']:>14}")
    near = result.near
    older = f"{near.loses_by_birthday:,} / {near.gains_by_birthday:,}"
    lines.append(f"  {pad(_OLDER(lang), _WIDE)} {older:>14}")
    lines.append(f"  {pad(_NEAR(lang), _WIDE)} {near.within_one_step:>14,}")
    labels = {one.id: one.label(lang) for one in result.parts.indicators}
    lines.append("")
    for one in sorted(said["indicators"], key=lambda one: -abs(one["mean"])):
        lines.append(f"  {pad(labels[one['id']], _WIDE)} {one['mean']:>14.2f}")
    for group in result.groups:
        lines += ["", pad(group.grouping.label(lang), _WIDE)]
        for row, label in zip(said["groups"][group.grouping.name], _shown(group), strict=True):
            share = 100 * row["reached"] / row["people"]
            figures = (
                f"{row['people']:>14,} {row['reached']:>12,} {share:6.1f} % {row['mean']:9.2f}"
            )
            lines.append(f"  {pad(label(lang), _WIDE)} {figures}")
    return "\n".join(lines)


def _shown(group: Groups) -> list[Text]:
    return [label for n, label in enumerate(group.grouping.labels) if group.people[n]]


def quota_dict(result: QuotaResult) -> dict[str, Any]:
    """The line for a quota, for a program."""
    points = result.program.points_of
    return {
        "schema": "jifen.lab.quota.v1",
        "policy": result.program.rules.policy,
        "version": result.program.rules.version,
        "wanted": result.wanted,
        "admissible": result.admissible,
        "not_settled": result.unsettled,
        "line": number(points(result.line)),
        "admitted": result.admitted,
        "next_line": None if result.next_line is None else number(points(result.next_line)),
        "ties": result.ties,
        "admitted_with_ties": result.admitted_with_ties,
        "ranked": result.ranked,
        "around": [[number(points(line)), people] for line, people in result.around],
    }


def quota_text(result: QuotaResult, lang: Lang) -> str:
    """The line for a quota in some lines."""
    points, zh = result.program.points_of, lang == "zh"
    line = plain(points(result.line))
    said = (
        f"名额 {result.wanted:,}：{line} 分，录取 {result.admitted:,} 人"
        if zh
        else f"for {result.wanted:,} people: the line {line} admits {result.admitted:,}"
    )
    lines = [said]
    if result.next_line is not None:
        lower = plain(points(result.next_line))
        lines.append(
            f"再低到 {lower} 分有 {result.ties:,} 人同分，共 {result.admitted_with_ties:,} 人"
            if zh
            else f"the next, {lower}, has {result.ties:,} ties: {result.admitted_with_ties:,} then"
        )
    if result.ranked is not None:
        lines.append(
            f"按排名（同分比较次序指标，末位同列全部录取）：{result.ranked:,} 人"
            if zh
            else f"ranked by total and tie keys, all level at the last place: {result.ranked:,}"
        )
    lines.append("")
    for total, people in result.around:
        mark = " ←" if total == result.line else ""
        lines.append(f"  ≥ {plain(points(total)):>8}  {people:>12,}{mark}")
    return "\n".join(lines)


def side_dict(result: SideBySide) -> dict[str, Any]:
    """Several policies on the same people, for a program."""
    return {
        "schema": "jifen.lab.compare.v1",
        "people": result.people,
        "policies": [
            {
                "policy": one.program.rules.policy,
                "version": one.program.rules.version,
                "on": one.on.isoformat(),
                "line": number(one.program.points_of(one.program.line_on(one.on))),
                "settled": one.settled,
                "admissible": one.admissible,
                "reached": one.reached,
            }
            for one in result.columns
        ],
        "reach_both": result.both.tolist(),
        "reach_only_row": result.only.tolist(),
        "reach_none": result.none,
    }


def side_text(result: SideBySide, lang: Lang) -> str:
    """Several policies on the same people in some lines."""
    zh = lang == "zh"
    lines = [f"{result.people:,} {'人' if zh else 'people'}"]
    for one in result.columns:
        share = 100 * one.reached / max(one.settled, 1)
        lines.append(f"  {one.name:<20} {one.on}  {one.reached:>12,}  {share:6.2f} %")
    lines += ["", "行达到而列未达到" if zh else "reach the row's line but not the column's"]
    for one, row in zip(result.columns, result.only, strict=True):
        lines.append(f"  {one.name:<20} " + " ".join(f"{int(cell):>12,}" for cell in row))
    lines.append(f"{'均未达到' if zh else 'reach none'}: {result.none:,}")
    return "\n".join(lines)
