"""A table from a spreadsheet, or the text of an insurance app, pasted → employments.

Read are lines with one month (费款所属期) or a stretch of months, with or without a line of
headings, and records of several lines (“缴费基数：12000”). Without a scheme, both are meant.
What is not understood is never guessed: a line that cannot be read is a fault with its number, and
lines without a month are listed, so that nothing is lost without being seen.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta

from jifen.facts.contributions import SCHEMES
from jifen.facts.fault import FactFault
from jifen.facts.insurance.cells import (
    LineCells,
    is_of_other_scheme,
    read_headings,
    read_line,
    split_line,
)
from jifen.facts.insurance.employers import Employment
from jifen.facts.insurance.employment_merge import merge_records
from jifen.facts.spelling import normalize_text
from jifen.facts.words import say
from jifen.policy.months import format_month, to_month
from jifen.policy.text import Text

MOST_LINES, LONGEST, MOST_MONTHS = 2_000, 200_000, 12_000
_ONE_STRETCH = say("insurance.paste.one_stretch")
_SPLIT_LINE = say("insurance.paste.split_line")
_IN_ORDER = say("insurance.paste.in_order")
_EXCHANGE = say("insurance.paste.exchange")
_ONE_BASE = say("insurance.paste.one_base")
_NAME_BASE = say("insurance.paste.name_base")
_READABLE = say("insurance.paste.readable")
_CORRECT = say("insurance.paste.correct")
_SHORTER = say("insurance.paste.shorter")
_ONLY_INSURANCE = say("insurance.paste.only_insurance")


@dataclass(slots=True)
class PastedInsurance:
    """What a pasted text gives: employments in time, faults by line, and the lines left aside."""

    employments: list[Employment] = field(default_factory=list)
    faults: list[FactFault] = field(default_factory=list)
    left_aside: list[tuple[int, str]] = field(default_factory=list)
    """Lines (counted from 1) of which nothing is taken: titles, sums, other schemes."""


def read_paste(text: str, on: date) -> PastedInsurance:
    """Read a pasted text; `on` is the day that 至今 ("now") means. Faults: JF-F080 to JF-F085, at
    the path `paste.LINE`."""
    pasted, lines = PastedInsurance(), text.splitlines()
    if len(text) > LONGEST or len(lines) > MOST_LINES:
        pasted.faults.append(_too_long_fault(say("insurance.paste.lines", lines_count=len(lines))))
        return pasted
    now = to_month(on + timedelta(days=1)) - 1
    records = list[tuple[int, Employment]]()
    for number, cells in _iter_records(lines, now, pasted):
        employment = _read_employment(number, cells, pasted)
        if employment:
            records.append((number, employment))
    months = sum(employment.until - employment.since + 1 for _, employment in records)
    if months > MOST_MONTHS:
        pasted.faults.append(_too_long_fault(say("insurance.paste.months", months=months)))
        return pasted
    pasted.employments, doubled = merge_records(records)
    pasted.faults += [_double_month_fault(line, month) for line, month in doubled]
    return pasted


def _iter_records(
    lines: list[str], now: int, pasted: PastedInsurance
) -> Iterator[tuple[int, LineCells]]:
    """The cells of each record, with the line on which it begins. A line without a month belongs to
    the record before it, where that one still lacks what the line says."""
    headings: tuple[str, ...] = ()
    current: tuple[int, LineCells] | None = None
    for number, line in enumerate(lines, 1):
        texts = split_line(line)
        if not texts:
            continue
        if named := read_headings(texts):
            headings = named
            continue
        cells = LineCells() if is_of_other_scheme(texts) else read_line(texts, headings, now)
        if cells.months:
            if current:
                yield current
            current = number, cells
        elif current and not headings and current[1].can_take(cells):
            current = current[0], current[1].merge_line(cells)
        else:
            pasted.left_aside.append((number, normalize_text(line)[:60]))
    if current:
        yield current


def _read_employment(number: int, cells: LineCells, pasted: PastedInsurance) -> Employment | None:
    """The employment of a record; None after a fault."""
    since, until = cells.months[0], cells.months[-1]
    base = cells.choose_base()
    count = len(cells.months)
    if count > 2:
        what = say("insurance.paste.months_in_one_line", count=count)
        pasted.faults.append(_line_fault("JF-F080", number, what, _ONE_STRETCH, _SPLIT_LINE))
    elif until < since:
        first, last = format_month(since), format_month(until)
        what = say("insurance.paste.from_to", first=first, last=last)
        pasted.faults.append(_line_fault("JF-F081", number, what, _IN_ORDER, _EXCHANGE))
    elif cells.unread:
        what = Text(f"“{cells.unread}”", f"'{cells.unread}'")
        pasted.faults.append(_line_fault("JF-F085", number, what, _READABLE, _CORRECT))
    elif base is None and cells.amounts:
        amounts = [f"{amount:f}" for amount in cells.amounts[:5]]
        what = Text("、".join(amounts), ", ".join(amounts))
        pasted.faults.append(_line_fault("JF-F082", number, what, _ONE_BASE, _NAME_BASE))
    else:
        schemes = tuple(scheme for scheme in SCHEMES if scheme in cells.schemes) or SCHEMES
        status = cells.status or "paid"
        return Employment(cells.employer, since, until, base, cells.salary, status, schemes)
    return None


def _line_fault(code: str, line: int, found: Text, expected: Text, remedy: Text) -> FactFault:
    where = say("insurance.paste.line", line=line, found=found)
    sentence = say(
        "insurance.paste.line_expected", line=line, found=found, expected=expected, remedy=remedy
    )
    return FactFault(code, f"paste.{line}", where, expected, remedy, sentence)


def _double_month_fault(line: int, month: int) -> FactFault:
    shown = format_month(month)
    return _line_fault(
        "JF-F083",
        line,
        say("insurance.paste.another_record", shown=shown),
        say("insurance.paste.one_record_of_each_scheme"),
        say("insurance.paste.check_the_month_and_keep"),
    )


def _too_long_fault(what: Text) -> FactFault:
    return FactFault("JF-F084", "paste", what, _SHORTER, _ONLY_INSURANCE)
