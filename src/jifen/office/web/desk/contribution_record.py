"""Contributions of a case on the desk: spells, months that count or not, what a register says of
the same months, and the rows in which a clerk corrects them."""

from collections.abc import Iterable, Mapping, Sequence
from itertools import groupby
from typing import Any

from django.http import QueryDict

from jifen.facts.contributions import STATUS_LABELS, Spell, read_spells
from jifen.facts.fault import FactFault
from jifen.facts.measures import MonthShown
from jifen.facts.situation import examine_facts
from jifen.office.casework.case_policy import rules_of
from jifen.office.casework.models import Application, Item
from jifen.office.registry.registers import REGISTERS
from jifen.office.web.public.answers import SPELL_KEYS, spell_fields
from jifen.office.web.public.insurance import months_of
from jifen.policy.months import format_month
from jifen.policy.text import Lang, Text

CONTRIBUTIONS = "contributions"
BLANK_ROWS = 2
"""Empty rows under the spells, for those that were left out."""
_NOTHING = Text("没有记录", "no record")


def describe_record(
    application: Application, item: Item | None, lang: Lang, posted: QueryDict | None = None
) -> dict[str, Any] | None:
    """The record as it is found, else as it is claimed; None where nothing can be read. `posted`:
    a refused correction, whose rows are shown again as they were typed."""
    value = (item.found or item.given) if item else []
    spells = value[0] if value and isinstance(value[0], list) else []
    statements = _list_register_records(item)
    if not spells and not statements:
        return None
    months = _count_months(application, spells)
    return {
        "spells": [_describe_spell(spell, lang) for spell in spells],
        "years": _arrange_years(months, lang),
        "stretches": _group_months(months, lang),
        "registers": [
            {
                "source": source,
                "name": REGISTERS[name](lang)
                if (name := source.split(":")[-1]) in REGISTERS
                else name,
                "as_of": as_of,
                "spells": [_describe_spell(spell, lang) for spell in said],
                "differences": compare_records(spells, said, lang),
            }
            for source, said, as_of in statements
        ],
        "rows": _read_posted_rows(posted) if posted is not None else _list_rows(spells),
    }


def _list_register_records(item: Item | None) -> list[tuple[str, list[Any], str]]:
    """Of each register that says something else: its source, its spells, the day of its data."""
    conflicts = item.conflict if item else []
    return [
        (conflict["source"], conflict["value"], str(conflict.get("as_of", "")))
        for conflict in conflicts
        if isinstance(conflict["value"], list)
    ]


def _count_months(application: Application, spells: Sequence[Any]) -> tuple[MonthShown, ...]:
    rules = rules_of(application)
    situation, _ = examine_facts(rules, {CONTRIBUTIONS: list(spells)}, application.on)
    return months_of(rules, situation)


def _arrange_years(
    months: Iterable[MonthShown], lang: Lang
) -> dict[str, list[dict[str, Any] | None]]:
    years: dict[str, list[dict[str, Any] | None]] = {}
    for month in months:
        year, _, number = month.month.partition("-")
        cells = years.setdefault(year, [None] * 12)
        cells[int(number) - 1] = {
            "counts": month.counts,
            "base": month.base,
            "wage": month.wage,
            "why": month.why(lang),
        }
    return years


def _group_months(months: Iterable[MonthShown], lang: Lang) -> list[dict[str, Any]]:
    """Months one after another that count alike, with base, wage and reason: what the grid shows at
    a pointer, for those who have none."""
    stretches = []
    alike = groupby(months, key=lambda m: (m.counts, m.base, m.wage, m.why(lang)))
    for (counts, base, wage, why), group in alike:
        members = list(group)
        stretches.append(
            {
                "since": members[0].month,
                "until": members[-1].month,
                "counts": counts,
                "base": base,
                "wage": wage,
                "why": why,
            }
        )
    return stretches


def compare_records(
    claimed: Sequence[Any], registered: Sequence[Any], lang: Lang
) -> list[dict[str, str]]:
    """The stretches of months in which two records say different things, each in words."""
    ours, theirs = _describe_months(claimed, lang), _describe_months(registered, lang)
    months = sorted(month for month in {*ours, *theirs} if ours.get(month) != theirs.get(month))
    stretches: list[dict[str, Any]] = []
    for month in months:
        said = ours.get(month, _NOTHING(lang)), theirs.get(month, _NOTHING(lang))
        last = stretches[-1] if stretches else None
        if last and last["until"] == month - 1 and last["said"] == said:
            last["until"] = month
        else:
            stretches.append({"since": month, "until": month, "said": said})
    return [
        {
            "since": format_month(stretch["since"]),
            "until": format_month(stretch["until"]),
            "claimed": stretch["said"][0],
            "register": stretch["said"][1],
        }
        for stretch in stretches
    ]


def _describe_months(record: Sequence[Any], lang: Lang) -> dict[int, str]:
    """Each month of a record with its base and status; months of spells that cannot be read are
    left out."""
    spells: list[Spell] = read_spells(list(record), list[FactFault]())
    return {
        month: _describe_month(spell, lang)
        for spell in spells
        for month in range(spell.since, spell.until + 1)
    }


def _describe_month(spell: Spell, lang: Lang) -> str:
    status = STATUS_LABELS[spell.status](lang)
    return status if spell.base is None else f"{spell.base} · {status}"


def _describe_spell(spell: Any, lang: Lang) -> dict[str, str]:
    fields: Mapping[str, Any] = spell if isinstance(spell, dict) else {}
    status = str(fields.get("status", "paid"))
    return {
        "from": str(fields.get("from", "")),
        "to": str(fields.get("to", "")),
        "base": str(fields.get("base", "")),
        "status": STATUS_LABELS[status](lang) if status in STATUS_LABELS else status,
    }


def _list_rows(spells: Sequence[Any]) -> list[dict[str, str]]:
    rows = [spell_fields(spell) for spell in spells if isinstance(spell, dict)]
    return rows + [_make_blank_row() for _ in range(BLANK_ROWS)]


def _make_blank_row() -> dict[str, str]:
    return dict.fromkeys(SPELL_KEYS, "") | {"status": "paid", "schemes": "pension+medical"}


def _read_posted_rows(posted: QueryDict) -> list[dict[str, str]]:
    columns = [posted.getlist(f"spell.{key}") for key in SPELL_KEYS]
    rows = [dict(zip(SPELL_KEYS, row, strict=True)) for row in zip(*columns, strict=False)]
    return rows or [_make_blank_row()]
