"""What a projection found, by year and policy: for programs (`to_dict`), for files (`tables`)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any

import pyarrow as pa

from jifen.lab.population import People
from jifen.lab.weights import Count, to_count
from jifen.lab.words import say
from jifen.lab.years.assumptions import Assumptions
from jifen.lab.years.cohort_path import ProjectionPlan
from jifen.lab.years.reasons import LossReason
from jifen.lab.years.tally import COUNTS, Tally
from jifen.policy.model import NO_THRESHOLD
from jifen.policy.policy import Policy
from jifen.policy.text import Text

TODAY = say("years.results.today")


@dataclass(frozen=True, slots=True)
class YearCounts:
    """The people of one year under one policy (of one group, where they are grouped). The names
    are those of `tally.COUNTS`; `line` and `mean_total` in points, the latter of the `known`
    people, None where there are none."""

    day: date
    line: float
    people: Count
    admissible: Count
    reached: Count
    undecided: Count
    newly: Count
    lost: Count
    entered: Count
    gone: Count
    settled: Count
    known: Count
    mean_total: float | None

    @property
    def at_most(self) -> Count:
        """Who reaches the line if every unknown fact is the best that it can be."""
        return to_count(self.reached + self.undecided)


@dataclass(frozen=True, slots=True)
class FirstReached:
    """Of the given people surely under the line at the start (`under`): how many first reach it in
    each year (`reached`, year 1 first), how many left before, and how many never within the years.
    """

    under: Count
    reached: tuple[Count, ...]
    left: Count

    @property
    def never(self) -> Count:
        """Still here and never at the line."""
        return max(to_count(self.under - sum(self.reached) - self.left), 0)

    @property
    def share_never(self) -> float:
        """The part of those under the line at the start who are here and never reach it."""
        return self.never / self.under if self.under else 0.0


@dataclass(frozen=True)
class PolicyYears:
    """One policy: its years, those of each group, the cohort view, and why people lost the line."""

    policy: Policy
    label: Text
    years: tuple[YearCounts, ...]
    groups: tuple[tuple[YearCounts, ...], ...]
    first: FirstReached
    why: tuple[Mapping[LossReason, Count], ...]

    @property
    def name(self) -> str:
        """The id of the last reform, or the policy and version."""
        reforms = self.policy.reforms
        return reforms[-1].id if reforms else f"{self.policy.id}-{self.policy.version}"

    def describe_reason(self, reason: LossReason) -> Text:
        """A reason in words."""
        rules = self.policy.rules_on(self.years[-1].day)
        if reason.kind == "rules":
            return say("years.results.the_rules_changed")
        if reason.kind == "condition":
            label = next(
                requirement.label
                for requirement in rules.requirements
                if requirement.id == reason.id
            )
            return say("years.results.no_longer", label=label)
        label = rules.find_indicator(reason.id).label
        if reason.kind == "veto":
            return say("years.results.veto", label=label)
        return say("years.results.fewer_points", label=label)


@dataclass(frozen=True)
class YearsResult:
    """Everything about one projection."""

    people: People
    policies: tuple[Policy, ...]
    plan: ProjectionPlan
    group_labels: tuple[Text, ...]
    tally: Tally

    @property
    def assumptions(self) -> Assumptions:
        """What was assumed."""
        return self.plan.assumptions

    @property
    def excluded(self) -> Count:
        """People with values that cannot be used: they take no part."""
        return self.people.faulty_people

    @cached_property
    def by_policy(self) -> tuple[PolicyYears, ...]:
        """The policies in the order given."""
        return tuple(self._build_policy_years(number) for number in range(len(self.policies)))

    def _build_policy_years(self, number: int) -> PolicyYears:
        policy, years = self.policies[number], range(len(self.plan.days))
        cells = range(1, 1 + len(self.group_labels))
        first = tuple(to_count(count) for count in self.tally.first[number][1:])
        under, left = to_count(self.tally.under[number]), to_count(self.tally.left[number])
        return PolicyYears(
            policy,
            policy.reforms[-1].label if policy.reforms else TODAY,
            tuple(self._build_year(number, year, 0) for year in years),
            tuple(tuple(self._build_year(number, year, cell) for year in years) for cell in cells),
            FirstReached(under, first, left),
            tuple(self.tally.why.get((number, year), {}) for year in years),
        )

    def _build_year(self, number: int, year: int, cell: int) -> YearCounts:
        cells = self.tally.counts[number, year, cell]
        counts = dict(zip(COUNTS, map(to_count, cells), strict=True))
        program, day = self.plan.programs[year][number], self.plan.days[year]
        total, known = counts.pop("total"), counts["known"]
        mean = total / known / program.scale if known else None
        return YearCounts(day, program.threshold_on(day) / program.scale, mean_total=mean, **counts)

    def to_dict(self) -> dict[str, Any]:
        """For a program; schema `jifen.years.v2`."""
        assumed = self.assumptions
        return {
            "schema": "jifen.years.v2",
            "city": assumed.city,
            "on": self.plan.days[0].isoformat(),
            "seed": self.plan.seed,
            "synthetic": self.people.synthetic,
            "people": self.people.all_people,
            "excluded": self.excluded,
            "assumptions": {
                "id": assumed.id,
                "as_of": assumed.as_of.isoformat(),
                "parts": [
                    {
                        "part": {"zh": words.zh, "en": words.en},
                        "confidence": basis.confidence,
                        "sources": list(basis.sources),
                        "note": {"zh": basis.note.zh, "en": basis.note.en},
                    }
                    for words, basis in assumed.list_parts()
                ],
            },
            "by": self.plan.by,
            "policies": [
                _policy_to_dict(policy_years, self.group_labels) for policy_years in self.by_policy
            ],
        }

    def to_tables(self) -> dict[str, pa.Table]:
        """`years` (a row by policy and year), `groups` (and group), `first` and `why`."""
        policies = self.by_policy
        years = [{"policy": p.name} | _year_to_row(y) for p in policies for y in p.years]
        groups = [
            {"policy": p.name, "group": label.en, "group_zh": label.zh} | _year_to_row(y)
            for p in policies
            for label, group_years in zip(self.group_labels, p.groups, strict=True)
            for y in group_years
        ]
        first = [row for p in policies for row in _list_first_rows(p)]
        why = [row for p in policies for row in _list_reason_rows(p)]
        tables = {"years": years, "groups": groups, "first": first, "why": why}
        return {name: pa.Table.from_pylist(rows) for name, rows in tables.items() if rows}


def _year_to_row(year: YearCounts) -> dict[str, Any]:
    """Flat, for a table; `_year_json` has the classes as one value."""
    counts = {name: getattr(year, name) for name in COUNTS if name not in ("total", *_CLASSES)}
    lead = {"day": year.day.isoformat(), "line": None if year.line == NO_THRESHOLD else year.line}
    classes = {"reached_surely": year.reached, "reached_perhaps": year.undecided}
    return lead | classes | counts | {"mean_total": year.mean_total}


_CLASSES = ("reached", "undecided")


def _year_to_dict(year: YearCounts) -> dict[str, Any]:
    flat = _year_to_row(year)
    return {
        "reached": {"surely": flat.pop("reached_surely"), "perhaps": flat.pop("reached_perhaps")}
    } | flat


def _policy_to_dict(policy_years: PolicyYears, groups: tuple[Text, ...]) -> dict[str, Any]:
    return {
        "name": policy_years.name,
        "label": {"zh": policy_years.label.zh, "en": policy_years.label.en},
        "policy": policy_years.policy.id,
        "version": policy_years.policy.version,
        "policy_hash": policy_years.policy.hash,
        "years": [_year_to_dict(year) for year in policy_years.years],
        "groups": [
            {
                "label": {"zh": label.zh, "en": label.en},
                "years": [_year_to_dict(year) for year in years],
            }
            for label, years in zip(groups, policy_years.groups, strict=True)
        ],
        "first": {
            "under_the_line": policy_years.first.under,
            "reached_in_year": list(policy_years.first.reached),
            "left_before": policy_years.first.left,
            "never": policy_years.first.never,
        },
        "why_lost": _list_reason_rows(policy_years),
    }


def _list_first_rows(policy_years: PolicyYears) -> list[dict[str, Any]]:
    words = [str(year) for year in range(1, len(policy_years.years))] + ["left before", "never"]
    counts = [*policy_years.first.reached, policy_years.first.left, policy_years.first.never]
    return [
        {"policy": policy_years.name, "first_year": word, "people": count}
        for word, count in zip(words, counts, strict=True)
    ]


def _list_reason_rows(policy_years: PolicyYears) -> list[dict[str, Any]]:
    return [
        {
            "policy": policy_years.name,
            "day": year.day.isoformat(),
            "kind": reason.kind,
            "id": reason.id,
            "people": to_count(count),
        }
        for year, reasons in zip(policy_years.years, policy_years.why, strict=True)
        for reason, count in sorted(reasons.items())
    ]
