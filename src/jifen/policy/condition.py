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

from jifen.policy.catalogue import POLICY
from jifen.policy.text import Text

Values = Mapping[str, Any]
Test = Callable[[Values], bool]
_COMPARE = {"=": eq, "!=": ne, "<": lt, "<=": le, ">": gt, ">=": ge}
_TOKEN = re.compile(r"\s*(>=|<=|!=|=|<|>|\(|\)|\[|\]|,|-?[0-9][0-9.]*|[a-z][a-z0-9_]*|\S)")
_KEYWORDS = frozenset({"and", "or", "not", "in"})


class ConditionSyntax(ValueError):
    """A condition that cannot be read; `offset` counts characters from 0."""

    def __init__(self, offset: int, found: Text, expected: Text) -> None:
        super().__init__(f"found {found.en}, expected {expected.en}")
        self.offset, self.found, self.expected = offset, found, expected


@dataclass(frozen=True, slots=True)
class Flag:
    """A yes/no fact that must be true."""

    fact: str
    offset: int

    def test(self) -> Test:
        fact = self.fact
        return lambda v: v[fact] is True


@dataclass(frozen=True, slots=True)
class Compare:
    """A fact compared with a constant (a number, or the id of a choice)."""

    fact: str
    sign: str
    constant: Decimal | int | str
    offset: int

    def test(self) -> Test:
        fact, compare, constant = self.fact, _COMPARE[self.sign], self.constant
        return lambda v: v[fact] is not None and compare(v[fact], constant)


@dataclass(frozen=True, slots=True)
class Member:
    """A choice that must be one of several."""

    fact: str
    options: tuple[str, ...]
    offset: int

    def test(self) -> Test:
        fact, options = self.fact, frozenset(self.options)
        return lambda v: v[fact] in options


@dataclass(frozen=True, slots=True)
class Not:
    """The opposite of a condition."""

    inner: "Condition"

    def test(self) -> Test:
        inner = self.inner.test()
        return lambda v: not inner(v)


@dataclass(frozen=True, slots=True)
class Both:
    """Two conditions that must both hold."""

    left: "Condition"
    right: "Condition"

    def test(self) -> Test:
        left, right = self.left.test(), self.right.test()
        return lambda v: left(v) and right(v)


@dataclass(frozen=True, slots=True)
class Either:
    """Two conditions of which one must hold."""

    left: "Condition"
    right: "Condition"

    def test(self) -> Test:
        left, right = self.left.test(), self.right.test()
        return lambda v: left(v) or right(v)


Atom = Flag | Compare | Member
Condition = Atom | Not | Both | Either


def atoms(condition: Condition) -> Iterator[Atom]:
    """The comparisons of a condition, from left to right."""
    if isinstance(condition, Not):
        yield from atoms(condition.inner)
    elif isinstance(condition, Both | Either):
        yield from atoms(condition.left)
        yield from atoms(condition.right)
    else:
        yield condition


def facts_of(condition: Condition) -> tuple[str, ...]:
    """The facts that a condition reads, each once, in order."""
    return tuple(dict.fromkeys(atom.fact for atom in atoms(condition)))


def parse_condition(text: str) -> Condition:
    """Text → condition. Raises ConditionSyntax with the offset of the fault."""
    parser = _Parser(text)
    condition = parser.either()
    parser.end()
    return condition


class _Parser:
    def __init__(self, text: str) -> None:
        self._tokens = [(m.group(1), m.start(1)) for m in _TOKEN.finditer(text)]
        self._at, self._end = 0, len(text)

    def _peek(self) -> str:
        return self._tokens[self._at][0] if self._at < len(self._tokens) else ""

    def _offset(self) -> int:
        return self._tokens[self._at][1] if self._at < len(self._tokens) else self._end

    def _take(self, expected: str) -> str:
        if self._peek() != expected:
            raise self._wrong("quoted", expected)
        self._at += 1
        return expected

    def _wrong(self, phrase: str, word: str = "") -> ConditionSyntax:
        """The fault at this place; `phrase` names what was expected in the catalogue."""
        token = self._peek()
        found = POLICY.phrase("quoted", word=token) if token else POLICY.phrase("end_of_condition")
        return ConditionSyntax(self._offset(), found, POLICY.phrase(phrase, word=word))

    def end(self) -> None:
        if self._peek():
            raise self._wrong("and_or_end")

    def either(self) -> Condition:
        left = self._both()
        while self._peek() == "or":
            self._at += 1
            left = Either(left, self._both())
        return left

    def _both(self) -> Condition:
        left = self._unary()
        while self._peek() == "and":
            self._at += 1
            left = Both(left, self._unary())
        return left

    def _unary(self) -> Condition:
        if self._peek() == "not":
            self._at += 1
            return Not(self._unary())
        if self._peek() == "(":
            self._at += 1
            inner = self.either()
            self._take(")")
            return inner
        return self._atom()

    def _atom(self) -> Condition:
        offset, fact = self._offset(), self._word("a_fact")
        sign = self._peek()
        if sign in _COMPARE:
            self._at += 1
            return Compare(fact, sign, self._constant(), offset)
        if sign == "in":
            self._at += 1
            return Member(fact, self._options(), offset)
        return Flag(fact, offset)

    def _word(self, expected: str) -> str:
        token = self._peek()
        if not token or not token[0].isalpha() or token in _KEYWORDS or not token.isascii():
            raise self._wrong(expected)
        self._at += 1
        return token

    def _constant(self) -> Decimal | int | str:
        token = self._peek()
        if token and (token[0].isdigit() or (token[0] == "-" and len(token) > 1)):
            if token.count(".") > 1 or token.endswith("."):
                raise self._wrong("a_number")
            self._at += 1
            return Decimal(token) if "." in token else int(token)
        return self._word("number_or_choice")

    def _options(self) -> tuple[str, ...]:
        self._take("[")
        options = [self._word("choice_id")]
        while self._peek() == ",":
            self._at += 1
            options.append(self._word("choice_id"))
        self._take("]")
        return tuple(options)
