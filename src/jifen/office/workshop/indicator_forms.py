"""The forms of the mechanisms: which facts each goes by, its fields, and what it writes. What is
typed as a number is taken as it stands: the table shows its faults at their cells."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from jifen.office.workshop.element_faults import no_such_fact
from jifen.policy.text import Lang, Text
from jifen.policy.vocabulary import NUMBER_TYPES, Fact, Vocabulary

Typed = Mapping[str, str]
"""The fields of a form by their names."""
BAND_ROWS, LADDER_ROWS = 5, 4


@dataclass(frozen=True, slots=True)
class FieldOfForm:
    """A field: its name, its words, what stands in it at first."""

    name: str
    label: Text
    usual: str = ""
    help: Text | None = None


@dataclass(frozen=True, slots=True)
class IndicatorForm:
    """The form of a mechanism: what it does, which facts it goes by, its fields; `rows`: fields
    that repeat, and how often."""

    key: str
    label: Text
    about: Text
    takes: Callable[[Fact], bool] | None
    fields: tuple[FieldOfForm, ...]
    write: Callable[[Typed, Fact | None], Any]
    rows: tuple[FieldOfForm, ...] = ()
    row_count: int = 0


def is_number(fact: Fact) -> bool:
    """Whether bands, units and proportions can go by a fact."""
    return fact.type in NUMBER_TYPES


def is_choice(fact: Fact) -> bool:
    """Whether a fact has answers."""
    return fact.type == "choice"


def _is_count(fact: Fact) -> bool:
    return fact.derive is not None and fact.derive.measure == "records_in_window"


def list_usable_facts(form: IndicatorForm, vocabulary: Vocabulary) -> list[Fact]:
    """The facts by which a mechanism can give points."""
    takes = form.takes
    return [fact for fact in vocabulary if takes(fact)] if takes else []


def list_simple_conditions(vocabulary: Vocabulary, lang: Lang) -> list[tuple[str, str]]:
    """Every condition on one answer: a yes, or an answer of a choice, with its words."""
    colon = Text("：", ": ")(lang)
    conditions = [(f.id, f.label(lang)) for f in vocabulary if f.type == "bool"]
    return conditions + [
        (f"{fact.id} = {option.id}", f"{fact.label(lang)}{colon}{option.label(lang)}")
        for fact in vocabulary
        for option in fact.options
    ]


def _given(typed: Typed, *names: str) -> dict[str, str]:
    return {name: typed[name].strip() for name in names if typed.get(name, "").strip()}


def _rows(typed: Typed, names: tuple[str, ...], count: int) -> Iterator[dict[str, str]]:
    for row in range(1, count + 1):
        values = {name: typed.get(f"{name}-{row}", "").strip() for name in names}
        if any(values.values()):
            yield {name: text for name, text in values.items() if text}


def _write_scale(typed: Typed, fact: Fact | None) -> Any:
    bands = [
        band | {"points": band.get("points", "0")}
        for band in _rows(typed, ("from", "to", "points"), BAND_ROWS)
    ]
    least = f"{fact.least.normalize():f}" if fact else "0"
    return {"of": fact.id if fact else "", "bands": bands or [{"from": least, "points": "0"}]}


def _write_choice(typed: Typed, fact: Fact | None) -> Any:
    answers = fact.ids if fact else ()
    points = {answer: typed.get(f"answer-{answer}", "").strip() or "0" for answer in answers}
    return {"of": fact.id if fact else "", "points": points}


def _usual_unit(fact: Fact | None) -> str:
    unit = fact.unit if fact else ""
    number = "12" if unit == "months" else "1"
    return f"{number} {unit}".strip()


def _write_rate(typed: Typed, fact: Fact | None) -> dict[str, Any]:
    return {
        "of": fact.id if fact else "",
        "each": typed.get("each", "").strip() or "0",
        "every": typed.get("every", "").strip() or _usual_unit(fact),
        **_given(typed, "starts_at", "most"),
    }


def _write_accrual(typed: Typed, fact: Fact | None) -> Any:
    return _write_rate(typed, fact) | {"round": {"places": "0", "mode": "down"}}


def _condition_of(typed: Typed) -> str:
    condition = typed.get("condition", "").strip() or typed.get("holds", "").strip()
    if not condition:
        raise no_such_fact("")
    return condition


def _write_condition(typed: Typed, fact: Fact | None) -> Any:
    del fact
    return {"when": _condition_of(typed), "points": typed.get("points", "").strip() or "0"}


def _write_veto(typed: Typed, fact: Fact | None) -> Any:
    del fact
    return {"when": _condition_of(typed), "effect": "refuse"}


def _write_each_record(typed: Typed, fact: Fact | None) -> Any:
    return {"count": fact.id if fact else "", "each": typed.get("each", "").strip() or "0"}


def _write_ladder(typed: Typed, fact: Fact | None) -> Any:
    del fact
    steps = [{"points": "0"} | step for step in _rows(typed, ("when", "points"), LADDER_ROWS)]
    if not any("when" in step for step in steps):
        raise no_such_fact("")
    if "when" in steps[-1]:
        steps.append({"points": "0"})
    return {"steps": [dict(sorted(step.items(), reverse=True)) for step in steps]}


_POINTS = FieldOfForm("points", Text("分值", "Points"), "0")
_EACH = FieldOfForm("each", Text("每单位分值", "Points each"), "0")
_EVERY = FieldOfForm(
    "every",
    Text("每满", "For every"),
    help=Text(
        "如 12 months、1 years；留空为 12 个月或 1 个单位",
        "Such as 12 months; empty: 12 months, or 1 unit",
    ),
)
_STARTS = FieldOfForm("starts_at", Text("起计于（空为从头）", "Starts at (empty: at once)"))
_MOST = FieldOfForm("most", Text("上限（空为不设）", "Cap (empty: none)"))
_CONDITION = FieldOfForm(
    "condition",
    Text("或者写出条件（填写后以此为准）", "Or write the condition (it counts then)"),
    help=Text(
        "写事实的代号（见下表）：entrepreneur；title = senior and insured_months >= 36",
        "By the ids of facts (see the table below): entrepreneur; title = senior and "
        "insured_months >= 36",
    ),
)
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
            (_EACH, _EVERY, _STARTS, _MOST),
            _write_rate,
        ),
        IndicatorForm(
            "accrual",
            Text("按比例累进", "In proportion"),
            Text(
                "不满一个单位也按比例给分，最后取整",
                "Parts of a unit count in proportion; rounded once",
            ),
            is_number,
            (_EACH, _EVERY, _STARTS, _MOST),
            _write_accrual,
        ),
        IndicatorForm(
            "condition",
            Text("符合条件给固定分", "Flat"),
            Text("符合条件时给固定分值", "Fixed points where a condition holds"),
            None,
            (_CONDITION, _POINTS),
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
            (_EACH,),
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
            (_CONDITION,),
            _write_veto,
        ),
    )
}
"""The mechanisms that a form can write; the others (`table`, `sum_of`, `multiplier`) are written as
text."""
