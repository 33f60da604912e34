"""How sure a projection is: each assumption that has no source is drawn again, and so is the luck
of the people (the seed); what widens the people at the line in the last year most stands first.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

import numpy as np
import pyarrow as pa

from jifen.lab.population import People
from jifen.lab.weights import Count
from jifen.lab.words import say
from jifen.lab.years.assumptions import Assumptions, Movement
from jifen.lab.years.projection import project_years
from jifen.lab.years.results import YearsResult
from jifen.policy.policy import Policy
from jifen.policy.text import Lang, Text

_MIDDLE = (0.025, 0.975)
Factor = Callable[[str], float]
"""The id of an assumption → what its shares are multiplied by."""


@dataclass(frozen=True, slots=True)
class YearRange:
    """People surely at the line on a day under a policy: as projected, and the middle 95 % of the
    draws."""

    policy: str
    day: date
    reached: Count
    least: Count
    most: Count


@dataclass(frozen=True, slots=True)
class AssumptionPart:
    """What is not sure, with the people at the line in the last year at its two ends."""

    id: str
    label: Text
    least: Count
    most: Count

    @property
    def width(self) -> float:
        """The people between its two ends."""
        return float(self.most - self.least)


@dataclass(frozen=True, slots=True)
class YearsRange:
    """Ranges by policy and year, and what widens the last year of the first policy."""

    years: tuple[YearRange, ...]
    parts: tuple[AssumptionPart, ...]
    draws: int
    spread: float

    def to_dict(self) -> dict[str, Any]:
        """For a program."""
        return {
            "draws": self.draws,
            "spread": self.spread,
            "years": [_year_to_row(year) for year in self.years],
            "parts": self._list_parts(),
        }

    def to_tables(self) -> dict[str, pa.Table]:
        """`years_range` and `years_parts`, the widest part first."""
        years = [_year_to_row(year) for year in self.years]
        tables = {"years_range": years, "years_parts": self._list_parts()}
        return {name: pa.Table.from_pylist(rows) for name, rows in tables.items() if rows}

    def _list_parts(self) -> list[dict[str, Any]]:
        widths = sum(part.width for part in self.parts) or 1.0
        return [
            {
                "part": part.id,
                "part_zh": part.label.zh,
                "part_en": part.label.en,
                "least": part.least,
                "most": part.most,
                "share_of_width": round(part.width / widths, 4),
            }
            for part in self.parts
        ]

    def format_lines(self, lang: Lang) -> Iterator[str]:
        """In words: the last year of each policy, then the parts."""
        last = max(year.day for year in self.years)
        for year in self.years:
            if year.day == last:
                yield (
                    say(
                        "uncertainty.years_range.people_95_of_the_draws",
                        policy=year.policy,
                        last=last,
                        reached=year.reached,
                        least=year.least,
                        most=year.most,
                        draws=self.draws,
                        spread=self.spread,
                    )(lang)
                )
        yield say("uncertainty.years_range.what_widens_the_last_year")(lang)
        for part in self.parts:
            yield f"  {part.label(lang)}  {part.least:,}–{part.most:,}"


def _year_to_row(year: YearRange) -> dict[str, Any]:
    return {
        "policy": year.policy,
        "day": year.day.isoformat(),
        "reached": year.reached,
        "least": year.least,
        "most": year.most,
    }


def range_years(
    people: People,
    policies: Sequence[Policy],
    on: date,
    years: int,
    assumptions: Assumptions,
    *,
    draws: int = 20,
    spread: float = 0.1,
    seed: int = 7,
    threads: int | None = None,
) -> YearsRange:
    """Project `draws` times with every unsure share within ± `spread` of itself and another luck;
    then once with each assumption at either end, all else as it is. Raises as `project_years`."""

    def project(assumed: Assumptions, luck: int) -> YearsResult:
        return project_years(people, policies, on, years, assumed, seed=luck, threads=threads)

    base = project(assumptions, seed)
    generator = np.random.Generator(np.random.Philox(key=[seed, 1]))
    ids = list_unsure(assumptions)
    drawn = list[list[list[Count]]]()
    for number in range(draws):
        factors = dict(zip(ids, 1 + generator.uniform(-spread, spread, len(ids)), strict=True))
        varied = vary_assumptions(assumptions, _look_up(factors))
        drawn.append(_list_reached(project(varied, seed + 1 + number)))
    lucks = [_list_reached(project(assumptions, seed + 1 + n))[0][-1] for n in range(draws)]
    parts = [_range_luck(lucks, base)]
    for ident, name in ids.items():
        fact = people.vocabulary.get(ident)
        label = fact.label if fact else name
        ends = [
            _list_reached(project(_vary_one(assumptions, ident, 1 + way * spread), seed))[0][-1]
            for way in (-1, 1)
        ]
        parts.append(AssumptionPart(ident, label, min(ends), max(ends)))
    parts.sort(key=lambda part: (-part.width, part.id))
    return YearsRange(tuple(_range_years(base, np.array(drawn))), tuple(parts), draws, spread)


def list_unsure(assumptions: Assumptions) -> dict[str, Text]:
    """The assumptions that are shares of people and have no source, with their names."""
    found = dict[str, Text]()
    for ident, label, part in (
        (
            "interruption",
            say("uncertainty.years_range.interrupted_insurance"),
            assumptions.interruption,
        ),
        ("leavers", say("uncertainty.years_range.people_who_leave"), assumptions.leavers),
        ("entrants", say("uncertainty.years_range.people_who_come"), assumptions.entrants),
    ):
        if part.basis.confidence == "unsure":
            found[ident] = label
    for movement in assumptions.movements.values():
        if movement.basis.confidence == "unsure" and _is_share(movement):
            found[movement.fact] = Text(movement.fact, movement.fact)
    return found


def _is_share(movement: Movement) -> bool:
    return bool(movement.steps) or movement.share != 1


def vary_assumptions(assumptions: Assumptions, factor: Factor) -> Assumptions:
    """The assumptions with the shares of each part multiplied; none becomes more than all."""

    def scale(share: float, ident: str) -> float:
        return min(share * factor(ident), 1.0)

    leavers = assumptions.leavers
    bands = tuple(replace(b, share=scale(b.share, "leavers")) for b in leavers.bands)
    movements = {
        fact: replace(
            movement,
            share=scale(movement.share, fact),
            steps=tuple(replace(s, share=scale(s.share, fact)) for s in movement.steps),
        )
        if _is_share(movement)
        else movement
        for fact, movement in assumptions.movements.items()
    }
    interruption, entrants = assumptions.interruption, assumptions.entrants
    return replace(
        assumptions,
        interruption=replace(interruption, share=scale(interruption.share, "interruption")),
        leavers=replace(leavers, bands=bands),
        entrants=replace(entrants, share=scale(entrants.share, "entrants")),
        movements=movements,
    )


def _look_up(factors: Mapping[str, float]) -> Factor:
    return lambda ident: float(factors.get(ident, 1.0))


def _vary_one(assumptions: Assumptions, ident: str, by: float) -> Assumptions:
    return vary_assumptions(assumptions, lambda other: by if other == ident else 1.0)


def _list_reached(result: YearsResult) -> list[list[Count]]:
    return [[year.reached for year in policy.years] for policy in result.by_policy]


def _range_luck(lucks: Sequence[Count], base: YearsResult) -> AssumptionPart:
    reached = _list_reached(base)[0][-1]
    low, high = np.quantile(np.array([*lucks, reached]), _MIDDLE)
    label = say("uncertainty.years_range.the_luck_of_the_draws")
    return AssumptionPart("seed", label, round(float(low)), round(float(high)))


def _range_years(base: YearsResult, drawn: Any) -> Iterator[YearRange]:
    """The middle 95 % of the draws, with the projection itself inside."""
    for number, policy in enumerate(base.by_policy):
        for place, year in enumerate(policy.years):
            low, high = np.quantile(np.array([*drawn[:, number, place], year.reached]), _MIDDLE)
            least, most = round(float(low)), round(float(high))
            ends = min(least, year.reached), max(most, year.reached)
            yield YearRange(policy.name, year.day, year.reached, *ends)
