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
from jifen.office.workshop.words import say
from jifen.policy.mechanisms.table_shape import BOOL_ANSWERS
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


_STARTS_HELP = say("compound_forms.starts_help")
COMPOUND_FORMS = (
    IndicatorForm(
        "tiers",
        say("compound_forms.rates_by_tier"),
        say("compound_forms.points_for_every_full_unit"),
        _is_whole,
        (
            EVERY,
            FieldOfForm(
                "count",
                say("compound_forms.how_tiers_count"),
                "marginal",
                options=(
                    ("marginal", say("compound_forms.each_tier_for_its_own")),
                    ("whole", say("compound_forms.the_tier_reached_for_all")),
                ),
            ),
            MOST,
        ),
        _write_tiers,
        (
            FieldOfForm("from", say("compound_forms.from")),
            FieldOfForm("each", say("compound_forms.points_each")),
        ),
        TIER_ROWS,
    ),
    IndicatorForm(
        "table",
        say("compound_forms.a_table_by_two_facts"),
        say("compound_forms.two_facts_one_along_each"),
        _is_way,
        (
            FieldOfForm("starts", say("compound_forms.where_the_rows_begin"), help=_STARTS_HELP),
            FieldOfForm("fact2", say("compound_forms.the_fact_of_the_columns"), is_fact=True),
            FieldOfForm(
                "starts2", say("compound_forms.where_the_columns_begin"), help=_STARTS_HELP
            ),
        ),
        None,
        write_pair=_write_table,
    ),
    IndicatorForm(
        "sum_of",
        say("compound_forms.several_rates_added_up"),
        say("compound_forms.rates_by_several_facts_added"),
        is_number,
        (MOST,),
        _write_sum,
        (
            FieldOfForm("fact", say("compound_forms.by_the_fact"), is_fact=True),
            FieldOfForm("each", say("compound_forms.points_each")),
            FieldOfForm("every", say("compound_forms.for_every")),
            FieldOfForm("most", say("compound_forms.cap")),
        ),
        PART_ROWS,
        by_rows=True,
    ),
    IndicatorForm(
        "multiplier",
        say("compound_forms.a_multiplier"),
        say("compound_forms.where_a_condition_holds"),
        None,
        (
            CONDITION,
            FieldOfForm("by", say("compound_forms.times"), "1"),
            FieldOfForm(
                "of",
                say("compound_forms.what_is_multiplied"),
                "total",
                options=(
                    ("total", say("compound_forms.the_total")),
                    ("group", say("compound_forms.what_its_group_gives")),
                ),
            ),
        ),
        _write_multiplier,
    ),
)
"""Of each, the table of the draft shows every figure afterwards."""
