"""Further columns of people (a district, a yearly income): no measure reads them; one groups and
counts by them. Numbers are grouped by bands: `annual_income:100000,200000`.
"""

from collections.abc import Container, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from jifen.lab.words import say
from jifen.policy.catalogue import load_own_yaml
from jifen.policy.text import Text
from jifen.scoring.population.columns import TableError

MISSING = "—"
"""What stands for a cell that is empty."""
_WORDS = Path(__file__).with_name("further_columns.yaml")


@dataclass(frozen=True, slots=True)
class ColumnWords:
    """What a further column and its answers are called."""

    label: Text
    answers: Mapping[str, Text]


@cache
def _load_words() -> Mapping[str, ColumnWords]:
    document = load_own_yaml(_WORDS.read_text(encoding="utf-8"))
    return {
        name: ColumnWords(
            Text(**entry["label"]),
            {answer: Text(**words) for answer, words in entry["answers"].items()},
        )
        for name, entry in document.items()
    }


def describe_column(name: str) -> ColumnWords:
    """The words for a column; its own name where it is a column of somebody's own."""
    return _load_words().get(name) or ColumnWords(Text(name, name), {})


def describe_answer(name: str, answer: str) -> Text:
    """What an answer of a column is called; as in the file where no words are known."""
    return describe_column(name).answers.get(answer) or Text(answer, answer)


def list_further_columns(groups: Sequence[str], known: Container[str]) -> list[str]:
    """Of some groups those that are no `known` fact (a district, bands of an income): columns to be
    read beside the facts."""
    return [group for group in dict.fromkeys(groups) if group.partition(":")[0] not in known]


def split_bands(group: str) -> tuple[str, tuple[float, ...]]:
    """A group such as `annual_income:100000,200000` → the column and the edges of its bands, in
    rising order. Raises TableError for edges that are no numbers."""
    name, _, bands = group.partition(":")
    try:
        return name, tuple(sorted({float(word) for word in bands.split(",") if word}))
    except ValueError:
        raise TableError(
            [say("population.further_columns.the_bands_of_should", name=name, bands=bands)]
        ) from None


def list_band_labels(edges: Sequence[float]) -> list[str]:
    """The bands from the lowest to the highest; none without edges."""
    if not edges:
        return []
    shown = [f"{edge:,g}" if edge % 1 else f"{edge:,.0f}" for edge in edges]
    between = [f"{low} – <{high}" for low, high in pairwise(shown)]
    return [f"<{shown[0]}", *between, f"≥{shown[-1]}"]


def number_bands(group: str) -> dict[str, int]:
    """The numbers of the bands of a group, in rising order; empty where it has none."""
    return {label: number for number, label in enumerate(list_band_labels(split_bands(group)[1]))}


def read_answers(column: Any, group: str) -> pa.Array:
    """A column as texts to group by: its answers, or the bands of its numbers; `MISSING` where a
    cell is empty. Raises TableError for a band of what is no number."""
    name, edges = split_bands(group)
    if not edges:
        texts = pc.fill_null(pc.cast(column, pa.string()), MISSING)
        return texts.combine_chunks() if isinstance(texts, pa.ChunkedArray) else texts
    numbers = _read_numbers(column, name)
    labels = np.array([*list_band_labels(edges), MISSING], object)
    codes = np.searchsorted(np.array(edges), numbers, side="right")
    codes[np.isnan(numbers)] = len(labels) - 1
    return pa.array(labels[codes], pa.string())


def _read_numbers(column: Any, name: str) -> Any:
    if pa.types.is_dictionary(column.type):
        column = pc.cast(column, column.type.value_type)
    try:
        return pc.cast(column, pa.float64()).to_numpy(zero_copy_only=False)
    except pa.ArrowInvalid as error:
        raise TableError(
            [say("population.further_columns.is_not_a_column", name=name, error=error)]
        ) from None


def refuse_too_many(name: str, most: int) -> Text:
    """The words for a column with too many different values to group by."""
    return say("population.further_columns.more_than_different_values", name=name, most=most)
