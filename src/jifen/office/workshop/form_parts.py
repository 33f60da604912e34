"""What forms of mechanisms are made of: fields, rows of fields, and how a field becomes what the
language writes. What is typed as a number is taken as it stands: the table shows its faults."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from jifen.office.workshop.element_faults import no_such_fact
from jifen.office.workshop.words import say
from jifen.policy.text import Lang, Text
from jifen.policy.vocabulary import NUMBER_TYPES, Fact, Vocabulary

Typed = Mapping[str, str]
"""The fields of a form by their names."""


@dataclass(frozen=True, slots=True)
class FieldOfForm:
    """A field: its name, its words, what stands in it at first. `options`: what can be chosen;
    `is_fact`: a fact is chosen of those that the mechanism can go by."""

    name: str
    label: Text
    usual: str = ""
    help: Text | None = None
    options: tuple[tuple[str, Text], ...] = ()
    is_fact: bool = False


@dataclass(frozen=True, slots=True)
class IndicatorForm:
    """The form of a mechanism: what it does, which facts it goes by, its fields; `rows`: fields
    that repeat, and how often. `write_pair` instead of `write`: of a mechanism by two facts;
    `by_rows`: its facts are chosen in its rows."""

    key: str
    label: Text
    about: Text
    takes: Callable[[Fact], bool] | None
    fields: tuple[FieldOfForm, ...]
    write: Callable[[Typed, Fact | None], Any] | None
    rows: tuple[FieldOfForm, ...] = ()
    row_count: int = 0
    write_pair: Callable[[Typed, Fact, Fact], Any] | None = None
    by_rows: bool = False


def is_number(fact: Fact) -> bool:
    """Whether bands, units and proportions can go by a fact."""
    return fact.type in NUMBER_TYPES


def is_choice(fact: Fact) -> bool:
    """Whether a fact has answers."""
    return fact.type == "choice"


def list_usable_facts(form: IndicatorForm, vocabulary: Vocabulary) -> list[Fact]:
    """The facts by which a mechanism can give points."""
    takes = form.takes
    return [fact for fact in vocabulary if takes(fact)] if takes else []


def list_simple_conditions(vocabulary: Vocabulary, lang: Lang) -> list[tuple[str, str]]:
    """Every condition on one answer: a yes, or an answer of a choice, with its words."""
    colon = say("form_parts.simple_conditions")(lang)
    conditions = [(f.id, f.label(lang)) for f in vocabulary if f.type == "bool"]
    return conditions + [
        (f"{fact.id} = {option.id}", f"{fact.label(lang)}{colon}{option.label(lang)}")
        for fact in vocabulary
        for option in fact.options
    ]


def read_given(typed: Typed, *names: str) -> dict[str, str]:
    """The fields in which something was typed."""
    return {name: typed[name].strip() for name in names if typed.get(name, "").strip()}


def read_rows(typed: Typed, names: tuple[str, ...], count: int) -> Iterator[dict[str, str]]:
    """The rows in which something was typed."""
    for row in range(1, count + 1):
        values = {name: typed.get(f"{name}-{row}", "").strip() for name in names}
        if any(values.values()):
            yield {name: text for name, text in values.items() if text}


def usual_unit(fact: Fact | None) -> str:
    """The unit by which a number is counted where nothing is typed."""
    unit = fact.unit if fact else ""
    number = "12" if unit == "months" else "1"
    return f"{number} {unit}".strip()


def write_rate(typed: Typed, fact: Fact | None) -> dict[str, Any]:
    """Points for every so much of a number."""
    return {
        "of": fact.id if fact else "",
        "each": typed.get("each", "").strip() or "0",
        "every": typed.get("every", "").strip() or usual_unit(fact),
        **read_given(typed, "starts_at", "most"),
    }


def read_condition(typed: Typed) -> str:
    """The condition that was written, or the one that was chosen. Raises StudioFault."""
    condition = typed.get("condition", "").strip() or typed.get("holds", "").strip()
    if not condition:
        raise no_such_fact("")
    return condition


POINTS = FieldOfForm("points", say("form_parts.points"), "0")
EACH = FieldOfForm("each", say("form_parts.points_each"), "0")
EVERY = FieldOfForm(
    "every",
    say("form_parts.for_every"),
    help=say("form_parts.such_as_12_months_empty"),
)
STARTS = FieldOfForm("starts_at", say("form_parts.starts_at_empty_at_once"))
MOST = FieldOfForm("most", say("form_parts.cap_empty_none"))
CONDITION = FieldOfForm(
    "condition",
    say("form_parts.or_write_the_condition"),
    help=say("form_parts.by_the_ids_of_facts"),
)
