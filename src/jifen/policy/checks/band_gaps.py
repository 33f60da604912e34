"""JF-C101: values of a fact that lie in no band of its scale."""

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from jifen.policy.catalogue import POLICY
from jifen.policy.checks.context import CheckContext, CheckRule, RulesCheck
from jifen.policy.checks.evaluation import list_applicable_values
from jifen.policy.checks.rule_elements import walk_scales
from jifen.policy.fault import Fault
from jifen.policy.mechanisms.scale import Scale
from jifen.policy.quantity import Quantity
from jifen.policy.text import Text
from jifen.policy.vocabulary import Fact

_RULE = CheckRule("JF-C101", "error", "a gap between bands, or beside them inside the fact's range")


def find_stretches(scale: Scale, fact: Fact, count: Any) -> Iterator[tuple[Any, Any]]:
    """Stretches of values that so many bands hold (`count` says yes or no to a number of them)."""
    first = last = None
    for value in list_applicable_values(fact, [end for _, end in scale.list_breaks()]):
        if count(sum(band.holds_value(value) for band in scale.bands)):
            first, last = (value if first is None else first), value
        elif first is not None:
            yield first, last
            first = None
    if first is not None:
        yield first, last


def format_stretch(low: Any, high: Any, fact: Fact) -> Text:
    """'36 to 40 months', or one value."""
    end = Quantity(Decimal(high), fact.unit).to_text()
    return end if low == high else POLICY.format_phrase("from_to", low=low, high=end)


def _find_band_after(scale: Scale, value: Any) -> int:
    """The number of the band that begins after a gap; of the last one where none does."""
    later = [n for n, b in enumerate(scale.bands) if b.low is not None and b.low >= value]
    return later[0] if later else len(scale.bands) - 1


def _find_gaps(context: CheckContext) -> Iterator[Fault]:
    for path, _, scale in walk_scales(context.rules):
        fact = context.rules.vocabulary[scale.of]
        for low, high in find_stretches(scale, fact, lambda held: held == 0):
            yield context.build_fault(
                _RULE,
                (*path, "bands", _find_band_after(scale, high)),
                "gap",
                fact=fact.id,
                values=format_stretch(low, high, fact),
                least=fact.least,
                most=fact.most,
            )


CHECK = RulesCheck(_RULE, _find_gaps)
