"""Proposals as a page shows them: what each does and brings, and the trade-offs."""

from collections.abc import Mapping, Sequence
from typing import Any

from jifen.charts import ChartTable, Scatter
from jifen.office.web.studio.study_parts import (
    CHANGED,
    ShownProposal,
    ShownStudy,
    ShownTable,
    read_text,
    show_chart,
)
from jifen.office.workshop.simulation.disclosure import show_count
from jifen.policy.text import Lang, Text


def show_proposals(figures: Mapping[str, Any], lang: Lang) -> ShownStudy:
    lab, labels = figures["lab"], figures["labels"]
    lines = figures["words"][lang]
    end = lines.index("") if "" in lines else len(lines)
    shown = ShownStudy(lines[:end], changes=figures["changes"])
    if not lab["proposals"]:
        shown.words += [line for line in lines[end:] if line]
    groups = figures.get("groups", {}) if lang == "zh" else {}
    shown.proposals = [_show_proposal(one, labels, groups, lang) for one in lab["proposals"]]
    front = _list_front(lab)
    if front:
        shown.charts.append(show_chart(_chart_front(front), lang))
        shown.tables.append(_table_front(lab, labels, lang))
    return shown


def _list_front(lab: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """The trade-offs, and the proposals, which are called so where they are among them."""
    proposed = [one["values"] for one in lab["proposals"]]
    others = [score for score in lab["front"] if score["values"] not in proposed]
    return sorted([*others, *lab["proposals"]], key=lambda score: int(score["change"]))


def _show_proposal(
    proposal: Mapping[str, Any], labels: Mapping[str, Any], groups: Mapping[str, str], lang: Lang
) -> ShownProposal:
    """`groups`: the Chinese names of groups by their English ones, where Chinese is read."""
    reached, counts = proposal["reached"]["surely"], proposal
    words = Text(
        f"确定达到 {show_count(reached)} 人：新达到 {show_count(counts['gained'])} 人，失去 "
        f"{show_count(counts['lost'])} 人；改动 {counts['cells']} 个数值、{counts['change']} 档。",
        f"{show_count(reached)} people surely at the line: {show_count(counts['gained'])} gain it, "
        f"{show_count(counts['lost'])} lose it; {counts['cells']} figures, {counts['change']} "
        "steps.",
    )
    effects = tuple(
        (
            read_text(labels[effect["figure"]])(lang),
            f"{effect['from']} → {effect['to']}",
            show_count(effect["people_in_proposal"], sign=True),
            show_count(effect["people_alone"], sign=True),
        )
        for effect in proposal["effects"]
    )
    heads = (CHANGED(lang), _FROM_TO(lang), _BRINGS(lang), _ALONE(lang))
    losses = _table_losses(proposal["groups"], groups, lang)
    effect_table = ChartTable(heads, effects)
    return ShownProposal(proposal["proposal"], words(lang), effect_table, losses)


def _table_losses(
    losses: Sequence[Mapping[str, Any]], groups: Mapping[str, str], lang: Lang
) -> ChartTable | None:
    """What each group loses, the worst hit first; None where no group is large enough."""
    large = [loss for loss in losses if loss["today"] >= _FEWEST_GROUP]
    rows = tuple(
        (
            Text("：", ": ")(lang).join(
                groups.get(loss[key], loss[key]) for key in ("by", "group")
            ),
            show_count(loss["today"]),
            show_count(loss["lost"]),
            "–" if 0 < loss["lost"] < _FEWEST_GROUP else f"{loss['share']:.1%}",
        )
        for loss in sorted(large, key=lambda loss: -loss["share"])
    )
    heads = (_GROUP(lang), _NOW(lang), _LOST(lang), _SHARE(lang))
    return ChartTable(heads, rows) if rows else None


_FEWEST_GROUP = 5


def _chart_front(scores: Sequence[Mapping[str, Any]]) -> Scatter:
    labels = tuple(_name_choice(number, score) for number, score in enumerate(scores, start=1))
    return Scatter(
        Text("改动与达到人数", "Change and people at the line"),
        labels,
        tuple(float(score["change"]) for score in scores),
        tuple(float(score["reached"]["surely"]) for score in scores),
        Text("改动的档数", "steps of change"),
        Text("确定达到人数", "people surely at the line"),
        tuple("proposal" in score for score in scores),
        Text("方案", "choice"),
    )


def _name_choice(number: int, score: Mapping[str, Any]) -> Text:
    if "proposal" in score:
        return Text(f"方案 {score['proposal']}", f"proposal {score['proposal']}")
    return Text(f"({number})", f"({number})")


def _table_front(lab: Mapping[str, Any], labels: Mapping[str, Any], lang: Lang) -> ShownTable:
    today = lab["today"]["values"]
    rows = []
    for number, score in enumerate(_list_front(lab), start=1):
        moved = [
            f"{read_text(labels[name])(lang)} {value}"
            for name, value in score["values"].items()
            if value != today[name]
        ]
        rows.append(
            (
                _name_choice(number, score)(lang),
                str(score["change"]),
                show_count(score["reached"]["surely"]),
                f"{score['worst_loss']:.1%}" if score["groups"] else "–",
                "; ".join(moved) or Text("不改动", "no change")(lang),
            )
        )
    heads = Text("方案 档数 达到人数 最大损失 取值", "choice steps reached worst_loss values")
    table = ChartTable(tuple(h.replace("_", " ") for h in heads(lang).split()), tuple(rows))
    return ShownTable(_TRADE_OFFS(lang), table, _FRONT_NOTE(lang))


_FROM_TO = Text("改动", "change")
_BRINGS = Text("在方案中带来的人数", "people it brings in the proposal")
_ALONE = Text("单独改动时", "changed alone")
_GROUP, _NOW = Text("组", "group"), Text("现在达到", "at the line now")
_LOST, _SHARE = Text("失去", "lose it"), Text("比例", "share")
_TRADE_OFFS = Text("取舍", "Trade-offs")
_FRONT_NOTE = Text(
    "每一行都没有别的方案在改动、与目标的差、最大损失三方面都不差而有一方面更好。",
    "No other choice scored is at least as good in change, distance from the target and worst "
    "loss, and better in one of them.",
)
