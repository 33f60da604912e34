"""The forms of mechanisms that go by several facts, or by tiers: tables of two ways, sums of rates,
tiers, multipliers."""

from decimal import Decimal, InvalidOperation
from typing import Any

from jifen.office.workshop.element_faults import too_few_rows
from jifen.office.workshop.form_parts import (
    CONDITION,
    EVERY,
    MOST,
    FieldOfForm,
    IndicatorForm,
    Typed,
    is_choice,
    is_number,
    read_condition,
    read_given,
    read_rows,
    usual_unit,
)
from jifen.policy.mechanisms.table_shape import BOOL_ANSWERS
from jifen.policy.text import Text
from jifen.policy.vocabulary import WHOLE_TYPES, Fact

PART_ROWS, TIER_ROWS, FEWEST_ROWS = 6, 5, 2


def _is_way(fact: Fact) -> bool:
    return is_number(fact) or is_choice(fact) or fact.type == "bool"


def _is_whole(fact: Fact) -> bool:
    return fact.type in WHOLE_TYPES


def _write_table(typed: Typed, rows: Fact, columns: Fact) -> Any:
    """Both ways, and nothing in every place: points are typed in the table of the draft."""
    ways = [
        _write_way(rows, typed.get("starts", "")),
        _write_way(columns, typed.get("starts2", "")),
    ]
    sizes = [len(way.get("answers") or way["from"]) for way in ways]
    return {"by": ways, "points": [["0"] * sizes[1] for _ in range(sizes[0])]}


def _write_way(fact: Fact, starts: str) -> dict[str, Any]:
    if fact.type == "bool":
        return {"of": fact.id, "answers": list(BOOL_ANSWERS)}
    if is_choice(fact):
        return {"of": fact.id, "answers": list(fact.ids)}
    least = f"{fact.least.normalize():f}"
    typed = [start.strip() for start in starts.replace("，", ",").replace("、", ",").split(",")]
    given = [start for start in typed if start]
    return {"of": fact.id, "from": given if _begins_at(given, fact) else [least, *given]}


def _begins_at(starts: list[str], fact: Fact) -> bool:
    """Whether the first place begins where the fact does, or cannot be read."""
    try:
        return bool(starts) and Decimal(starts[0]) <= fact.least
    except InvalidOperation:
        return True


def _write_sum(typed: Typed, fact: Fact | None) -> Any:
    del fact
    parts = [
        {"per_unit": {"of": row.get("fact", ""), "each": "0", "every": "1", **_rate_of(row)}}
        for row in read_rows(typed, ("fact", "each", "every", "most"), PART_ROWS)
    ]
    if len(parts) < FEWEST_ROWS:
        raise too_few_rows(FEWEST_ROWS)
    return {"parts": parts, **read_given(typed, "most")}


def _rate_of(row: dict[str, str]) -> dict[str, str]:
    return {key: text for key, text in row.items() if key != "fact"}


def _write_tiers(typed: Typed, fact: Fact | None) -> Any:
    unit = fact.unit if fact else ""
    steps = [
        {"from": _with_unit(row.get("from", "0"), unit), "each": row.get("each", "0")}
        for row in read_rows(typed, ("from", "each"), TIER_ROWS)
    ]
    if len(steps) < FEWEST_ROWS:
        raise too_few_rows(FEWEST_ROWS)
    return {
        "of": fact.id if fact else "",
        "every": typed.get("every", "").strip() or usual_unit(fact),
        "count": typed.get("count", "") or "marginal",
        "steps": steps,
        **read_given(typed, "most"),
    }


def _with_unit(text: str, unit: str) -> str:
    return f"{text} {unit}".strip() if text.isascii() and text.isdigit() else text


def _write_multiplier(typed: Typed, fact: Fact | None) -> Any:
    del fact
    return {
        "when": read_condition(typed),
        "by": typed.get("by", "").strip() or "1",
        "of": typed.get("of", "") or "total",
        "round": {"places": "0", "mode": "half_up"},
    }


_STARTS_HELP = Text(
    "依据数值时：各段从几开始，用逗号分开，如 0, 36, 60；依据选项时留空",
    "By a number: where each place begins, such as 0, 36, 60; by answers: leave empty",
)
COMPOUND_FORMS = (
    IndicatorForm(
        "tiers",
        Text("分档费率", "Rates by tier"),
        Text(
            "每满一个单位加分，分值随档次不同，如前 5 年每年 2 分、之后每年 3 分",
            "Points for every full unit at a rate that depends on the tier",
        ),
        _is_whole,
        (
            EVERY,
            FieldOfForm(
                "count",
                Text("怎样累计", "How tiers count"),
                "marginal",
                options=(
                    ("marginal", Text("各档只算本档部分", "each tier for its own part")),
                    ("whole", Text("达到的档次适用全部", "the tier reached for all units")),
                ),
            ),
            MOST,
        ),
        _write_tiers,
        (
            FieldOfForm("from", Text("自（含）", "From")),
            FieldOfForm("each", Text("每单位分值", "Points each")),
        ),
        TIER_ROWS,
    ),
    IndicatorForm(
        "table",
        Text("两项事实交叉的分值表", "A table by two facts"),
        Text(
            "两项事实各占一边，交叉处是分值，如学历与参保年限",
            "Two facts, one along each side, with points where they meet",
        ),
        _is_way,
        (
            FieldOfForm("starts", Text("行的各段起点", "Where the rows begin"), help=_STARTS_HELP),
            FieldOfForm("fact2", Text("列依据的事实", "The fact of the columns"), is_fact=True),
            FieldOfForm(
                "starts2", Text("列的各段起点", "Where the columns begin"), help=_STARTS_HELP
            ),
        ),
        None,
        write_pair=_write_table,
    ),
    IndicatorForm(
        "sum_of",
        Text("几项相加", "Several rates added up"),
        Text(
            "几项事实各按满单位计分，再相加，可设共同上限",
            "Rates by several facts, added up, with a joint cap",
        ),
        is_number,
        (MOST,),
        _write_sum,
        (
            FieldOfForm("fact", Text("依据的事实", "By the fact"), is_fact=True),
            FieldOfForm("each", Text("每单位分值", "Points each")),
            FieldOfForm("every", Text("每满", "For every")),
            FieldOfForm("most", Text("上限", "Cap")),
        ),
        PART_ROWS,
        by_rows=True,
    ),
    IndicatorForm(
        "multiplier",
        Text("乘数", "A multiplier"),
        Text(
            "符合条件时，总分或本类得分乘以一个数，如 1.3",
            "Where a condition holds, the total or its group is multiplied, such as by 1.3",
        ),
        None,
        (
            CONDITION,
            FieldOfForm("by", Text("乘以", "Times"), "1"),
            FieldOfForm(
                "of",
                Text("乘什么", "What is multiplied"),
                "total",
                options=(
                    ("total", Text("总分", "the total")),
                    ("group", Text("本类得分", "what its group gives")),
                ),
            ),
        ),
        _write_multiplier,
    ),
)
"""Of each, the table of the draft shows every figure afterwards."""
