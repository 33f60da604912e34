"""Numbers with a unit: '12 months', '1000 yuan', and how they are said."""

import re
from dataclasses import dataclass, replace
from decimal import Decimal

from jifen.policy.catalogue import POLICY, join_list
from jifen.policy.fault import find_nearest
from jifen.policy.shapes import Schema, Sink, report_full_width_mark
from jifen.policy.source import Node
from jifen.policy.text import Text

# unit → (Chinese, English singular, English plural)
UNITS = {
    "months": ("个月", "month", "months"),
    "years": ("年", "year", "years"),
    "years_of_age": ("周岁", "year of age", "years of age"),
    "yuan": ("元", "yuan", "yuan"),
    "yen": ("日元", "yen", "yen"),
    "cad": ("加元", "Canadian dollar", "Canadian dollars"),
    "aud": ("澳元", "Australian dollar", "Australian dollars"),
    "hkd": ("港元", "Hong Kong dollar", "Hong Kong dollars"),
    "usd": ("美元", "US dollar", "US dollars"),
    "eur": ("欧元", "euro", "euros"),
    "times": ("倍", "time", "times"),
    "people": ("人", "person", "people"),
    "hours": ("小时", "hour", "hours"),
    "ml": ("毫升", "ml", "ml"),
    "records": ("次", "record", "records"),
    "points": ("分", "point", "points"),
}
_QUANTITY = re.compile(r"([0-9]+(?:\.[0-9]+)?) ([a-z_]+)\Z")


@dataclass(frozen=True, slots=True)
class Quantity:
    """An amount of a unit; an empty unit is a bare number."""

    amount: Decimal
    unit: str

    def to_text(self) -> Text:
        """'12 个月' / '12 months'."""
        number = format_number(self.amount)
        zh, singular, plural = UNITS.get(self.unit, ("", "", ""))
        english = singular if self.amount == 1 else plural
        return Text(f"{number} {zh}".rstrip(), f"{number} {english}".rstrip())


def format_number(number: Decimal | int) -> str:
    """A number without trailing zeros or an exponent, thousands apart from five digits on."""
    if isinstance(number, int):
        return f"{number:,}" if abs(number) >= 10_000 else str(number)
    if number == number.to_integral_value():
        return format_number(int(number))
    rounded = number.quantize(Decimal("0.0001")) if -number.as_tuple().exponent > 4 else number  # type: ignore[operator]
    text = f"{rounded:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


@dataclass(frozen=True, slots=True)
class QuantityShape:
    """A quantity as text: a number, a blank and a unit."""

    def read(self, node: Node, sink: Sink) -> Quantity | None:
        match = _QUANTITY.match(node.value) if isinstance(node.value, str) else None
        if match and match[2] in UNITS:
            return Quantity(Decimal(match[1]), match[2])
        if match is None and report_full_width_mark(node, sink):
            return None
        if unsaid := _suggest_unit(node.value):
            words = POLICY.fault_words("JF-P012", "no_unit", found=node.describe_value(), **unsaid)
            sink.report_fault("JF-P012", node.place, words)
            return None
        hint = find_nearest(match[2], UNITS) if match else ""
        words = POLICY.fault_words(
            "JF-P012", "quantity", found=node.describe_value(), units=join_list(UNITS)
        )
        if hint:
            words = replace(words, remedy=POLICY.format_phrase("unit_hint", word=hint))
        sink.report_fault("JF-P012", node.place, words)
        return None

    def to_schema(self) -> Schema:
        return {"type": "string", "pattern": f"^[0-9]+(\\.[0-9]+)? ({'|'.join(UNITS)})$"}


def _suggest_unit(value: object) -> dict[str, str]:
    """Of a bare number, or one with a Chinese unit, the amount and the units to choose from."""
    match = _AMOUNT.match(value) if isinstance(value, str) else None
    if match is None:
        return {}
    named = [unit for unit, names in UNITS.items() if match[2] in names]
    if match[2] and not named:
        return {}
    return {"amount": match[1], "unit": named[0] if named else "months"}


_AMOUNT = re.compile(r"([0-9]+(?:\.[0-9]+)?) ?([\u4e00-\u9fff]*)\Z")
QUANTITY = QuantityShape()
