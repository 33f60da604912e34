"""One partition of contributions → derived columns: overlaps are found, months are counted."""

from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from jifen.facts.contributions import MOST_SPELLS, SCHEMES, STATUSES
from jifen.facts.registers.history import Spells, blocks, last_months
from jifen.facts.registers.keys import PERSON
from jifen.facts.registers.measures import MEASURES, widest
from jifen.facts.registers.partition import Flags, People, numpy_of
from jifen.facts.registers.plain import MISSING_BASE
from jifen.facts.registers.spells import BAD, SOUND
from jifen.facts.registers.table import Column
from jifen.facts.registers.work import Work
from jifen.policy.months import format_month, to_month

_MOST_TOLD = 20_000
"""Rows of one person that are looked at for words: a wrong key may stand in millions."""
_MAY_NOT_APPLY = ("mean_base_ratio",)


def derive_insured(work: Work, people: People, rows: pa.Table | None) -> list[Column]:
    """Every fact that the vocabulary derives from contributions, for all persons."""
    columns = [
        Column.empty(fact, len(people), may_not_apply=how.measure in _MAY_NOT_APPLY)
        for fact, how, _ in work.of("contributions")
    ]
    if not columns:
        return columns
    spells, where = _sorted(people, rows)
    state = where["state"]
    people.faulty[spells.person[state != SOUND]] = True
    good = state != BAD
    spells, where = spells.take(good), {name: column[good] for name, column in where.items()}
    wrong = _overlapping(spells, len(people)) | _too_many(spells, len(people), where["spell"])
    _explain(work, people, spells, where, wrong)
    sound = spells.take(~people.faulty[spells.person])
    _fill(work, columns, sound, len(people))
    above = np.zeros(len(people), np.bool_)
    for column in columns:
        above |= column.too_much() & ~people.faulty
    _explain(work, people, spells, where, above)
    return columns


def _sorted(people: People, rows: pa.Table | None) -> tuple[Spells, dict[str, NDArray[Any]]]:
    """Spells by person and first month, and where each stands in its file."""
    if rows is None:
        nothing = np.zeros(0, np.int64)
        names = ("file", "row", "state", "spell")
        return Spells(*(nothing,) * 6), dict.fromkeys(names, nothing)
    at = people.find(rows)
    arrays = {name: numpy_of(rows, name) for name in rows.column_names if name != PERSON}
    # rows stand in the order of their files already, and a stable sort keeps it
    order = np.argsort(at * (1 << 15) + arrays["since"], kind="stable")
    order = order[at[order] >= 0]
    spells = Spells(
        at[order],
        *(arrays[name][order] for name in ("since", "until", "base", "status", "schemes")),
    )
    return spells, {name: arrays[name][order] for name in ("file", "row", "state", "spell")}


def _overlapping(spells: Spells, people: int) -> Flags:
    """Who has two spells of one scheme in one month."""
    found = np.zeros(people, np.bool_)
    for scheme in SCHEMES:
        own = spells.under(scheme)
        clash = (own.person[1:] == own.person[:-1]) & (own.since[1:] <= own.until[:-1])
        found[own.person[1:][clash]] = True
    return found


def _too_many(spells: Spells, people: int, is_spell: Flags) -> Flags:
    """Who has more spells than a life holds; rows of single months are no spells."""
    counts = np.bincount(spells.person[is_spell.astype(np.bool_)], minlength=people)
    return np.asarray(counts > MOST_SPELLS)


def _fill(work: Work, columns: list[Column], spells: Spells, people: int) -> None:
    rules = work.rules.contributions
    filing, over = to_month(work.on), work.rules.reference.last_month(work.on)
    last = last_months(spells, people, rules, filing, over)
    wages = work.rules.find_series(rules.series)
    for members, block in blocks(spells, last, widest(work.rules), rules):
        for column, (_, how, _) in zip(columns, work.of("contributions"), strict=True):
            found = MEASURES[how.measure](block, how, wages)
            column.values[members] = found.values
            column.known[members] = True if found.known is None else found.known
            if column.applies is not None and found.applies is not None:
                column.applies[members] = found.applies


def _explain(
    work: Work, people: People, spells: Spells, where: dict[str, NDArray[Any]], whose: Flags
) -> None:
    """Ask the plain path what is wrong with a few persons, in its words."""
    for at in np.flatnonzero(whose).tolist():
        start, end = np.searchsorted(spells.person, (at, at + 1)).tolist()
        single = not where["spell"][start]
        items = _items(spells, start, min(end, start + _MOST_TOLD), single=single)
        for fault in work.examine({"contributions": [item for _, item in items]})[1]:
            if fault.code == "JF-F009":
                continue  # told when its row was read
            tail = fault.path.split(".")[1:2]
            number, item = items[int(tail[0]) if tail else 0]
            file, row = int(where["file"][number]), int(where["row"][number])
            shown = f"{item['from']} – {item['to']}"
            people.blame(at, file, row, "month" if single else "from", shown, fault)


def _items(
    spells: Spells, start: int, end: int, *, single: bool
) -> list[tuple[int, dict[str, Any]]]:
    """The spells of a person with their row numbers; rows of single months as spells of equal
    months, so that there are no more than the plain path takes.
    """
    items: list[tuple[int, dict[str, Any]]] = []
    open_: dict[tuple[Any, ...], tuple[int, dict[str, Any]]] = {}
    for number in range(start, end):
        item, until = _item(spells, number), int(spells.until[number])
        alike = (item["base"], item["status"], tuple(item["schemes"]))
        before = open_.get(alike)
        if single and before and before[0] + 1 == int(spells.since[number]):
            before[1]["to"] = item["to"]
            open_[alike] = (until, before[1])
            continue
        items.append((number, item))
        open_[alike] = (until, item)
    return items


def _item(spells: Spells, number: int) -> dict[str, Any]:
    """A spell as the plain path reads it."""
    bits, fen = int(spells.schemes[number]), int(spells.base[number])
    return {
        "from": format_month(int(spells.since[number])),
        "to": format_month(int(spells.until[number])),
        "base": None if fen == MISSING_BASE else f"{fen // 100}.{fen % 100:02d}",
        "status": STATUSES[int(spells.status[number])],
        "schemes": [name for place, name in enumerate(SCHEMES) if bits >> place & 1],
    }
