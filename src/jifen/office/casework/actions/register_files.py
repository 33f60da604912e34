"""Questions to a register and its answers, as files in a folder: for registers without a network.

Questions go out as CSV (city, identity number, name). Answers come back as CSV with these columns,
the day of the data, and a column for each fact; a row without facts says that nothing is held.
Every row is accounted for in a second file beside the answers.
"""

import csv
import json
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from io import StringIO
from pathlib import Path
from typing import Any

from django.db import transaction
from django.utils import timezone

from jifen.cities import in_force, index
from jifen.facts.identity import fold_number, read_identity
from jifen.facts.situation import examine_facts
from jifen.facts.spelling import try_read_day
from jifen.facts.values import BadValue
from jifen.office.audit.actions import SYSTEM, record
from jifen.office.casework.models import RegisterCheck
from jifen.office.casework.words import say
from jifen.office.registry.faults import RegistryFault
from jifen.office.registry.models import RegisterEntry
from jifen.office.registry.models.people import identity_index, identity_indexes
from jifen.office.vault.secret_files import replace_whole
from jifen.policy.text import Text

ASKED = ("city", "identity", "name")
AS_OF = "as_of"
MOST_BYTES, MOST_ROWS = 50 << 20, 200_000
_FLAGS = {"是": True, "true": True, "否": False, "false": False}
STORED = say("actions.register_files.stored")


@dataclass(frozen=True, slots=True)
class RowOutcome:
    """What became of a row: its line in the file, and words."""

    line: int
    words: Text
    is_stored: bool


def write_questions(register: str, folder: Path) -> tuple[Path, int]:
    """Write what the register is to be asked now, each person once. Returns the file and how many
    rows it has. The file is written beside and renamed, readable by its user only."""
    checks = RegisterCheck.objects.filter(register=register, state="due")
    cases = checks.select_related("application__person").order_by("id")
    rows = {
        (check.application.city, check.application.person.identity): check.application.person.name
        for check in cases
    }
    text = StringIO()
    writer = csv.writer(text)
    writer.writerow(ASKED)
    writer.writerows((city, number, name) for (city, number), name in rows.items())
    moment = timezone.localtime().strftime("%Y%m%d-%H%M%S")
    file = folder / f"{register}-questions-{moment}.csv"
    replace_whole(file, f"\ufeff{text.getvalue()}")
    with transaction.atomic():
        record("register.asked_by_file", actor=SYSTEM, details={register: len(rows)})
    return file, len(rows)


def read_answers(register: str, file: Path) -> list[RowOutcome]:
    """Store the answers of a file, row by row; what each became stands in a file beside it. Raises
    RegistryFault where it is no such file, OSError where it cannot be read."""
    rows = _open_rows(file)
    outcomes = [_store_row(register, line, row) for line, row in rows]
    text = StringIO()
    writer = csv.writer(text)
    writer.writerow(("line", "stored", "zh", "en"))
    for outcome in outcomes:
        stored = "yes" if outcome.is_stored else "no"
        writer.writerow((outcome.line, stored, outcome.words.zh, outcome.words.en))
    replace_whole(file.with_name(f"{file.stem}-outcome.csv"), f"\ufeff{text.getvalue()}")
    counted = Counter("stored" if outcome.is_stored else "refused" for outcome in outcomes)
    with transaction.atomic():
        record("register.answered_by_file", actor=SYSTEM, details={"register": register, **counted})
    return outcomes


def _open_rows(file: Path) -> Iterator[tuple[int, dict[str, str]]]:
    if file.stat().st_size > MOST_BYTES:
        raise RegistryFault("JF-G060", _TOO_LARGE, file.name)
    try:
        text = file.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError:
        raise RegistryFault("JF-G060", _NOT_UTF8, file.name) from None
    reader = csv.reader(StringIO(text))
    heads = [head.strip() for head in next(reader, [])]
    if not {"city", "identity", AS_OF} <= set(heads) or len(heads) != len(set(heads)):
        raise RegistryFault("JF-G060", _NO_COLUMNS, file.name)
    rows = [(reader.line_num, row) for row in reader if any(cell.strip() for cell in row)]
    if len(rows) > MOST_ROWS:
        raise RegistryFault("JF-G060", _TOO_LARGE, file.name)
    return ((line, dict(zip(heads, (c.strip() for c in row), strict=False))) for line, row in rows)


def _store_row(register: str, line: int, row: dict[str, str]) -> RowOutcome:
    try:
        _store_answer(register, row)
    except RegistryFault as fault:
        return RowOutcome(line, fault.words, is_stored=False)
    return RowOutcome(line, STORED, is_stored=True)


def _store_answer(register: str, row: dict[str, str]) -> None:
    city, as_of = row.get("city", ""), try_read_day(row.get(AS_OF, ""))
    number = fold_number(row.get("identity", ""))
    if city not in index():
        raise RegistryFault("JF-G061", _NO_CITY, "city")
    if as_of is None or as_of > timezone.localdate():
        raise RegistryFault("JF-G061", _NO_DAY, AS_OF)
    try:
        read_identity(number)
    except BadValue:
        raise RegistryFault("JF-G061", _NO_NUMBER, "identity") from None
    facts = _read_facts(city, row)
    with transaction.atomic():
        entries = RegisterEntry.objects.filter(register=register, city=city)
        mine = entries.filter(key_index__in=identity_indexes(number)).first()
        if mine is not None and mine.as_of > as_of:
            raise RegistryFault("JF-G061", _OLDER, AS_OF)
        values = {"facts": facts, "as_of": as_of}
        key = mine.key_index if mine else identity_index(number)
        entries.update_or_create(register=register, city=city, key_index=key, defaults=values)
        checks = RegisterCheck.objects.filter(register=register, state="due")
        of_person = checks.filter(
            application__city=city, application__person__identity_index=identity_index(number)
        )
        of_person.update(due_at=timezone.now())


def _read_facts(city: str, row: dict[str, str]) -> dict[str, Any]:
    today = timezone.localdate()
    policy = in_force(city, today)
    if policy is None:
        raise RegistryFault("JF-G061", _NO_CITY, "city")
    rules, facts = policy.rules_on(today), dict[str, Any]()
    for fact, cell in row.items():
        if fact in (*ASKED, AS_OF) or not cell:
            continue
        if fact not in rules.vocabulary:
            raise build_bad_fact(fact)
        value = _read_cell(cell)
        if examine_facts(rules, {fact: value}, today)[1]:
            raise build_bad_fact(fact)
        facts[fact] = value
    return facts


def _read_cell(cell: str) -> Any:
    """A cell as in the contract: a flag, a whole number, a list as JSON, or words."""
    if cell.lower() in _FLAGS:
        return _FLAGS[cell.lower()]
    if cell.startswith("["):
        try:
            return json.loads(cell)
        except (ValueError, RecursionError):
            return cell
    return int(cell) if cell.isascii() and cell.isdecimal() and len(cell) < 15 else cell


_TOO_LARGE = say("actions.register_files.too_large", most_rows=MOST_ROWS)
_NOT_UTF8 = say("actions.register_files.not_utf8")
_NO_COLUMNS = say("actions.register_files.no_columns")
_NO_CITY = say("actions.register_files.no_city")
_NO_DAY = say("actions.register_files.no_day")
_NO_NUMBER = say("actions.register_files.no_number")
_OLDER = say("actions.register_files.older")


def build_bad_fact(fact: str) -> RegistryFault:
    """A column that is no fact of the city, or a value that its rules cannot use."""
    words = say("actions.register_files.column_the_city_has", fact=fact[:40])
    return RegistryFault("JF-G061", words, fact[:40])
