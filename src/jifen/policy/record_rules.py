"""What records of several fields give: `patents: granted, inventors`, 20 points each, divided by
the inventors, at most 2 in a calendar year and 10 in the window.

The city says which fields a record has (facts.yaml, `type: records`) and which fact they give
(`measure: record_points`); a version says how, under `records`. What comes out is a number, so that
bounds, tables of people and the compiled loop read it as any other.
"""

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any

from jifen.policy.catalogue import POLICY, join_list, join_with_and
from jifen.policy.fault import find_nearest
from jifen.policy.linker import PolicyLinker
from jifen.policy.mechanisms.accrual import ROUND_SHAPE, Rounding, read_rounding
from jifen.policy.mechanisms.base import RuleRow
from jifen.policy.mechanisms.phrases import format_points, join_rows
from jifen.policy.model import Indicator, RecordRule, Rules, UnitsOfRecords
from jifen.policy.quantity import QUANTITY
from jifen.policy.shapes import IDENT, NUMBER, Closed, Entry, Field, MapOf, optional
from jifen.policy.text import Lang, Text
from jifen.policy.vocabulary import RECORD_POINTS, Fact, RecordField, Vocabulary
from jifen.policy.words import say

_BY_ANSWER = Closed(
    "points by a field",
    {
        "of": Field(IDENT, doc="a field that is a choice"),
        "points": Field(MapOf(NUMBER), doc="points for each of its answers"),
    },
)
_BY_UNIT = Closed(
    "units of records",
    {
        "of": Field(
            IDENT, doc="a field that is a count; those of a year, or of the window, add up"
        ),
        "each": Field(NUMBER, doc="points for every full unit"),
        "every": Field(QUANTITY, doc="the unit, such as 50 hours"),
    },
)
WAYS = ("each", "choice", "per_unit")
RECORD_RULE_FIELDS = {
    "id": Field(IDENT, doc="the fact that comes out: facts.yaml derives it from the records"),
    "on": Field(IDENT, doc="the field with the day by which windows and years count"),
    "window": optional(QUANTITY, doc="only records of the last so many months; all where left out"),
    "each": optional(NUMBER, doc="points for each record"),
    "choice": optional(_BY_ANSWER, doc="points for each record by one of its fields"),
    "per_unit": optional(_BY_UNIT, doc="points for full units of a field, records added up"),
    "shared_by": optional(IDENT, "", "a count by which the points of a record are divided"),
    "round": optional(ROUND_SHAPE, doc="how the share of each record is rounded"),
    "most_a_year": optional(NUMBER, doc="the cap of the records of one calendar year"),
    "most": optional(NUMBER, doc="the cap of all records"),
}


class RecordRuleReader:
    """Reads one entry under `records`; faults go to the linker."""

    def __init__(self, entry: Entry, link: PolicyLinker) -> None:
        self._entry, self._link = entry, link

    def read_rule(self) -> RecordRule | None:
        """The rule; None after a fault."""
        entry, vocabulary = self._entry, self._link.vocabulary
        basis = self._link.read_basis(entry)
        fact = vocabulary.get(entry["id"])
        if fact is None or not fact.derive or fact.derive.measure != RECORD_POINTS:
            giving = [f.id for f in vocabulary if f.derive and f.derive.measure == RECORD_POINTS]
            known = join_list(giving or [POLICY.format_phrase("none")])
            hint = find_nearest(entry["id"], giving)
            self._report("fact", "id", fact=entry["id"], known=known, hint=hint)
            return None
        given = [way for way in WAYS if entry[way] is not None]
        if len(given) != 1:
            found = join_with_and(given) if given else POLICY.format_phrase("none")
            self._report("ways", "", given=found, known=join_list(WAYS))
            return None
        records = vocabulary[fact.derive.source]
        on = self._find_field(records, entry, "on", "date")
        each, by, units = self._read_way(records)
        rounding, shared = self._read_share(records, given[0])
        window = self._read_window()
        if on is None or (each is None and by is None and units is None) or shared is None:
            return None
        return RecordRule(
            fact=fact.id,
            records=records.id,
            on=on.id,
            window=window,
            each=each,
            by_answer=by,
            units=units,
            shared_by=shared,
            rounding=rounding,
            most_a_year=self._read_points(entry, "most_a_year"),
            most=self._read_points(entry, "most"),
            basis=basis,
        )

    def _report(self, kind: str, key: str, /, **values: Any) -> None:
        self._link.report_fault("JF-P092", self._entry.place_of(key), kind, **values)

    def _find_field(
        self, records: Fact, entry: Entry, key: str, kind: str, most: Decimal | None = None
    ) -> RecordField | None:
        fields = {f.id: f for f in records.fields if f.fact.type == kind}
        wanted = entry[key]
        if wanted is None:
            return None
        if wanted not in fields:
            known = join_list(fields or [POLICY.format_phrase("none")])
            words = {"field": wanted, "records": records.id, "type": kind, "known": known}
            hint = find_nearest(wanted, fields)
            self._link.report_fault("JF-P092", entry.place_of(key), "field", **words, hint=hint)
            return None
        return fields[wanted]

    def _read_points(self, entry: Entry, key: str) -> Decimal | None:
        """Points of 0 or more: the number that comes out is never below 0."""
        if entry[key] is None:
            return None
        points = self._link.read_points(entry, key)
        if points < 0:
            self._link.report_fault("JF-P092", entry.place_of(key), "below_zero", points=points)
        return max(points, Decimal(0))

    def _read_window(self) -> int | None:
        window = self._entry["window"]
        if window is None:
            return None
        if window.unit != "months" or window.amount <= 0 or window.amount != int(window.amount):
            self._report("window", "window", window=window.to_text())
            return None
        return int(window.amount)

    def _read_way(
        self, records: Fact
    ) -> tuple[Decimal | None, tuple[str, Mapping[str, Decimal]] | None, UnitsOfRecords | None]:
        entry = self._entry
        if entry["choice"] is not None:
            return None, self._read_answers(records, entry["choice"]), None
        if entry["per_unit"] is not None:
            return None, None, self._read_units(records, entry["per_unit"])
        return self._read_points(entry, "each"), None, None

    def _read_answers(
        self, records: Fact, entry: Entry
    ) -> tuple[str, Mapping[str, Decimal]] | None:
        field = self._find_field(records, entry, "of", "choice")
        if field is None:
            return None
        missing = [answer for answer in field.fact.ids if answer not in entry["points"]]
        for answer in entry["points"]:
            if answer not in field.fact.ids:
                known, hint = join_list(field.fact.ids), find_nearest(answer, field.fact.ids)
                words = {"answer": answer, "fact": field.id, "known": known}
                place = entry["points"].node.key_places[answer]
                self._link.report_fault("JF-P020", place, "answer", **words, hint=hint)
        if missing:
            words = {"missing": join_list(missing), "fact": field.id, "first": missing[0]}
            place = entry.place_of("points")
            self._link.report_fault("JF-P011", place, "answers_without_points", **words)
            return None
        points = Entry(entry["points"], entry["points"].node)
        read = {answer: self._read_points(points, answer) for answer in field.fact.ids}
        return field.id, {answer: worth or Decimal(0) for answer, worth in read.items()}

    def _read_units(self, records: Fact, entry: Entry) -> UnitsOfRecords | None:
        field, every = self._find_field(records, entry, "of", "count"), entry["every"]
        each = self._read_points(entry, "each")
        if field is None or every is None or each is None:
            return None
        if every.unit != field.fact.unit:
            words = {"unit": every.unit, "fact": field.id, "counted": field.fact.unit}
            place = entry.place_of("every")
            self._link.report_fault("JF-P031", place, "unit", **words, expected=field.fact.unit)
            return None
        if every.amount <= 0:
            place = entry.place_of("every")
            self._link.report_fault("JF-P014", place, "unit_of_nothing", every=every.to_text())
            return None
        return UnitsOfRecords(field.id, each, every)

    def _read_share(self, records: Fact, way: str) -> tuple[Rounding | None, str | None]:
        """How a share is rounded, and the field by which it is divided; "" for none."""
        entry = self._entry
        if not entry["shared_by"]:
            if entry["round"] is not None:
                self._report("round_without_share", "round")
            return None, ""
        field = self._find_field(records, entry, "shared_by", "count")
        if entry["round"] is None or way == "per_unit":
            self._report("share_of_units" if way == "per_unit" else "no_rounding", "shared_by")
            return None, None
        rounding = read_rounding(entry["round"], self._link)
        if field is None or rounding is None:
            return None, None
        if field.fact.least < 1:
            self._report("shared_by_none", "shared_by", field=field.id, records=records.id)
            return None, None
        return rounding, field.id


def count_record_points(rule: RecordRule, records: Sequence[Mapping[str, Any]]) -> Decimal:
    """The points of records, all of which count: in each calendar year at most `most_a_year`, in
    all at most `most`."""
    by_year: dict[int, list[Mapping[str, Any]]] = {}
    for record in records:
        day: date = record[rule.on]
        # without a yearly cap the records of the whole window are counted together
        by_year.setdefault(0 if rule.most_a_year is None else day.year, []).append(record)
    total = Fraction(0)
    for of_year in by_year.values():
        points = _add_points(rule, of_year)
        total += points if rule.most_a_year is None else min(points, Fraction(rule.most_a_year))
    if rule.most is not None:
        total = min(total, Fraction(rule.most))
    return (Decimal(total.numerator) / Decimal(total.denominator)).normalize() + 0


def _add_points(rule: RecordRule, records: Sequence[Mapping[str, Any]]) -> Fraction:
    if rule.units is not None:
        amount = sum(record[rule.units.field] for record in records)
        return Fraction(int(amount // rule.units.every.amount) * rule.units.each)
    return sum((_share_points(rule, record) for record in records), Fraction(0))


def _share_points(rule: RecordRule, record: Mapping[str, Any]) -> Fraction:
    worth = rule.by_answer[1][record[rule.by_answer[0]]] if rule.by_answer else rule.each
    points = Fraction(worth or 0)
    if not rule.shared_by or rule.rounding is None:
        return points
    share = points / record[rule.shared_by]
    rounded = rule.rounding.round_fraction(share.numerator, share.denominator)
    return Fraction(rounded, 10**rule.rounding.places)


def list_rule_rows(rules: Rules, indicator: Indicator) -> tuple[RuleRow, ...]:
    """The table of an indicator, with how records give the numbers that it reads."""
    rows = list(indicator.mechanism.list_rows(rules.vocabulary))
    for rule in _list_rules_read(rules, indicator):
        rows += list_record_rows(rule, rules.vocabulary)
    return tuple(rows)


def describe_records(rules: Rules, indicator: Indicator, lang: Lang) -> str:
    """How records give what an indicator reads, as a sentence behind its own; empty for none."""
    joint, sentences = say("record_rules.records")(lang), [""]
    for rule in _list_rules_read(rules, indicator):
        label = rules.vocabulary[rule.fact].label(lang)
        rows = [(r.when(lang), r.gives(lang)) for r in list_record_rows(rule, rules.vocabulary)]
        sign = say("record_rules.records_records")(lang)
        sentences.append(f"{label}{sign}{join_rows(rows, lang)}")
    return joint.join(sentences)


def _list_rules_read(rules: Rules, indicator: Indicator) -> list[RecordRule]:
    by_fact = (rules.find_record_rule(fact_id) for fact_id in indicator.mechanism.list_facts())
    return [rule for rule in by_fact if rule is not None]


def list_record_rows(rule: RecordRule, vocabulary: Vocabulary) -> tuple[RuleRow, ...]:
    """How records give a number, for the page: what they are, what each gives, the caps."""
    records = vocabulary[rule.records]
    fields = {field.id: field.fact for field in records.fields}
    when = records.label
    if rule.window:
        when = say(
            "record_rules.in_the_last_months",
            when=when,
            label=fields[rule.on].label,
            window=rule.window,
        )
    rows = [RuleRow(_say(when, name), gives) for name, gives in _list_worths(rule, fields)]
    if rule.most_a_year is not None:
        year = say("record_rules.at_most_in_a_calendar")
        rows.append(RuleRow(year, format_points(rule.most_a_year)))
    if rule.most is not None:
        rows.append(RuleRow(say("record_rules.at_most"), format_points(rule.most)))
    return tuple(rows)


def _say(records: Text, which: Text) -> Text:
    return say("record_rules.say", records=records, which=which)


def _list_worths(rule: RecordRule, fields: Mapping[str, Fact]) -> list[tuple[Text, Text]]:
    if rule.units is not None:
        label, every = fields[rule.units.field].label, rule.units.every.to_text()
        each = say("record_rules.every_full", label=label, every=every)
        return [(each, format_points(rule.units.each))]
    if rule.by_answer is not None:
        field, points = fields[rule.by_answer[0]], rule.by_answer[1]
        return [(field.option_label(a), _share_words(rule, w, fields)) for a, w in points.items()]
    return [(say("record_rules.each"), _share_words(rule, rule.each or Decimal(0), fields))]


def _share_words(rule: RecordRule, worth: Decimal, fields: Mapping[str, Fact]) -> Text:
    points = format_points(worth)
    if not rule.shared_by or rule.rounding is None:
        return points
    by, rounded = fields[rule.shared_by].label, rule.rounding.describe_rounding()
    return say("record_rules.share_words", points=points, by=by, rounded=rounded)
