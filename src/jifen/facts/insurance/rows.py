"""Rows of a form, employer by employer → spells of contributions as the engine reads them."""

from collections.abc import Mapping, Sequence
from contextlib import suppress
from datetime import date
from decimal import Decimal
from typing import Any

from jifen.facts.contributions import SCHEMES, read_last_month
from jifen.facts.insurance.employers import Employment, NumberedSpell, build_contributions
from jifen.facts.spelling import (
    AmbiguousSpelling,
    normalize_amount,
    normalize_month,
    read_amount,
    read_month,
)
from jifen.policy.model import Rules

SALARY = "salary"
"""What `amount_is` of a row says where its figure is the salary and not the contribution base."""
_MOST_YUAN = 10_000_000
_MOST_MONTHS = 720


def build_row_spells(
    rows: Sequence[tuple[int, Mapping[str, str]]], rules: Rules | None, on: date
) -> list[NumberedSpell]:
    """The spells of numbered rows (from, to, base, amount_is, status, schemes), in their order.

    A row with a salary gives a spell for each stretch of months with one average wage. One that
    cannot be read stays as it was typed, so that its fault stands beside it. Without `rules` no
    wage is known, and the base of such a row stays open.
    """
    spells = list[NumberedSpell]()
    for number, row in rows:
        employment = _read_salaried(row, on) if rules else None
        if employment and rules:
            built = build_contributions([employment], rules)
            spells += [NumberedSpell(number, one.spell, one.estimated) for one in built]
        else:
            spells.append(NumberedSpell(number, _as_typed(row, with_base=rules is not None)))
    return spells


def _as_typed(row: Mapping[str, str], *, with_base: bool) -> dict[str, Any]:
    is_base = row.get("amount_is") != SALARY or with_base
    base = normalize_amount(row["base"], "yuan") if is_base else ""
    return {
        "from": normalize_month(row["from"]),
        "to": normalize_month(row["to"]),
        **({"base": base} if base else {}),
        "status": row["status"] or "paid",
        "schemes": [s for s in row["schemes"].split("+") if s] or list(SCHEMES),
    }


def _read_salaried(row: Mapping[str, str], on: date) -> Employment | None:
    """The employment of a row with a salary; None for any other, and where something is wrong."""
    if row.get("amount_is") != SALARY:
        return None
    with suppress(AmbiguousSpelling):
        since, salary = read_month(row["from"]), read_amount(row["base"], "yuan")
        until = None if since is None else read_last_month(row["to"], since, on)
        if since is None or until is None or salary is None:
            return None
        is_amount = salary == round(salary, 2) and Decimal(0) <= salary <= _MOST_YUAN
        if not is_amount or not 0 <= until - since < _MOST_MONTHS:
            return None
        spell = _as_typed(row, with_base=False)
        schemes = tuple(spell["schemes"])
        return Employment("", since, until, None, salary, spell["status"], schemes)
    return None
