"""Words that several mechanisms share: points, conditions, joined sentences."""

from collections.abc import Iterable
from decimal import Decimal

from jifen.policy.condition import Both, Compare, Condition, Either, Flag, Member, Not
from jifen.policy.mechanisms.base import RuleRow
from jifen.policy.quantity import format_number
from jifen.policy.text import Lang, Text
from jifen.policy.vocabulary import Vocabulary
from jifen.policy.words import say

_SIGNS = {
    "=": say("mechanisms.phrases.is"),
    "!=": say("mechanisms.phrases.is_not"),
    "<": say("mechanisms.phrases.under"),
    "<=": say("mechanisms.phrases.at_most"),
    ">": say("mechanisms.phrases.over"),
    ">=": say("mechanisms.phrases.at_least"),
}


def format_points(points: Decimal | int) -> Text:
    """'30 分' / '30 points'; '−150 分' with a minus sign."""
    number = set_minus_sign(format_number(points))
    if number in ("1", "−1"):
        return say("mechanisms.phrases.one_point", number=number)
    return say("mechanisms.phrases.points", number=number)


def set_minus_sign(number: str) -> str:
    """A negative number with a minus sign instead of a hyphen."""
    return number.replace("-", "−")


def format_condition(condition: Condition, vocabulary: Vocabulary, lang: Lang) -> str:
    """A condition as a sentence."""
    if isinstance(condition, Not):
        inner = format_condition(condition.inner, vocabulary, lang)
        return say("mechanisms.phrases.not", inner=inner)(lang)
    if isinstance(condition, Both):
        return _join_sides(condition, vocabulary, lang, say("mechanisms.phrases.and"))
    if isinstance(condition, Either):
        return _join_sides(condition, vocabulary, lang, say("mechanisms.phrases.or"))
    fact = vocabulary[condition.fact]
    if isinstance(condition, Flag):
        return fact.label(lang)
    if isinstance(condition, Member):
        names = [fact.option_label(option)(lang) for option in condition.options]
        colon = say("mechanisms.phrases.condition")(lang)
        return f"{fact.label(lang)}{colon}{_join_names(names, lang)}"
    return _format_comparison(condition, vocabulary, lang)


def _join_sides(condition: Both | Either, vocabulary: Vocabulary, lang: Lang, word: Text) -> str:
    sides = []
    for side in (condition.left, condition.right):
        text = format_condition(side, vocabulary, lang)
        nested = isinstance(side, Either) and isinstance(condition, Both)
        opened, closed = ("(", ")") if lang == "en" else ("（", "）")
        sides.append(f"{opened}{text}{closed}" if nested else text)
    return word(lang).join(sides)


def _format_comparison(condition: Compare, vocabulary: Vocabulary, lang: Lang) -> str:
    fact = vocabulary[condition.fact]
    value = fact.describe_value(condition.constant)(lang)
    sign = _SIGNS[condition.sign](lang)
    if lang == "en":
        return f"{fact.label.en} {sign} {value}"
    return f"{fact.label.zh}{sign}{' ' if value[:1].isascii() else ''}{value}"


def _join_names(names: Iterable[str], lang: Lang) -> str:
    return say("mechanisms.phrases.names")(lang).join(names)


def join_rows(rows: Iterable[tuple[str, str]], lang: Lang) -> str:
    """'what: points; what: points'."""
    joint, colon = ("; ", ": ") if lang == "en" else ("；", "：")
    return joint.join(f"{when}{colon}{gives}" for when, gives in rows)


def describe_counted(fact: Text, rows: Iterable[RuleRow], lang: Lang) -> str:
    """The rule of a mechanism that counts a fact in units, in a sentence."""
    pairs = [(row.when(lang), row.gives(lang)) for row in rows]
    return f"{fact(lang)}{say('mechanisms.phrases.counted')(lang)}{join_rows(pairs, lang)}"


def list_cap_row(most: Decimal | None) -> tuple[RuleRow, ...]:
    """The row that says the most that a mechanism gives; none where nothing caps it."""
    return (
        ()
        if most is None
        else (RuleRow(say("mechanisms.phrases.cap_row_at_most"), format_points(most)),)
    )
