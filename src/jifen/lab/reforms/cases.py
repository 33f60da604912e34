"""The worked cases of the city that a reform changes: what each gave, and what it gives then."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import pyarrow as pa

from jifen.cities.worked_cases import WorkedCase, find_cases_of_policy
from jifen.lab.words import say
from jifen.policy.fault import PolicyError
from jifen.policy.policy import Policy
from jifen.policy.quantity import format_number
from jifen.policy.text import Lang, Text
from jifen.scoring import assess
from jifen.scoring.json_values import to_json_number
from jifen.scoring.selected_people import select_people_of_case


@dataclass(frozen=True, slots=True)
class CaseOutcome:
    """What a worked case gives: totals at least and at most, and whether the line is reached; the
    points of the indicators that the case names; of a ranking, its order, or who is taken where the
    case selects; nothing at all where the
    rules cannot be built on its day."""

    least: Any = None
    most: Any = None
    reached: bool | None = None
    order: tuple[str, ...] = ()
    lines: tuple[tuple[Text, str], ...] = ()

    def describe_outcome(self) -> Text:
        """The outcome in a few words."""
        if self.order:
            return Text("、".join(self.order), ", ".join(self.order))
        if self.least is None:
            return say("reforms.cases.cannot_be_counted")
        points = _format_range(self.least, self.most)
        reached = {
            True: say("reforms.cases.reached"),
            False: say("reforms.cases.not_reached"),
            None: say("reforms.cases.open"),
        }[self.reached]
        named = Text(
            "".join((f"；{label.zh} {given}" for label, given in self.lines)),
            "".join((f"; {label.en} {given}" for label, given in self.lines)),
        )
        return say("reforms.cases.outcome", points=points, named=named, reached=reached)

    def to_dict(self) -> dict[str, Any]:
        """For a program."""
        if self.order:
            return {"order": list(self.order)}
        ends = {"least": self.least, "most": self.most}
        points = {name: None if end is None else to_json_number(end) for name, end in ends.items()}
        return {**points, "reached": self.reached}


@dataclass(frozen=True, slots=True)
class CaseChange:
    """A worked case that a reform changes."""

    id: str
    label: Text
    before: CaseOutcome
    after: CaseOutcome


def find_changed_cases(policy: Policy, reform: Policy) -> list[CaseChange]:
    """The worked cases of the version whose outcome is another under the reform, in the order of
    the file. Each is asked on its own day under its own readings."""
    pairs = (
        (case, _find_outcome(policy, case), _find_outcome(reform, case))
        for case in find_cases_of_policy(policy)
    )
    return [
        CaseChange(case.id, case.label, before, after)
        for case, before, after in pairs
        if before != after
    ]


def _find_outcome(policy: Policy, case: WorkedCase) -> CaseOutcome:
    try:
        if case.people:
            outcome = select_people_of_case(policy, case)
            taken = outcome["order"] if outcome["admitted"] is None else outcome["admitted"]
            return CaseOutcome(order=tuple(taken))
        result = assess(policy, case.facts, case.on, readings=case.readings)
    except PolicyError:
        return CaseOutcome()
    least, most = result.bounds
    named = case.expect.get("lines")
    lines = tuple(
        (line.indicator.label, _format_range(*line.bounds))
        for line in result.lines
        if isinstance(named, dict) and line.indicator.id in named
    )
    return CaseOutcome(least, most, result.reached, lines=lines)


def _format_range(low: Any, high: Any) -> str:
    least, most = format_number(low), format_number(high)
    return least if least == most else f"{least}–{most}"


def cases_to_dicts(changes: list[CaseChange]) -> list[dict[str, Any]]:
    """The changed cases for a program."""
    return [
        {
            "case": change.id,
            "label": {"zh": change.label.zh, "en": change.label.en},
            "before": change.before.to_dict(),
            "after": change.after.to_dict(),
        }
        for change in changes
    ]


HEAD = say("reforms.cases.head")
_NONE = say("reforms.cases.none")


def format_cases(changes: list[CaseChange], lang: Lang) -> Iterator[str]:
    """The changed cases in lines."""
    if not changes:
        yield _NONE(lang)
        return
    yield f"{HEAD(lang)}{say('reforms.cases.cases')(lang)}"
    for change in changes:
        before, after = change.before.describe_outcome(), change.after.describe_outcome()
        yield f"  {change.id}: {before(lang)} → {after(lang)}  {change.label(lang)}"


def cases_to_tables(
    reforms: Sequence[Policy], several: Sequence[list[CaseChange]]
) -> dict[str, pa.Table]:
    """`reform_cases`: one row per reform and changed case."""
    names = ("reform", "case", "before", "after")
    rows = [
        {
            "reform": reform.reforms[-1].id,
            "case": change.id,
            "before": change.before.describe_outcome().en,
            "after": change.after.describe_outcome().en,
        }
        for reform, changes in zip(reforms, several, strict=True)
        for change in changes
    ]
    schema = pa.schema([(name, pa.string()) for name in names])
    return {"reform_cases": pa.Table.from_pylist(rows, schema)}
