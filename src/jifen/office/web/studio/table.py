"""The points table of a draft as the page shows it: groups, cards, cells, and each fault where it
belongs."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from jifen.office.web.studio.cells import SKIPPED, Cell, CellMaker, Grid, Part, Row
from jifen.office.web.studio.clause_words import ClauseWords, read_clause_words
from jifen.office.workshop.measure import Measure, PlacedFault
from jifen.office.workshop.new_facts import FACTS, TYPES, list_own_facts
from jifen.policy.diff.statements import describe_condition, describe_indicator
from jifen.policy.document import CONDITION, CONTRIBUTIONS, DECISION, GROUP, INDICATOR
from jifen.policy.editing import MISSING, value_at
from jifen.policy.fault import PolicyError
from jifen.policy.mechanisms import MECHANISMS
from jifen.policy.model import Rules
from jifen.policy.shapes import NUMBER, Closed
from jifen.policy.shared_choices import CHOICES
from jifen.policy.text import Lang, Text
from jifen.policy.vocabulary_reader import FACT

_NAMES = frozenset(("label", "clause", "remedy"))
_HEAD = SKIPPED | _NAMES


@dataclass(slots=True)
class Card:
    """An element of the measure: its name, its rule in words, its cells; `names`: its labels and
    its clause; `rests_on`: the words of its clause, None where it has none. `retired`: only the
    version has it; `is_new`: only the draft has it."""

    path: str
    label: str
    rule: str = ""
    parts: list[Part] = field(default_factory=list)
    names: list[Part] = field(default_factory=list)
    group: Cell | None = None
    rests_on: ClauseWords | None = None
    retired: bool = False
    may_retire: bool = False
    may_remove: bool = False
    is_new: bool = False
    faults: list[Any] = field(default_factory=list)

    @property
    def id(self) -> str:
        """The id of its element."""
        return f"k-{self.path.replace('.', '-')}"

    @property
    def cells(self) -> Iterator[Cell]:
        """All its cells."""
        yield from [self.group] if self.group else []
        for part in (*self.parts, *self.names):
            yield from cells_of(part)

    @property
    def is_changed(self) -> bool:
        """Whether the draft says another thing here than the version."""
        return self.retired or self.is_new or any(cell.was is not None for cell in self.cells)


@dataclass(slots=True)
class Chapter:
    """A heading with its cards; the first is the group itself, where it is one."""

    id: str
    label: str
    cards: list[Card]


@dataclass(slots=True)
class Table:
    """The whole table, and the faults that have no place in it."""

    chapters: list[Chapter]
    faults: list[Any] = field(default_factory=list)

    @property
    def cards(self) -> Iterator[Card]:
        """All cards."""
        for chapter in self.chapters:
            yield from chapter.cards


def cells_of(part: Part) -> Iterator[Cell]:
    """The cells of a part."""
    if isinstance(part, Grid):
        yield from (cell for row in part.rows for cell in row.cells if cell)
    else:
        yield part


def table_of(measure: Measure, lang: Lang) -> Table:
    """The table of a draft; without chapters where its document cannot be read."""
    table = Table([])
    if measure.document is not None:
        table.chapters = list(_Maker(measure, lang).chapters())
    _place_faults(table, measure.faults, lang)
    return table


class _Maker:
    def __init__(self, measure: Measure, lang: Lang) -> None:
        self._measure, self._lang = measure, lang
        self._document, self._before = measure.document, measure.base_document
        vocabulary = measure.start.vocabulary if measure.start else None
        self._cells = CellMaker(self._document, self._before, vocabulary, lang)
        self._rules = _rules(measure)

    def chapters(self) -> Iterator[Chapter]:
        yield Chapter("decision", _LINE(self._lang), [self._decision()])
        for group in _items(self._document, "groups"):
            cards = [self._group(group["id"])]
            cards += [self._indicator(i) for i in self._of_group(group["id"])]
            yield Chapter(f"group-{group['id']}", _label(group, self._lang), cards)
        facts = [self._fact(fact) for fact in list_own_facts(self._document)]
        if facts:
            yield Chapter("facts", _FACTS(self._lang), facts)
        retired = list(self._retired())
        if retired:
            yield Chapter("retired", _RETIRED(self._lang), retired)
        conditions = [self._condition(one) for one in _items(self._document, "conditions")]
        if conditions:
            yield Chapter("conditions", _CONDITIONS(self._lang), conditions)
        windows = list(self._cells.parts("contributions", CONTRIBUTIONS))
        if windows:
            card = Card("contributions", _WINDOWS(self._lang), parts=windows)
            yield Chapter("windows", _WINDOWS(self._lang), [card])

    def _decision(self) -> Card:
        parts: list[Part] = list(self._cells.parts("decision", DECISION))
        parts.append(self._cells.cell("floor", NUMBER))
        return Card("decision", _LINE(self._lang), parts=parts)

    def _group(self, ident: str) -> Card:
        path = f"groups.{ident}"
        group = value_at(self._document, path)
        return Card(
            path,
            _label(group, self._lang),
            parts=list(self._cells.parts(path, GROUP, skip=_HEAD)),
            names=list(self._cells.parts(path, GROUP, skip=_all_but(GROUP, _NAMES))),
            rests_on=self._rests_on(group),
        )

    def _of_group(self, group: str) -> Iterator[dict[str, Any]]:
        return (one for one in _items(self._document, "indicators") if one.get("group") == group)

    def _indicator(self, indicator: dict[str, Any]) -> Card:
        path = f"indicators.{indicator['id']}"
        own = [key for key in MECHANISMS if key in indicator]
        parts = list(self._cells.parts(path, INDICATOR, skip=_HEAD | {"group"} | _others(own)))
        parts.sort(key=lambda part: isinstance(part, Grid))
        names = list(self._cells.parts(path, INDICATOR, skip=_all_but(INDICATOR, _NAMES)))
        empty = [part for part in parts if isinstance(part, Cell) and _is_empty_when(part, path)]
        names = [*empty, *names]
        parts = [part for part in parts if part not in empty]
        card = Card(
            path,
            _label(indicator, self._lang),
            self._rule(indicator["id"]),
            parts,
            names,
            self._group_choice(path),
            rests_on=self._rests_on(indicator),
            may_retire=True,
        )
        if value_at(self._before, path) is MISSING:
            _mark_new(card)
        return card

    def _rests_on(self, element: dict[str, Any]) -> ClauseWords:
        start = self._measure.start
        return read_clause_words(element, start.sources if start else (), self._lang)

    def _group_choice(self, path: str) -> Cell:
        cell = self._cells.cell(f"{path}.group", None)
        groups = _items(self._document, "groups")
        cell.options = tuple((group["id"], _label(group, self._lang)) for group in groups)
        cell.kind = "choice"
        return cell

    def _fact(self, fact: dict[str, Any]) -> Card:
        path = f"{FACTS}.{fact['id']}"
        kind = TYPES[fact["type"]](self._lang) if fact.get("type") in TYPES else ""
        names = list(self._cells.parts(path, FACT, skip=_all_but(FACT, frozenset(("question",)))))
        shown = frozenset(("label", "least", "most"))
        parts = list(self._cells.parts(path, FACT, skip=_all_but(FACT, shown)))
        answers = fact.get("choices")
        shape = CHOICES.item
        if isinstance(answers, list) and answers and isinstance(shape, Closed):
            parts.append(self._cells.grid(f"{path}.choices", answers, shape))
        card = Card(path, _label(fact, self._lang), kind, parts, names, may_remove=True)
        if value_at(self._before, path) is MISSING:
            _mark_new(card)
        return card

    def _retired(self) -> Iterator[Card]:
        there = {one["id"] for one in _items(self._document, "indicators")}
        for one in _items(self._before, "indicators"):
            if one["id"] not in there:
                yield Card(f"indicators.{one['id']}", _label(one, self._lang), retired=True)

    def _condition(self, condition: dict[str, Any]) -> Card:
        path = f"conditions.{condition['id']}"
        return Card(
            path,
            _label(condition, self._lang),
            self._condition_words(condition["id"]),
            list(self._cells.parts(path, CONDITION, skip=_HEAD)),
            list(self._cells.parts(path, CONDITION, skip=_all_but(CONDITION, _NAMES))),
            rests_on=self._rests_on(condition),
        )

    def _rule(self, ident: str) -> str:
        found = [i for i in self._rules.indicators if i.id == ident] if self._rules else []
        return (
            describe_indicator(found[0], self._rules)(self._lang) if found and self._rules else ""
        )

    def _condition_words(self, ident: str) -> str:
        found = [r for r in self._rules.requirements if r.id == ident] if self._rules else []
        if not found or not self._rules:
            return ""
        return describe_condition(found[0].when, self._rules)(self._lang)


def _rules(measure: Measure) -> Rules | None:
    try:
        return measure.policy.rules_on(measure.on) if measure.policy else None
    except PolicyError:
        return None


def _items(document: Any, key: str) -> list[dict[str, Any]]:
    items = document.get(key) if isinstance(document, dict) else None
    if not isinstance(items, list):
        return []
    return [one for one in items if isinstance(one, dict) and isinstance(one.get("id"), str)]


def _label(element: dict[str, Any], lang: Lang) -> str:
    label = element.get("label")
    words = label.get(lang) if isinstance(label, dict) else None
    return words if isinstance(words, str) and words else str(element.get("id", ""))


def _mark_new(card: Card) -> None:
    """An element that the version does not have: its cells were nothing before."""
    card.is_new = True
    for cell in card.cells:
        cell.was = None


def _all_but(shape: Any, keys: frozenset[str]) -> frozenset[str]:
    return (frozenset(shape.fields) - keys) | SKIPPED


def _others(own: list[str]) -> frozenset[str]:
    return frozenset(MECHANISMS) - frozenset(own)


def _is_empty_when(cell: Cell, path: str) -> bool:
    """The condition of an indicator that has none: it stands among what is seldom changed."""
    return cell.path == f"{path}.when" and not cell.value and cell.was is None


def _place_faults(table: Table, faults: tuple[PlacedFault, ...], lang: Lang) -> None:
    """Each fault at its cell; else at the first cell of what it is about, its card, or above the
    table."""
    cards = list(table.cards)
    cells = [cell for card in cards for cell in card.cells]
    for placed in faults:
        place: Any = _exact(cells, placed.path) or _inside(cells, placed.path)
        place = place or _around(cards, placed.path) or table
        place.faults.append(placed.fault.in_language(lang))


def _exact(cells: list[Cell], path: str) -> Cell | None:
    return next((cell for cell in cells if cell.path == path), None)


_DEPTH_OF_ELEMENT = 2


def _inside(cells: list[Cell], path: str) -> Cell | None:
    if path.count(".") < _DEPTH_OF_ELEMENT:
        return None
    return next((cell for cell in cells if cell.path.startswith(f"{path}.")), None)


def _around(cards: list[Card], path: str) -> Card | None:
    around = [card for card in cards if path == card.path or path.startswith(f"{card.path}.")]
    return max(around, key=lambda card: len(card.path), default=None)


_LINE = Text("分数线和最低总分", "The line, and the lowest total")
_FACTS = Text("本办法自己的事实", "Facts of this measure")
_RETIRED = Text("已停用的指标", "Retired indicators")
_CONDITIONS = Text("申请条件", "Conditions")
_WINDOWS = Text("缴费月份", "Months of contributions")
__all__ = [
    "Card",
    "Cell",
    "Chapter",
    "Grid",
    "Row",
    "Table",
    "table_of",
]
