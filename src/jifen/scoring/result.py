"""The result of an assessment: values, words, and the stable JSON of the contract."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING, Any, NamedTuple

from jifen.facts.measures import ABSENT
from jifen.facts.situation import Situation
from jifen.policy.condition import list_condition_facts
from jifen.policy.derived_mechanism import FromDerived
from jifen.policy.formulas import PersonOperations
from jifen.policy.mechanisms.condition import PointsIf
from jifen.policy.mechanisms.multiplier import Multiplier
from jifen.policy.mechanisms.phrases import format_condition
from jifen.policy.mechanisms.veto import Veto
from jifen.policy.model import Caution, Indicator, Requirement, Rules, WayIn
from jifen.policy.record_rules import describe_records
from jifen.policy.text import Lang, Text
from jifen.scoring.clause_words import format_clause
from jifen.scoring.indicator_texts import (
    IndicatorTexts,
    build_condition_texts,
    build_indicator_texts,
)
from jifen.scoring.json_values import PLAIN_CLASSES, to_json_number, to_json_value
from jifen.scoring.result_table import build_line_html, build_line_table
from jifen.scoring.words import say

if TYPE_CHECKING:
    import pyarrow

SCHEMA = "jifen.assessment.v1"


class ConditionResult(NamedTuple):
    """A condition of eligibility and whether it is met (None: unknown)."""

    requirement: Requirement
    met: bool | None


class WayResult(NamedTuple):
    """A way in without points and whether the person is on it (None: unknown)."""

    way: WayIn
    met: bool | None


class LineResult(NamedTuple):
    """One indicator for one person. `scaled_low` and `scaled_high` count the policy's smallest unit
    of points, 10 ** -`precision`; `bounds` and `points` are what they amount to."""

    indicator: Indicator
    scaled_low: int
    scaled_high: int
    counted: bool
    used: tuple[str, ...]
    known: Mapping[str, Any]
    precision: int
    exact: bool = True
    """Whether the bounds are the narrowest possible for the absent facts."""
    multiplies: tuple[int, int] | None = None
    """Of a multiplier, which gives no points itself: the least and the most of 1, where it counts,
    and 0, where it does not."""

    def __repr__(self) -> str:
        low, high = self.bounds
        points = f"{low}" if low == high else f"{low} to {high}"
        return f"<LineResult {self.indicator.id}: {points} points>"

    @property
    def bounds(self) -> tuple[Decimal, Decimal]:
        """The least and the most points that the missing facts allow."""
        return (
            Decimal(self.scaled_low).scaleb(-self.precision),
            Decimal(self.scaled_high).scaleb(-self.precision),
        )

    @property
    def points(self) -> Decimal | None:
        """The points; None while the bounds differ."""
        low, high = self.bounds
        return low if low == high else None

    @property
    def is_triggered(self) -> bool:
        """Whether this is a veto whose condition holds for certain."""
        mechanism = self.indicator.mechanism
        if not isinstance(mechanism, Veto) or any(f not in self.known for f in self.used):
            return False
        return mechanism.when.compile_test()(self.known)

    @property
    def is_gated_out(self) -> bool:
        """Whether the indicator's own condition is known and does not hold."""
        when = self.indicator.when
        if when is None or any(f not in self.known for f in list_condition_facts(when)):
            return False
        return not when.compile_test()(self.known)

    @property
    def facts(self) -> dict[str, Any]:
        """The known facts that the line depends on."""
        return {fact_id: self.known[fact_id] for fact_id in self.used if fact_id in self.known}


@dataclass(frozen=True)
class Assessment:
    """The score of one person on one day under one set of rules."""

    rules: Rules
    situation: Situation
    scaled_bounds: tuple[int, int]
    conditions: tuple[ConditionResult, ...]
    vetoes: tuple[tuple[Indicator, bool | None], ...]
    cautions: tuple[Caution, ...]
    lines: tuple[LineResult, ...]
    missing: tuple[str, ...]
    scaled_answered: int
    exact: bool = True
    """Whether the bounds, conditions and vetoes are the narrowest possible for the absent facts.
    False where too many combinations would have to be evaluated: the bounds hold, but may be too
    wide."""
    ways: tuple[WayResult, ...] = ()

    def __repr__(self) -> str:
        low, high = self.bounds
        points = f"{low}" if low == high else f"{low} to {high}"
        return (
            f"<Assessment by {self.rules.policy} {self.rules.version} on {self.situation.on}: "
            f"{points} points, reached: {self.reached}, missing facts: {len(self.missing)}>"
        )

    def _repr_html_(self) -> str:
        return build_line_html(self)

    def to_arrow(self) -> "pyarrow.Table":
        """The lines as an Arrow table, a row for each indicator. Needs `jifen[lab]`."""
        return build_line_table(self)

    def to_pandas(self) -> Any:
        """The same as a pandas DataFrame."""
        return self.to_arrow().to_pandas()

    def __arrow_c_stream__(self, requested_schema: object = None) -> object:
        return self.to_arrow().__arrow_c_stream__(requested_schema)

    @property
    def answered(self) -> Decimal:
        """The total of the indicators whose points are known; open indicators count as 0. This is
        neither a bound nor a forecast: it shows the effect of the answers given so far."""
        return self.points(self.scaled_answered)

    @property
    def warnings(self) -> tuple[Text, ...]:
        """Texts that change no points but must be shown: totals that contradict one another,
        cautions, and vetoes that only warn."""
        words = [fault.in_both_languages for fault in self.situation.contradictions]
        words += [caution.words for caution in self.cautions]
        for line in self.lines:
            mechanism = line.indicator.mechanism
            if isinstance(mechanism, Veto) and not mechanism.refuses and line.is_triggered:
                row = mechanism.list_rows(self.rules.vocabulary)[0]
                words.append(say("result.case_and_what_it_gives", when=row.when, gives=row.gives))
        return tuple(words)

    @property
    def unused(self) -> tuple[str, ...]:
        """Given facts of the city that this version does not use."""
        return self.situation.unused

    @cached_property
    def eligible(self) -> bool | None:
        """Whether every condition is met; None while unknown."""
        return _all_three_valued(condition.met for condition in self.conditions)

    @cached_property
    def vetoed(self) -> bool | None:
        """Whether a veto stands; None while unknown."""
        clear = _all_three_valued(None if met is None else not met for _, met in self.vetoes)
        return None if clear is None else not clear

    @cached_property
    def bounds(self) -> tuple[Decimal, Decimal]:
        """The least and the most total that the missing facts allow."""
        low, high = self.scaled_bounds
        return self.points(low), self.points(high)

    @property
    def total(self) -> Decimal | None:
        """The total; None while the bounds differ. Conditions and vetoes do not change it."""
        low, high = self.bounds
        return low if low == high else None

    @property
    def threshold(self) -> Decimal | None:
        """The points to be reached on the day of assessment; None where the measure names none."""
        decision = self.rules.decision
        return decision.threshold_on(self.situation.on) if decision.has_threshold else None

    @property
    def reached(self) -> bool | None:
        """Whether the total reaches the threshold and every condition is met, or a way without
        points is open; and no veto stands."""
        line, (low, high) = self.rules.decision.threshold_on(self.situation.on), self.bounds
        at_line = True if low >= line else (False if high < line else None)
        vetoed = self.vetoed
        clear = None if vetoed is None else not vetoed
        by_points = _all_three_valued([at_line, self.eligible])
        if not self.ways:
            return _all_three_valued([by_points, clear])
        in_vain = [by_points, *map(self._is_open, self.ways)]
        nobody = _all_three_valued(None if met is None else not met for met in in_vain)
        return _all_three_valued([None if nobody is None else not nobody, clear])

    @property
    def open_ways(self) -> tuple[WayIn, ...]:
        """The ways without points that are surely open."""
        if self.vetoed is not False:
            return ()
        return tuple(result.way for result in self.ways if self._is_open(result))

    def _is_open(self, result: WayResult) -> bool | None:
        if result.way.waives_conditions:
            return result.met
        return _all_three_valued([result.met, self.eligible])

    def points(self, scaled: int) -> Decimal:
        """Points from the smallest unit."""
        return Decimal(scaled).scaleb(-self.rules.precision)

    def line(self, indicator_id: str) -> LineResult:
        """The line of an indicator; KeyError where there is none."""
        for line in self.lines:
            if line.indicator.id == indicator_id:
                return line
        raise KeyError(indicator_id)

    def to_dict(self, lang: Lang = "zh") -> dict[str, Any]:
        """The JSON result, schema jifen.assessment.v1."""
        low, high = self.bounds
        rules, total, line = self.rules, self.total, self.threshold
        return {
            "schema": SCHEMA,
            "policy": rules.policy,
            "version": rules.version,
            **({"purpose": rules.purpose.id} if rules.purpose else {}),
            "policy_hash": rules.hash,
            "on": self.situation.on.isoformat(),
            "eligible": self.eligible,
            "conditions": self._conditions_to_dicts(lang),
            **({"ways": [_way_to_dict(way, lang) for way in self.ways]} if self.ways else {}),
            "vetoed": self.vetoed,
            "total": None if total is None else to_json_number(total),
            "bounds": [to_json_number(low), to_json_number(high)],
            **_exact_flag(exact=self.exact),
            "threshold": None if line is None else to_json_number(line),
            "reached": self.reached,
            "missing": list(self.missing),
            "unused": list(self.unused),
            "lines": self._lines_to_dicts(lang),
            **self._contradictions_to_dict(lang),
        }

    def _contradictions_to_dict(self, lang: Lang) -> dict[str, Any]:
        """Totals that contradict one another, where there are any."""
        fault_dicts = [fault.to_dict(lang) for fault in self.situation.contradictions]
        return {"contradictions": fault_dicts} if fault_dicts else {}

    def _conditions_to_dicts(self, lang: Lang) -> list[dict[str, Any]]:
        texts = build_condition_texts(self.rules, lang)
        return [
            {**text, "met": condition.met}
            for text, condition in zip(texts, self.conditions, strict=True)
        ]

    def _lines_to_dicts(self, lang: Lang) -> list[dict[str, Any]]:
        line_dicts, to_json_points = [], self._to_json_points
        whole, rules = not self.rules.precision, self.rules
        for line, texts in zip(self.lines, build_indicator_texts(rules, lang), strict=True):
            _, low, high, counted, used, known, _, exact, factor = line
            fact_id = texts.only_fact
            try:
                key = (known[fact_id],) if fact_id else texts.read_facts(known)
            except KeyError:
                line_dicts.append(self._open_line_to_dict(line, texts, lang))
                continue
            if low != high or not exact or factor is not None:
                line_dicts.append(self._open_line_to_dict(line, texts, lang))
                continue
            line_dict = texts.settled_line.copy()
            line_dict["points"] = points = low if whole else to_json_points(low)
            line_dict["bounds"] = [points, points]
            line_dict["counted"] = counted
            if fact_id and key[0].__class__ in PLAIN_CLASSES:
                line_dict["facts"] = {fact_id: key[0]}
            else:
                line_dict["facts"] = dict(zip(used, map(to_json_value, key), strict=True))
            line_dict["rule"] = texts.reasons.get(key) or explain_line(rules, line, lang)
            line_dicts.append(line_dict)
        return line_dicts

    def _open_line_to_dict(
        self, line: LineResult, texts: IndicatorTexts, lang: Lang
    ) -> dict[str, Any]:
        """A line with bounds, or one that multiplies."""
        _, low, high, counted, used, known, _, exact, _ = line
        least = self._to_json_points(low)
        key = tuple([known.get(fact_id, ABSENT) for fact_id in used])
        settled = texts.settled_line
        return {
            "id": settled["id"],
            "label": settled["label"],
            "points": least if low == high else None,
            "bounds": [least, least if low == high else self._to_json_points(high)],
            **_exact_flag(exact=exact),
            **_factor_to_dict(line),
            "counted": counted,
            "group": settled["group"],
            "facts": {name: to_json_value(known[name]) for name in used if name in known},
            "rule": texts.reasons.get(key) or explain_line(self.rules, line, lang),
            "clause": settled["clause"],
            "confidence": settled["confidence"],
        }

    def _to_json_points(self, scaled: int) -> int | float:
        return to_json_number(self.points(scaled)) if self.rules.precision else scaled


def _exact_flag(*, exact: bool) -> dict[str, bool]:
    """`exact: false` where bounds are wider than they need be; nothing where they are exact."""
    return {} if exact else {"exact": False}


def _factor_to_dict(line: LineResult) -> dict[str, Any]:
    """`factor` of a multiplier: by how much it multiplies, null while that is not known."""
    mechanism = line.indicator.mechanism
    if line.multiplies is None or not isinstance(mechanism, Multiplier):
        return {}
    low, high = line.multiplies
    if low != high:
        return {"factor": None}
    return {"factor": to_json_number(mechanism.by) if low else 1}


def _way_to_dict(result: WayResult, lang: Lang) -> dict[str, Any]:
    way = result.way
    return {
        "id": way.id,
        "met": result.met,
        "clause": format_clause(way.basis, lang),
        "label": way.label(lang),
    }


@lru_cache(maxsize=4096)
def describe_rule(rules: Rules, indicator: Indicator, lang: Lang) -> str:
    """The rule of an indicator in a sentence."""
    words = indicator.mechanism.describe_rule(rules.vocabulary, lang)
    return words + describe_records(rules, indicator, lang)


def explain_line(rules: Rules, line: LineResult, lang: Lang) -> str:
    """The facts of a line and the part of the rule that decides: '年龄 44 周岁:不超过 55 周岁…'.

    Reasons are cached by indicator and facts, because many people have the same answers.
    """
    position = rules.indicators.index(line.indicator)
    reasons = build_indicator_texts(rules, lang)[position].reasons
    key = tuple([line.known.get(fact_id, ABSENT) for fact_id in line.used])
    words = reasons.get(key)
    if words is None:
        words = _compose_reason(rules, line, lang)
        if len(reasons) >= _MOST_CACHED_REASONS:
            reasons.clear()
        reasons[key] = words
    return words


_MOST_CACHED_REASONS = 2_000


def _compose_reason(rules: Rules, line: LineResult, lang: Lang) -> str:
    colon, joint = (": ", "; ") if lang == "en" else ("：", "；")
    statements = []
    for fact_id, value in line.facts.items():
        fact = rules.vocabulary[fact_id]
        statements.append(f"{fact.label(lang)} {fact.describe_value(value)(lang)}")
    rule = describe_rule(rules, line.indicator, lang)
    mechanism = line.indicator.mechanism
    if all(fact_id in line.known for fact_id in mechanism.list_facts()):
        if isinstance(mechanism, FromDerived):
            # the computed number is shown in place of its formula
            for derived_number in mechanism.numbers:
                value = derived_number.fact.describe_value(
                    derived_number.formula.evaluate_with(PersonOperations(line.known))
                )
                statements.append(f"{derived_number.fact.label(lang)} {value(lang)}")
            rule = mechanism.inner.describe_rule(rules.vocabulary, lang)
        case = mechanism.find_row(line.known)
        if case is not None:
            row = mechanism.list_rows(rules.vocabulary)[case]
            rule = f"{row.when(lang)}{colon}{row.gives(lang)}"
        elif isinstance(
            mechanism, Veto | PointsIf | Multiplier
        ) and not mechanism.when.compile_test()(line.known):
            rule = say("result.not_so_the_rule", rule=rule)(lang)
    if line.is_gated_out and line.indicator.when:
        needed = format_condition(line.indicator.when, rules.vocabulary, lang)
        rule = say("result.this_must_be_so", needed=needed)(lang)
    return f"{joint.join(statements)} → {rule}" if statements else rule


def _all_three_valued(values: Any) -> bool | None:
    """Three-valued `and`: False if any is False, else None if any is None, else True."""
    unknown = False
    for value in values:
        if value is False:
            return False
        unknown = unknown or value is None
    return None if unknown else True
