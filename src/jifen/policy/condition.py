"""The condition language: comparisons of facts, and / or / not, `in`.

    title in [level_2, senior] and base_1x_months_last_12 >= 6 or not fresh_graduate

A comparison with a fact that does not apply never holds. There are no functions and no
arithmetic: what needs more is a mechanism of its own.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from operator import eq, ge, gt, le, lt, ne
from typing import Any

from jifen.policy.catalogue import POLICY, join_list
from jifen.policy.full_width import find_full_width_mark
from jifen.policy.text import Text

Values = Mapping[str, Any]
ConditionTest = Callable[[Values], bool]
_COMPARE = {"=": eq, "!=": ne, "<": lt, "<=": le, ">": gt, ">=": ge}
_TOKEN = re.compile(r"\s*(>=|<=|!=|=|<|>|\(|\)|\[|\]|,|\*|-?[0-9][0-9.]*|[a-z][a-z0-9_]*|\S)")
_SERIES = re.compile(r"[a-z][a-z0-9_]*(?:-[a-z0-9_]+)*")
AnswerLists = Mapping[str, tuple[str, ...]]
"""The name of a list → its answers."""
_ARITHMETIC = frozenset("+-*/%")
_UNIT_WORDS = frozenset(
    {"month", "months", "year", "years", "yuan", "points", "times", "hours", "records", "people"}
)
_OTHER_SIGNS = {
    "==": "equal",
    "=>": "at_least",
    "=<": "at_most",
    "&": "and",
    "|": "or",
    "!": "not",
}
"""Signs of other languages → what to write, by kinds of the catalogue."""
_KEYWORDS = frozenset({"and", "or", "not", "in"})


class ConditionSyntax(ValueError):
    """A condition that cannot be read; `offset` counts characters from 0. `code` and `kind` name
    the words of the fault, with what to do."""

    def __init__(
        self,
        offset: int,
        found: Text,
        expected: Text,
        kind: str = "condition",
        code: str = "JF-P018",
    ) -> None:
        super().__init__(f"found {found.en}, expected {expected.en}")
        self.offset, self.found, self.expected = offset, found, expected
        self.kind, self.code = kind, code


@dataclass(frozen=True, slots=True)
class Flag:
    """A yes/no fact that must be true."""

    fact: str
    offset: int

    def compile_test(self) -> ConditionTest:
        fact = self.fact
        return lambda v: v[fact] is True


@dataclass(frozen=True, slots=True)
class Compare:
    """A fact compared with a constant (a number, or the id of a choice)."""

    fact: str
    sign: str
    constant: Decimal | int | str
    offset: int

    def compile_test(self) -> ConditionTest:
        fact, compare, constant = self.fact, _COMPARE[self.sign], self.constant
        return lambda v: v[fact] is not None and compare(v[fact], constant)


@dataclass(frozen=True, slots=True)
class Member:
    """A choice that must be one of several."""

    fact: str
    options: tuple[str, ...]
    offset: int

    def compile_test(self) -> ConditionTest:
        fact, options = self.fact, frozenset(self.options)
        return lambda v: v[fact] in options


@dataclass(frozen=True, slots=True)
class Not:
    """The opposite of a condition."""

    inner: "Condition"

    def compile_test(self) -> ConditionTest:
        inner = self.inner.compile_test()
        return lambda v: not inner(v)


@dataclass(frozen=True, slots=True)
class Both:
    """Two conditions that must both hold."""

    left: "Condition"
    right: "Condition"

    def compile_test(self) -> ConditionTest:
        left, right = self.left.compile_test(), self.right.compile_test()
        return lambda v: left(v) and right(v)


@dataclass(frozen=True, slots=True)
class Either:
    """Two conditions of which one must hold."""

    left: "Condition"
    right: "Condition"

    def compile_test(self) -> ConditionTest:
        left, right = self.left.compile_test(), self.right.compile_test()
        return lambda v: left(v) or right(v)


Atom = Flag | Compare | Member
Condition = Atom | Not | Both | Either


def list_atoms(condition: Condition) -> Iterator[Atom]:
    """The comparisons of a condition, from left to right."""
    if isinstance(condition, Not):
        yield from list_atoms(condition.inner)
    elif isinstance(condition, Both | Either):
        yield from list_atoms(condition.left)
        yield from list_atoms(condition.right)
    else:
        yield condition


def list_condition_facts(condition: Condition) -> tuple[str, ...]:
    """The facts that a condition reads, each once, in order."""
    return tuple(dict.fromkeys(atom.fact for atom in list_atoms(condition)))


def parse_condition(
    text: str,
    lists: AnswerLists | None = None,
    figures: Mapping[str, Decimal] | None = None,
) -> Condition:
    """Text → condition, with the named lists of a version and the figures of series on a day.
    Raises ConditionSyntax with the offset of the fault."""
    if mark := find_full_width_mark(text):
        found, plain = (
            POLICY.format_phrase("quoted", word=word) for word in (mark.mark, mark.plain)
        )
        raise ConditionSyntax(mark.offset, found, plain, "in_condition", "JF-P097")
    parser = _ConditionParser(text, lists or {}, figures or {})
    condition = parser.parse_either()
    parser.expect_end()
    return condition


class _ConditionParser:
    def __init__(self, text: str, lists: AnswerLists, figures: Mapping[str, Decimal]) -> None:
        self._text, self._lists, self._figures = text, lists, figures
        self._tokens = [(m.group(1), m.start(1)) for m in _TOKEN.finditer(text)]
        self._at, self._end = 0, len(text)

    def _peek_token(self) -> str:
        return self._tokens[self._at][0] if self._at < len(self._tokens) else ""

    def _current_offset(self) -> int:
        return self._tokens[self._at][1] if self._at < len(self._tokens) else self._end

    def _take_token(self, expected: str) -> str:
        if self._peek_token() != expected:
            raise self._syntax_error("quoted", expected)
        self._at += 1
        return expected

    def _syntax_error(self, phrase: str, word: Text | str = "") -> ConditionSyntax:
        """The fault at this place; `phrase` names what was expected in the catalogue."""
        token = self._peek_token()
        found = (
            POLICY.format_phrase("quoted", word=token)
            if token
            else POLICY.format_phrase("end_of_condition")
        )
        return ConditionSyntax(
            self._current_offset(),
            found,
            POLICY.format_phrase(phrase, word=word),
            self._name_mistake(),
        )

    def _name_mistake(self) -> str:
        """What was probably meant, by a kind of the catalogue."""
        token = self._peek_token()
        before, after = (
            self._tokens[number][0] if 0 <= number < len(self._tokens) else ""
            for number in (self._at - 1, self._at + 1)
        )
        if token[:1].isdigit() and after in _COMPARE:
            return "number_first"
        if token in _ARITHMETIC or (token[:1].isdigit() and after in _ARITHMETIC):
            return "arithmetic"
        if token.startswith("-") and self._at:
            return "arithmetic"
        if before[:1].isdigit() and token in _UNIT_WORDS:
            return "unit"
        return _OTHER_SIGNS.get(before + token) or _OTHER_SIGNS.get(token) or "condition"

    def expect_end(self) -> None:
        if self._peek_token():
            raise self._syntax_error("and_or_end")

    def parse_either(self) -> Condition:
        left = self._parse_both()
        while self._peek_token() == "or":
            self._at += 1
            left = Either(left, self._parse_both())
        return left

    def _parse_both(self) -> Condition:
        left = self._parse_unary()
        while self._peek_token() == "and":
            self._at += 1
            left = Both(left, self._parse_unary())
        return left

    def _parse_unary(self) -> Condition:
        if self._peek_token() == "not":
            self._at += 1
            return Not(self._parse_unary())
        if self._peek_token() == "(":
            self._at += 1
            inner = self.parse_either()
            self._take_token(")")
            return inner
        return self._parse_atom()

    def _parse_atom(self) -> Condition:
        offset, fact = self._current_offset(), self._parse_word("a_fact")
        sign = self._peek_token()
        if sign in _COMPARE:
            self._at += 1
            return Compare(fact, sign, self._parse_constant(), offset)
        if sign == "in":
            self._at += 1
            return Member(fact, self._parse_options(), offset)
        return Flag(fact, offset)

    def _parse_word(self, expected: str) -> str:
        token = self._peek_token()
        if not token or not token[0].isalpha() or token in _KEYWORDS or not token.isascii():
            raise self._syntax_error(expected)
        self._at += 1
        return token

    def _parse_constant(self) -> Decimal | int | str:
        token = self._peek_token()
        if token and (token[0].isdigit() or (token[0] == "-" and len(token) > 1)):
            if token.count(".") > 1 or token.endswith("."):
                raise self._syntax_error("a_number")
            self._at += 1
            number = Decimal(token) if "." in token else int(token)
            return self._parse_multiple(number) if self._peek_token() == "*" else number
        return self._parse_word("number_or_choice")

    def _parse_multiple(self, number: Decimal | int) -> Decimal:
        """So many times the figure of a series on the day."""
        self._at += 1
        start = self._current_offset()
        named = _SERIES.match(self._text, start)
        if named is None or named[0] not in self._figures:
            known = join_list(self._figures or [POLICY.format_phrase("none")])
            found = POLICY.format_phrase("quoted", word=named[0] if named else self._peek_token())
            raise ConditionSyntax(start, found, POLICY.format_phrase("a_series", known=known))
        while self._current_offset() < named.end():
            self._at += 1
        return number * self._figures[named[0]]

    def _parse_options(self) -> tuple[str, ...]:
        word = self._peek_token()
        if word in self._lists:
            self._at += 1
            return self._lists[word]
        if word[:1].isalpha():
            known = join_list(self._lists or [POLICY.format_phrase("none")])
            raise self._syntax_error("a_list_of_answers", known)
        self._take_token("[")
        options = [self._parse_word("choice_id")]
        while self._peek_token() == ",":
            self._at += 1
            options.append(self._parse_word("choice_id"))
        self._take_token("]")
        return tuple(options)
