"""The forms of the mechanisms: which facts each goes by, its fields, and what it writes."""

from typing import Any

from jifen.office.workshop.compound_forms import COMPOUND_FORMS
from jifen.office.workshop.element_faults import no_such_fact
from jifen.office.workshop.form_parts import (
    CONDITION,
    EACH,
    EVERY,
    MOST,
    POINTS,
    STARTS,
    FieldOfForm,
    IndicatorForm,
    Typed,
    is_choice,
    is_number,
    read_condition,
    read_rows,
    write_rate,
)
from jifen.policy.text import Text
from jifen.policy.vocabulary import Fact

BAND_ROWS, LADDER_ROWS = 5, 4


def _is_count(fact: Fact) -> bool:
    return fact.derive is not None and fact.derive.measure == "records_in_window"


def _write_scale(typed: Typed, fact: Fact | None) -> Any:
    bands = [
        band | {"points": band.get("points", "0")}
        for band in read_rows(typed, ("from", "to", "points"), BAND_ROWS)
    ]
    least = f"{fact.least.normalize():f}" if fact else "0"
    return {"of": fact.id if fact else "", "bands": bands or [{"from": least, "points": "0"}]}


def _write_choice(typed: Typed, fact: Fact | None) -> Any:
    answers = fact.ids if fact else ()
    points = {answer: typed.get(f"answer-{answer}", "").strip() or "0" for answer in answers}
    return {"of": fact.id if fact else "", "points": points}


def _write_accrual(typed: Typed, fact: Fact | None) -> Any:
    return write_rate(typed, fact) | {"round": {"places": "0", "mode": "down"}}


def _write_condition(typed: Typed, fact: Fact | None) -> Any:
    del fact
    return {"when": read_condition(typed), "points": typed.get("points", "").strip() or "0"}


def _write_veto(typed: Typed, fact: Fact | None) -> Any:
    del fact
    return {"when": read_condition(typed), "effect": "refuse"}


def _write_each_record(typed: Typed, fact: Fact | None) -> Any:
    return {"count": fact.id if fact else "", "each": typed.get("each", "").strip() or "0"}


def _write_ladder(typed: Typed, fact: Fact | None) -> Any:
    del fact
    steps = [{"points": "0"} | step for step in read_rows(typed, ("when", "points"), LADDER_ROWS)]
    if not any("when" in step for step in steps):
        raise no_such_fact("")
    if "when" in steps[-1]:
        steps.append({"points": "0"})
    return {"steps": [dict(sorted(step.items(), reverse=True)) for step in steps]}


FORMS: dict[str, IndicatorForm] = {
    form.key: form
    for form in (
        IndicatorForm(
            "scale",
            Text("分段计分", "Bands"),
            Text(
                "按数值落在哪一段给分，如年龄",
                "Points by the band in which a number lies, such as age",
            ),
            is_number,
            (),
            _write_scale,
            (
                FieldOfForm("from", Text("自（含）", "From")),
                FieldOfForm("to", Text("至（含，空为以上）", "To (empty: and above)")),
                FieldOfForm("points", Text("分值", "Points")),
            ),
            BAND_ROWS,
        ),
        IndicatorForm(
            "choice",
            Text("按选项计分", "By answer"),
            Text("每个选项一个分值，如学历", "Points for each answer, such as education"),
            is_choice,
            (),
            _write_choice,
        ),
        IndicatorForm(
            "per_unit",
            Text("按满单位计分", "For every full unit"),
            Text(
                "每满一个单位加分，如参保每满一年",
                "Points for every full unit, such as each year insured",
            ),
            is_number,
            (EACH, EVERY, STARTS, MOST),
            write_rate,
        ),
        IndicatorForm(
            "accrual",
            Text("按比例累进", "In proportion"),
            Text(
                "不满一个单位也按比例给分，最后取整",
                "Parts of a unit count in proportion; rounded once",
            ),
            is_number,
            (EACH, EVERY, STARTS, MOST),
            _write_accrual,
        ),
        IndicatorForm(
            "condition",
            Text("符合条件给固定分", "Flat"),
            Text("符合条件时给固定分值", "Fixed points where a condition holds"),
            None,
            (CONDITION, POINTS),
            _write_condition,
        ),
        IndicatorForm(
            "first_of",
            Text("逐条取第一个符合的", "First that holds"),
            Text(
                "从上到下，第一个符合的条件给分",
                "Down a ladder, the first condition that holds gives points",
            ),
            None,
            (),
            _write_ladder,
            (
                FieldOfForm(
                    "when", Text("条件（最后一行可空）", "Condition (may be empty in the last)")
                ),
                FieldOfForm("points", Text("分值", "Points")),
            ),
            LADDER_ROWS,
        ),
        IndicatorForm(
            "each_record",
            Text("按记录次数计分", "Per record"),
            Text("期限内每有一条记录加减分", "Points for every record inside a window"),
            _is_count,
            (EACH,),
            _write_each_record,
        ),
        IndicatorForm(
            "veto",
            Text("一票否决", "Veto"),
            Text(
                "有这种情形即一票否决，与分数无关",
                "A condition that decides against, whatever the points",
            ),
            None,
            (CONDITION,),
            _write_veto,
        ),
        *COMPOUND_FORMS,
    )
}
"""The mechanisms by their keys."""
