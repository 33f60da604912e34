"""Records of several fields as they are given: a list of mappings, each with every field."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from jifen.facts.fault import FactFault, find_unknown_keys
from jifen.facts.values import BadValue, coerce_value, quote_value
from jifen.facts.words import say
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
    return Text("、".join(f.id for f in fact.fields), join_words([f.id for f in fact.fields]))


def _no_table_fault(fact: Fact, value: Any) -> FactFault:
    fields = _name_fields(fact)
    too_many = isinstance(value, list | tuple)
    found = say("record_table.records", value_count=len(value)) if too_many else quote_value(value)
    return FactFault(
        "JF-F043",
        fact.id,
        found,
        say("record_table.a_list_of_at_most", records_most=RECORDS_MOST, fields=fields),
        say("record_table.write_one_record_an_item"),
    )


def _no_record_fault(fact: Fact, value: Any, path: str) -> FactFault:
    fields = _name_fields(fact)
    return FactFault(
        "JF-F043",
        path,
        quote_value(value),
        say("record_table.a_record", fields=fields),
        say("record_table.write_a_mapping_with_these"),
    )


def _missing_field_fault(field: Fact, path: str) -> FactFault:
    return FactFault(
        "JF-F044",
        path,
        say("record_table.no", field_label=field.label, field_id=field.id),
        say("record_table.every_field_in_every_record"),
        say("record_table.add", field_id=field.id),
    )


def _future_day_fault(field: Fact, day: date, on: date, path: str) -> FactFault:
    return FactFault(
        "JF-F009",
        path,
        say("record_table.after_the_day_of_assessment", day=day),
        say("record_table.a_date_up", on=on),
        say("record_table.correct_the_date_or_assess"),
    )
