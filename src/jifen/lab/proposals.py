"""What is simulated is checked first: reforms, the variants of a sweep, drafts of the workshop."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import product

import pyarrow as pa

from jifen.lab.fault_catalogue import LAB
from jifen.lab.sweeps.sweep_file import Sweep
from jifen.lab.words import say
from jifen.policy.book.plain import fault_to_dict
from jifen.policy.catalogue import name_element
from jifen.policy.checks import merge_faults
from jifen.policy.checks.context import CheckContext, find_line, patch_document
from jifen.policy.checks.proposals import find_proposal_faults
from jifen.policy.fault import Fault, PolicyError
from jifen.policy.policy import Policy
from jifen.policy.text import Lang, Text
from jifen.scoring.population.program import build_program
from jifen.scoring.population.tables import TooWide

MOST_TOGETHER = 400
"""So many combinations of figures of one element are looked at each; of more, both ends of every
figure together, and every value alone."""
UNCHECKED = say("proposals.unchecked")


@dataclass(frozen=True, slots=True)
class CheckedRules:
    """What the checks say of rules that are simulated. `unchecked`: errors did not refuse them."""

    faults: tuple[Fault, ...] = ()
    unchecked: bool = False

    def list_labels(self) -> tuple[Text, ...]:
        """What stands above every result."""
        return (UNCHECKED,) if self.unchecked else ()

    def to_dict(self, lang: Lang = "en") -> dict[str, object]:
        """For a program."""
        faults = [fault_to_dict(fault.in_language(lang)) for fault in self.faults]
        return {"unchecked": self.unchecked, "faults": faults}

    def mark_tables(self, tables: dict[str, pa.Table]) -> dict[str, pa.Table]:
        """Tables with a column that says in every row that the rules were not checked."""
        if not self.unchecked:
            return tables
        return {
            name: table.append_column("unchecked", pa.array([True] * table.num_rows, pa.bool_()))
            for name, table in tables.items()
        }


def check_proposals(
    policies: Sequence[Policy], days: Iterable[date], *, unchecked: bool = False
) -> CheckedRules:
    """The checks of some reformed policies on the days that are simulated. Raises PolicyError where
    there are errors, unless `unchecked`; rules that cannot be built at all are refused always."""
    every = list(days)
    faults = merge_faults(
        fault for policy in policies for fault in find_proposal_faults(policy, every)
    )
    errors = [fault for fault in faults if fault.severity == "error"]
    if errors and not unchecked:
        raise PolicyError(faults)
    wide = [fault for policy in policies for day in every for fault in _find_too_wide(policy, day)]
    if wide:
        raise PolicyError(merge_faults(wide))
    return CheckedRules(tuple(faults), unchecked)


def _find_too_wide(policy: Policy, day: date) -> Iterator[Fault]:
    """The fault of an element that cannot be simulated, where it stands in its own file. Raises
    PolicyError where the rules cannot be built."""
    try:
        build_program(policy.rules_on(day))
    except TooWide as error:
        indicators = {indicator.id for indicator in policy.rules_on(day).indicators}
        kind = "indicators" if error.id in indicators else "conditions"
        place = CheckContext(
            policy, policy.rules_on(day), patch_document(policy, day, {})
        ).find_place((kind, error.id))
        words = LAB.fault_words("JF-L006", "too_wide", what=error.words)
        clause = name_element(kind.removesuffix("s"), error.id)
        yield Fault.from_words(
            "JF-L006", place, words, clause=clause, line_text=find_line(policy, place)
        )


def list_checked_variants(plan: Sweep, policy: Policy) -> list[Policy]:
    """The variants by which a sweep is checked. Figures of one element (an indicator, a group, the
    lines) are looked at together, since only they can contradict each other; all others stand at
    their first value. So every value of every figure is in one of them."""
    base = [0] * len(plan.vary)
    if not plan.grid:
        return list(plan.list_variants(policy))[:MOST_TOGETHER]
    choices = {tuple(base): None}
    for together in _group_figures(plan):
        for places in _list_combinations([len(plan.vary[n].values) for n in together]):
            choice = list(base)
            for figure, place in zip(together, places, strict=True):
                choice[figure] = place
            choices[tuple(choice)] = None
    return [plan.apply_choice(policy, number, choice) for number, choice in enumerate(choices)]


def _group_figures(plan: Sweep) -> list[list[int]]:
    """The numbers of the figures, by the elements that they share."""
    parts: list[tuple[set[str], list[int]]] = []
    for number, varied in enumerate(plan.vary):
        names = {".".join(path.split(".")[:2]) for path in varied.paths}
        numbers = [number]
        for part in [part for part in parts if part[0] & names]:
            parts.remove(part)
            names, numbers = names | part[0], part[1] + numbers
        parts.append((names, sorted(numbers)))
    return [numbers for _, numbers in parts]


def _list_combinations(counts: Sequence[int]) -> Iterable[tuple[int, ...]]:
    every = 1
    for count in counts:
        every *= count
    if every <= MOST_TOGETHER:
        return product(*map(range, counts))
    ends = list(product(*({0, count - 1} for count in counts)))
    alone = [
        tuple(place if n == figure else 0 for n in range(len(counts)))
        for figure, count in enumerate(counts)
        for place in range(count)
    ]
    return [*ends, *alone]


def check_sweep(plan: Sweep, policy: Policy, on: date, *, unchecked: bool = False) -> CheckedRules:
    """The checks of every shape of a sweep; each fault once. Raises as `check_proposals`."""
    checked = check_proposals(list_checked_variants(plan, policy), [on], unchecked=unchecked)
    first: dict[tuple[str, object], Fault] = {}
    for fault in checked.faults:
        first.setdefault((fault.code, fault.place), fault)
    return replace(checked, faults=tuple(first.values()))
