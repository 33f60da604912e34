"""Employer by employer → spells of contributions as the engine reads them.

Somebody who knows the salary only gets the base that follows from it: the salary, but no less than
60 % and no more than 300 % of the average wage of the month, the national rule on pension accounts
(劳办发〔1997〕116号, from memory). It is an estimate: the base that counts is the declared one, and
it stands in the insurance record.
"""

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from jifen.facts.contributions import SCHEMES
from jifen.policy.model import Rules
from jifen.policy.months import format_month

LEAST_OF_WAGE, MOST_OF_WAGE = Decimal("0.6"), Decimal(3)
_YUAN = Decimal(1)


@dataclass(frozen=True, slots=True)
class Employment:
    """Time with one employer: months (both inside), the base or the salary in yuan per month."""

    employer: str
    since: int
    until: int
    base: Decimal | None = None
    salary: Decimal | None = None
    """Counts where no base is given."""
    status: str = "paid"
    schemes: tuple[str, ...] = SCHEMES


@dataclass(frozen=True, slots=True)
class NumberedSpell:
    """A spell in the form of a facts file, and the number of the employment that it comes from."""

    row: int
    spell: dict[str, Any]
    estimated: bool = False
    """Whether its base was worked out from a salary."""


def build_contributions(employments: list[Employment], rules: Rules) -> list[NumberedSpell]:
    """The spells of several employments, in their order. A salary gives one spell for each stretch
    of months with one average wage, since the base follows that wage at both of its ends."""
    numbered_spells = []
    for row, employment in enumerate(employments):
        if employment.base is not None or employment.salary is None:
            months = employment.since, employment.until
            numbered_spells.append(
                NumberedSpell(row, _build_spell(employment, *months, employment.base))
            )
            continue
        for since, until, wage in _split_by_wage(rules, employment.since, employment.until):
            base = estimate_base(employment.salary, wage)
            spell = _build_spell(employment, since, until, base)
            numbered_spells.append(NumberedSpell(row, spell, estimated=True))
    return numbered_spells


def estimate_base(salary: Decimal, wage: Decimal | None) -> Decimal:
    """The base that follows from a salary, in whole yuan; the salary where no wage is known."""
    if wage is not None:
        salary = min(max(salary, LEAST_OF_WAGE * wage), MOST_OF_WAGE * wage)
    return salary.quantize(_YUAN, ROUND_HALF_UP)


def _split_by_wage(rules: Rules, since: int, until: int) -> list[tuple[int, int, Decimal | None]]:
    """Months with one average wage each (None: not recorded): first, last, wage."""
    series = rules.find_series(rules.contributions.series)
    stretches: list[tuple[int, int, Decimal | None]] = []
    for month in range(since, until + 1):
        wage = series.find_figure(month) if series else None
        if stretches and stretches[-1][2] == wage:
            stretches[-1] = (stretches[-1][0], month, wage)
        else:
            stretches.append((month, month, wage))
    return stretches


def _build_spell(
    employment: Employment, since: int, until: int, base: Decimal | None
) -> dict[str, Any]:
    spell: dict[str, Any] = {"from": format_month(since), "to": format_month(until)}
    if base is not None:
        spell["base"] = base
    return spell | {"status": employment.status, "schemes": list(employment.schemes)}
