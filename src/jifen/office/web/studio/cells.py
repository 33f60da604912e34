"""The cells of a part of a measure: one for every value that can be typed into, with what it was in
the version, found by the shape that reads it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from jifen.office.web.studio.labels import cell_label, key_label, word_label
from jifen.policy.editing import MISSING, value_at
from jifen.policy.mechanisms import MECHANISMS
from jifen.policy.mechanisms.table_shape import POINTS_GRID
from jifen.policy.shapes import BILINGUAL, DATE, MONTH, NUMBER, WHOLE, Choice, Closed, ListOf, MapOf
from jifen.policy.text import Lang, Text
from jifen.policy.vocabulary import Vocabulary

SKIPPED = frozenset(
    (
        *("id", "sources", "note", "confidence", "expect_non_decreasing_in", "parent", "mode"),
        *("kind", "of", "fact", "count", "schemes", "series", "includes_filing_month"),
        *("ranked_by", "ties", "defaults"),
    )
)
"""Keys that the document has and the table does not: they are edited as text."""
OFFERED = frozenset(("most", "until", "starts_at", "when", "floor", "quote"))
"""Keys that may be left out, and have an empty cell then."""


_TABLE = MECHANISMS["table"].shape
WAYS = _TABLE.fields["by"].shape if isinstance(_TABLE, Closed) else None
_WAYS_OF_A_GRID = 2


@dataclass(slots=True)
class Cell:
    """A value that can be typed into. `was`: what the version says, where the draft says another;
    `options` where only some words are possible."""

    path: str
    value: str
    label: str
    kind: str
    was: str | None = None
    options: tuple[tuple[str, str], ...] = ()
    faults: list[Any] = field(default_factory=list)

    @property
    def id(self) -> str:
        """The id of its element."""
        return f"c-{self.path.replace('.', '-')}"


@dataclass(slots=True)
class Row:
    """A row of a grid: its heading (empty for a list without one), its cells (None: no cell)."""

    label: str
    cells: list[Cell | None]
    path: str


@dataclass(slots=True)
class Grid:
    """A table of cells. `grows`: rows may be added and taken away."""

    path: str
    label: str
    heads: list[str]
    rows: list[Row]
    grows: bool


Part = Cell | Grid


class CellMaker:
    """Makes the cells of a document on its day. `before` is the version as a plain document."""

    def __init__(
        self, document: Any, before: Any, vocabulary: Vocabulary | None, lang: Lang
    ) -> None:
        self._document, self._before, self._lang = document, before, lang
        self._vocabulary = vocabulary

    def parts(self, path: str, shape: Any, *, skip: frozenset[str] = SKIPPED) -> Iterator[Part]:
        """The cells and grids of the mapping at a path; `skip`: keys of it that have none."""
        value = value_at(self._document, path)
        if isinstance(shape, Closed) and isinstance(value, dict):
            yield from self._of_mapping(path, value, shape, skip)

    def _of_mapping(
        self, path: str, value: Mapping[str, Any], shape: Closed, skip: frozenset[str]
    ) -> Iterator[Part]:
        for key, declared in shape.fields.items():
            inner = f"{path}.{key}" if path else key
            if key in skip or (value.get(key) is None and key not in OFFERED):
                continue
            yield from self._of_value(inner, value, key, declared.shape)

    def _of_value(
        self, path: str, around: Mapping[str, Any], key: str, shape: Any
    ) -> Iterator[Part]:
        value = around.get(key)
        if shape is BILINGUAL:
            yield self.cell(f"{path}.zh", BILINGUAL)
            yield self.cell(f"{path}.en", BILINGUAL)
        elif isinstance(shape, Closed) and isinstance(value, dict):
            yield from self._of_mapping(path, value, shape, SKIPPED)
        elif isinstance(shape, MapOf) and isinstance(value, dict):
            yield self._by_answer(path, value, str(around.get("of") or ""))
        elif shape is POINTS_GRID and isinstance(value, list):
            yield from self._points_of_table(path, value, around.get("by") or [])
        elif WAYS is not None and shape is WAYS:  # the headings of the points
            return
        elif isinstance(shape, ListOf) and isinstance(value, list):
            if isinstance(shape.item, Closed) and value:
                yield self.grid(path, value, shape.item)
        elif value is None or isinstance(value, str):
            yield self.cell(path, shape)

    def cell(self, path: str, shape: Any, label: str = "") -> Cell:
        """The cell of a path."""
        value, before = self._at(self._document, path), self._at(self._before, path)
        options: tuple[tuple[str, str], ...] = ()
        if isinstance(shape, Choice):
            options = tuple((word, word_label(word, self._lang)) for word in shape.words)
        return Cell(
            path,
            value,
            label or cell_label(path, self._lang),
            _kind(path, shape),
            None if value == before else before,
            options,
        )

    def _at(self, document: Any, path: str) -> str:
        value = value_at(document, path)
        return "" if value is MISSING or value is None else str(value)

    def _by_answer(self, path: str, value: Mapping[str, Any], of: str) -> Grid:
        rows = []
        for answer in value:
            label = self._answer(of, answer)
            rows.append(Row(label, [self.cell(f"{path}.{answer}", NUMBER, label)], path))
        heads = [key_label("points", self._lang)]
        return Grid(path, self._last(path), heads, rows, grows=False)

    def _points_of_table(
        self, path: str, points: list[Any], ways: list[Any], named: str = ""
    ) -> Iterator[Part]:
        """The points of a table: a grid of its last two ways for every place of those before."""
        if len(ways) < _WAYS_OF_A_GRID or not all(isinstance(one, list) for one in points):
            return
        places = [self._places(way) for way in ways[:2]]
        if len(ways) > _WAYS_OF_A_GRID:
            for number, (inner, place) in enumerate(zip(points, places[0], strict=False)):
                above = f"{named} · {place}" if named else place
                yield from self._points_of_table(f"{path}.{number}", inner, ways[1:], above)
            return
        rows = [
            Row(
                place,
                [
                    self.cell(f"{path}.{n}.{m}", NUMBER, column)
                    for m, column in enumerate(places[1])
                ],
                f"{path}.{n}",
            )
            for n, place in enumerate(places[0])
        ]
        yield Grid(path, named or key_label("points", self._lang), places[1], rows, grows=False)

    def _places(self, way: Any) -> list[str]:
        """The headings of a way: its answers, or from where each place of a number begins."""
        of = str(way.get("of") or "") if isinstance(way, dict) else ""
        answers = way.get("answers") if isinstance(way, dict) else None
        if isinstance(answers, list):
            groups = [one if isinstance(one, list) else [one] for one in answers]
            between = Text("、", ", ")(self._lang)
            return [between.join(self._answer(of, str(a)) for a in group) for group in groups]
        starts = way.get("from") if isinstance(way, dict) else None
        shown = Text("%s 起", "from %s")(self._lang)
        return [shown % start for start in starts] if isinstance(starts, list) else []

    def _answer(self, of: str, answer: str) -> str:
        known = self._vocabulary
        if known is not None and of in known and known[of].type == "bool":
            return (_YES if answer == "true" else _NO)(self._lang)
        if known is None or of not in known or answer not in known[of].ids:
            return answer
        return known[of].option_label(answer)(self._lang)

    def grid(self, path: str, items: list[Any], shape: Closed) -> Grid:
        """The table of a list: a column for every value that one of its rows has."""
        leaves = [dict(self._leaves(item, shape, "")) for item in items]
        columns = {key: one for row in leaves for key, one in row.items()}
        rows = [
            Row(
                "",
                [self._in_row(f"{path}.{n}", key, columns, item) for key in columns],
                f"{path}.{n}",
            )
            for n, item in enumerate(items)
        ]
        heads = [key_label(key, self._lang) for key in columns]
        named = any(isinstance(item, dict) and "id" in item for item in items)
        return Grid(path, self._last(path), heads, rows, grows=not named)

    def _last(self, path: str) -> str:
        return key_label(path.rsplit(".", maxsplit=1)[-1], self._lang)

    def _in_row(self, path: str, key: str, columns: Mapping[str, Any], item: Any) -> Cell | None:
        """The cell of a row in a column; none where the row has nothing around it."""
        above = key.rpartition(".")[0]
        if above and value_at(item, above) in (MISSING, None):
            return None
        return self.cell(f"{path}.{key}", columns[key], key_label(key, self._lang))

    def _leaves(self, item: Any, shape: Closed, above: str) -> Iterator[tuple[str, Any]]:
        for key, declared in shape.fields.items():
            value = item.get(key) if isinstance(item, dict) else None
            if key in SKIPPED or key == "clause" or (value is None and key not in OFFERED):
                continue
            name = f"{above}.{key}" if above else key
            if declared.shape is BILINGUAL:
                yield f"{name}.zh", BILINGUAL
                yield f"{name}.en", BILINGUAL
            elif isinstance(declared.shape, Closed):
                if isinstance(value, dict):
                    yield from self._leaves(value, declared.shape, name)
            elif not isinstance(declared.shape, ListOf | MapOf):
                yield name, declared.shape


_YES, _NO = Text("是", "yes"), Text("否", "no")
QUANTITIES = ("every", "starts_at", "amount")
"""Keys of short texts: a number and its unit."""


def _kind(path: str, shape: Any) -> str:
    last = path.rpartition(".")[2]
    if last in QUANTITIES:
        return "quantity"
    if last == "quote":
        return "passage"
    if shape is NUMBER or shape is WHOLE:
        return "number"
    if shape is DATE or shape is MONTH:
        return "date"
    if isinstance(shape, Choice):
        return "choice"
    return "text"
