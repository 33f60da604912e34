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
from jifen.office.workshop.words import say
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
            say("indicator_forms.bands"),
            say("indicator_forms.points_by_the_band"),
            is_number,
            (),
            _write_scale,
            (
                FieldOfForm("from", say("indicator_forms.from")),
                FieldOfForm("to", say("indicator_forms.to_empty_and_above")),
                FieldOfForm("points", say("indicator_forms.points")),
            ),
            BAND_ROWS,
        ),
        IndicatorForm(
            "choice",
            say("indicator_forms.by_answer"),
            say("indicator_forms.points_for_each_answer_such"),
            is_choice,
            (),
            _write_choice,
        ),
        IndicatorForm(
            "per_unit",
            say("indicator_forms.for_every_full_unit"),
            say("indicator_forms.points_for_every_full_unit"),
            is_number,
            (EACH, EVERY, STARTS, MOST),
            write_rate,
        ),
        IndicatorForm(
            "accrual",
            say("indicator_forms.in_proportion"),
            say("indicator_forms.parts_of_a_unit_count"),
            is_number,
            (EACH, EVERY, STARTS, MOST),
            _write_accrual,
        ),
        IndicatorForm(
            "condition",
            say("indicator_forms.flat"),
            say("indicator_forms.fixed_points_where_a_condition"),
            None,
            (CONDITION, POINTS),
            _write_condition,
        ),
        IndicatorForm(
            "first_of",
            say("indicator_forms.first_that_holds"),
            say("indicator_forms.down_a_ladder_the_first"),
            None,
            (),
            _write_ladder,
            (
                FieldOfForm("when", say("indicator_forms.condition_may_be_empty")),
                FieldOfForm("points", say("indicator_forms.points")),
            ),
            LADDER_ROWS,
        ),
        IndicatorForm(
            "each_record",
            say("indicator_forms.per_record"),
            say("indicator_forms.points_for_every_record_inside"),
            _is_count,
            (EACH,),
            _write_each_record,
        ),
        IndicatorForm(
            "veto",
            say("indicator_forms.veto"),
            say("indicator_forms.a_condition_that_decides_against"),
            None,
            (CONDITION,),
            _write_veto,
        ),
        *COMPOUND_FORMS,
    )
}
"""The mechanisms by their keys."""
