"""One partition of contributions → derived columns: overlaps are found, months are counted."""

from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from jifen.facts.contributions import MOST_SPELLS, SCHEMES, STATUSES
from jifen.facts.registers.derivation_task import DerivationTask
from jifen.facts.registers.derived_columns import DerivedColumn
from jifen.facts.registers.keys import PERSON
from jifen.facts.registers.measures import MEASURES, find_widest_window
from jifen.facts.registers.month_blocks import SpellArrays, find_last_months, split_blocks
from jifen.facts.registers.partition_people import Flags, PartitionPeople, to_numpy
from jifen.facts.registers.scalar_reader import MISSING_BASE
from jifen.facts.registers.spells import BAD, SOUND
from jifen.policy.months import format_month, to_month

_MOST_EXPLAINED = 20_000
"""Rows of one person that are looked at for words: a wrong key may stand in millions."""
_MAY_NOT_APPLY = ("mean_base_ratio",)


def derive_insured(
    work: DerivationTask, people: PartitionPeople, rows: pa.Table | None
) -> list[DerivedColumn]:
    """Every fact that the vocabulary derives from contributions, for all persons."""
    columns = [
        DerivedColumn.create_empty(fact, len(people), may_not_apply=how.measure in _MAY_NOT_APPLY)
        for fact, how, _ in work.select_derivations("contributions")
    ]
    if not columns:
        return columns
    spells, where = _sort_spells(people, rows)
    state = where["state"]
    people.faulty[spells.person[state != SOUND]] = True
    good = state != BAD
    spells, where = spells.take(good), {name: column[good] for name, column in where.items()}
    wrong = _flag_overlaps(spells, len(people)) | _flag_too_many(
        spells, len(people), where["spell"]
    )
    _explain_faults(work, people, spells, where, wrong)
    sound = spells.take(~people.faulty[spells.person])
    _fill_columns(work, columns, sound, len(people))
    above = np.zeros(len(people), np.bool_)
    for column in columns:
        above |= column.flag_excess() & ~people.faulty
    _explain_faults(work, people, spells, where, above)
    return columns


def _sort_spells(
    people: PartitionPeople, rows: pa.Table | None
) -> tuple[SpellArrays, dict[str, NDArray[Any]]]:
    """Spells by person and first month, and where each stands in its file."""
    if rows is None:
        nothing = np.zeros(0, np.int64)
        names = ("file", "row", "state", "spell")
        return SpellArrays(*(nothing,) * 6), dict.fromkeys(names, nothing)
    at = people.locate_rows(rows)
    arrays = {name: to_numpy(rows, name) for name in rows.column_names if name != PERSON}
    # rows stand in the order of their files already, and a stable sort keeps it
    order = np.argsort(at * (1 << 15) + arrays["since"], kind="stable")
    order = order[at[order] >= 0]
    spells = SpellArrays(
        at[order],
        *(arrays[name][order] for name in ("since", "until", "base", "status", "schemes")),
    )
    return spells, {name: arrays[name][order] for name in ("file", "row", "state", "spell")}


def _flag_overlaps(spells: SpellArrays, people: int) -> Flags:
    """Who has two spells of one scheme in one month."""
    overlapping = np.zeros(people, np.bool_)
    for scheme in SCHEMES:
        scheme_spells = spells.select_scheme(scheme)
        clash = (scheme_spells.person[1:] == scheme_spells.person[:-1]) & (
            scheme_spells.since[1:] <= scheme_spells.until[:-1]
        )
        overlapping[scheme_spells.person[1:][clash]] = True
    return overlapping


def _flag_too_many(spells: SpellArrays, people: int, is_spell: Flags) -> Flags:
    """Who has more spells than a life holds; rows of single months are no spells."""
    counts = np.bincount(spells.person[is_spell.astype(np.bool_)], minlength=people)
    return np.asarray(counts > MOST_SPELLS)


def _fill_columns(
    work: DerivationTask, columns: list[DerivedColumn], spells: SpellArrays, people: int
) -> None:
    rules = work.rules.contributions
    filing, over = to_month(work.on), work.rules.reference.last_month(work.on)
    last = find_last_months(spells, people, rules, filing, over)
    wages = work.rules.find_series(rules.series)
    for members, block in split_blocks(spells, last, find_widest_window(work.rules), rules):
        for column, (_, how, _) in zip(
            columns, work.select_derivations("contributions"), strict=True
        ):
            result = MEASURES[how.measure](block, how, wages)
            column.values[members] = result.values
            column.known[members] = True if result.known is None else result.known
            if column.applies is not None and result.applies is not None:
                column.applies[members] = result.applies


def _explain_faults(
    work: DerivationTask,
    people: PartitionPeople,
    spells: SpellArrays,
    where: dict[str, NDArray[Any]],
    whose: Flags,
) -> None:
    """Ask the plain path what is wrong with a few persons, in its words."""
    for at in np.flatnonzero(whose).tolist():
        start, end = np.searchsorted(spells.person, (at, at + 1)).tolist()
        single = not where["spell"][start]
        items = _list_items(spells, start, min(end, start + _MOST_EXPLAINED), single=single)
        for fault in work.examine_person({"contributions": [item for _, item in items]})[1]:
            if fault.code == "JF-F009":
                continue  # told when its row was read
            tail = fault.path.split(".")[1:2]
            number, item = items[int(tail[0]) if tail else 0]
            file, row = int(where["file"][number]), int(where["row"][number])
            shown = f"{item['from']} – {item['to']}"
            people.add_fault(at, file, row, "month" if single else "from", shown, fault)


def _list_items(
    spells: SpellArrays, start: int, end: int, *, single: bool
) -> list[tuple[int, dict[str, Any]]]:
    """The spells of a person with their row numbers; rows of single months as spells of equal
    months, so that there are no more than the plain path takes.
    """
    items: list[tuple[int, dict[str, Any]]] = []
    open_: dict[tuple[Any, ...], tuple[int, dict[str, Any]]] = {}
    for number in range(start, end):
        item, until = _build_item(spells, number), int(spells.until[number])
        alike = (item["base"], item["status"], tuple(item["schemes"]))
        before = open_.get(alike)
        if single and before and before[0] + 1 == int(spells.since[number]):
            before[1]["to"] = item["to"]
            open_[alike] = (until, before[1])
            continue
        items.append((number, item))
        open_[alike] = (until, item)
    return items


def _build_item(spells: SpellArrays, number: int) -> dict[str, Any]:
    """A spell as the plain path reads it."""
    bits, fen = int(spells.schemes[number]), int(spells.base[number])
    return {
        "from": format_month(int(spells.since[number])),
        "to": format_month(int(spells.until[number])),
        "base": None if fen == MISSING_BASE else f"{fen // 100}.{fen % 100:02d}",
        "status": STATUSES[int(spells.status[number])],
        "schemes": [name for place, name in enumerate(SCHEMES) if bits >> place & 1],
    }
