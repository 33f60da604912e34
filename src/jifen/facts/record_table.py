"""Records of several fields as they are given: a list of mappings, each with every field."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from jifen.facts.fault import FactFault, find_unknown_keys
from jifen.facts.values import BadValue, coerce_value, quote_value
from jifen.policy.fault import join_words
from jifen.policy.text import Text
from jifen.policy.vocabulary import Fact

RECORDS_MOST = 200
"""So many records of one kind may be given for a person."""


def read_record_table(
    fact: Fact, value: Any, faults: list[FactFault], on: date
) -> tuple[dict[str, Any], ...] | None:
    """The records; None where something is wrong with them, which goes to `faults` with its path.
    Null: there are none."""
    if value is None:
        return ()
    if not isinstance(value, list | tuple) or len(value) > RECORDS_MOST:
        faults.append(_no_table_fault(fact, value))
        return None
    before = len(faults)
    records = [
        _read_record(fact, record, faults, f"{fact.id}.{number}", on)
        for number, record in enumerate(value)
    ]
    return tuple(records) if len(faults) == before else None


def _read_record(
    fact: Fact, record: Any, faults: list[FactFault], path: str, on: date
) -> dict[str, Any]:
    if not isinstance(record, Mapping):
        faults.append(_no_record_fault(fact, record, path))
        return {}
    ids = tuple(field.id for field in fact.fields)
    faults.extend(find_unknown_keys(record, ids, path))
    values: dict[str, Any] = {}
    for field in fact.fields:
        if record.get(field.id) is None:
            faults.append(_missing_field_fault(field.fact, path))
            continue
        try:
            values[field.id] = coerce_value(field.fact, record[field.id])
        except BadValue as error:
            faults.append(error.to_fault(f"{path}.{field.id}"))
            continue
        day = values[field.id]
        if isinstance(day, date) and day > on:
            faults.append(_future_day_fault(field.fact, day, on, f"{path}.{field.id}"))
    return values


def _name_fields(fact: Fact) -> Text:
    zh, en = "、".join(f.id for f in fact.fields), join_words([f.id for f in fact.fields])
    return Text(zh, en)


def _no_table_fault(fact: Fact, value: Any) -> FactFault:
    fields = _name_fields(fact)
    too_many = isinstance(value, list | tuple)
    found = (
        Text(f"{len(value)} 条记录", f"{len(value)} records") if too_many else quote_value(value)
    )
    return FactFault(
        "JF-F043",
        fact.id,
        found,
        Text(
            f"最多 {RECORDS_MOST} 条记录的列表，每条写明{fields.zh}",
            f"a list of at most {RECORDS_MOST} records, each with {fields.en}",
        ),
        Text("没有记录写 []。", "Write one record an item, or [] for none."),
    )


def _no_record_fault(fact: Fact, value: Any, path: str) -> FactFault:
    fields = _name_fields(fact)
    return FactFault(
        "JF-F043",
        path,
        quote_value(value),
        Text(f"一条记录：{fields.zh}", f"a record: {fields.en}"),
        Text("请写成各项的键值。", "Write a mapping with these keys."),
    )


def _missing_field_fault(field: Fact, path: str) -> FactFault:
    return FactFault(
        "JF-F044",
        path,
        Text(f"没有{field.label.zh}（{field.id}）", f"no {field.id} ({field.label.en})"),
        Text("每条记录都写全各项", "every field in every record"),
        Text(f"请补上 {field.id}。", f"Add {field.id}."),
    )


def _future_day_fault(field: Fact, day: date, on: date, path: str) -> FactFault:
    return FactFault(
        "JF-F009",
        path,
        Text(f"{day}，晚于测算日期", f"{day}, after the day of assessment"),
        Text(f"不晚于 {on} 的日期", f"a date up to {on}"),
        Text("请核对日期，或改用更晚的测算日期。", "Correct the date, or assess on a later day."),
    )
