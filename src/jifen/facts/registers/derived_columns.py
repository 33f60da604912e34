"""Derived columns: narrow Arrow types, and which of them can say 'does not apply'."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from jifen.policy.vocabulary import Fact

_DIGITS = 38


def arrow_type(fact: Fact) -> pa.DataType:
    """months uint16, years and counts uint8 (uint32 where they may be larger), flags boolean,
    choices dictionary of text, days date32, ratios decimal128.

    A ratio has 38 digits, as many of them before the point as its largest value needs. The plain
    value has 28 significant digits, so the column equals it from 10^-8 on and a comparison with a
    break point of the policy comes out the same.
    """
    if fact.type == "choice":
        return pa.dictionary(pa.int16(), pa.string())
    if fact.type in ("ratio", "number", "yuan"):
        return pa.decimal128(_DIGITS, _DIGITS - len(str(int(fact.most))))
    if fact.type in ("years", "count") and fact.most < 256:
        return pa.uint8()
    plain = {"months": pa.uint16(), "bool": pa.bool_(), "date": pa.date32()}
    return plain.get(fact.type, pa.uint32())


@dataclass(slots=True)
class DerivedColumn:
    """One derived fact of the persons of a partition. `known` and `applies` are flags."""

    fact: Fact
    values: NDArray[Any]
    known: NDArray[np.bool_]
    applies: NDArray[np.bool_] | None = None

    @classmethod
    def create_empty(
        cls, fact: Fact, people: int, *, may_not_apply: bool = False
    ) -> "DerivedColumn":
        """Nothing known yet."""
        kinds: dict[str, Any] = {
            "bool": np.bool_,
            "choice": object,
            "ratio": object,
            "date": "M8[D]",
        }
        values = np.zeros(people, kinds.get(fact.type, np.int64))
        applies = np.ones(people, np.bool_) if may_not_apply else None
        return cls(fact, values, np.zeros(people, np.bool_), applies)

    def forget_people(self, people: NDArray[np.bool_]) -> None:
        """Make the fact unknown for some persons."""
        self.known &= ~people
        if self.applies is not None:
            self.applies |= people

    def flag_excess(self) -> NDArray[np.bool_]:
        """Whose value is above the largest that the fact may have."""
        if not self.fact.is_number:
            return np.zeros(len(self.values), np.bool_)
        above = np.zeros(len(self.values), np.bool_)
        above[self.known] = self.values[self.known] > (
            self.fact.most if self.values.dtype == object else int(self.fact.most)
        )
        return above

    def list_fields(self) -> list[pa.Field]:
        """The columns of the table that this fact needs."""
        fields = [pa.field(self.fact.id, arrow_type(self.fact))]
        if self.applies is not None:
            fields.append(pa.field(f"{self.fact.id}_not_applicable", pa.bool_()))
        return fields

    def build_arrays(self) -> list[pa.Array]:
        """The same columns, filled."""
        kind = arrow_type(self.fact)
        if self.fact.type == "choice":
            ids = pa.array(self.fact.ids)
            place = {option_id: number for number, option_id in enumerate(self.fact.ids)}
            codes = [place.get(value, 0) for value in self.values]
            index = pa.array(codes, pa.int16(), mask=~self.known)
            arrays = [pa.DictionaryArray.from_arrays(index, ids)]
        elif self.values.dtype == object:
            pairs = zip(self.values, self.known, strict=True)
            rounded = [_round_to_scale(value, kind.scale) if ok else None for value, ok in pairs]
            arrays = [pa.array(rounded, kind)]
        elif kind == pa.uint8() or kind == pa.uint16() or kind == pa.uint32():
            values = np.where(self.known, self.values, 0).astype(kind.to_pandas_dtype())
            arrays = [pa.array(values, kind, mask=~self.known)]
        else:
            arrays = [pa.array(self.values, kind, mask=~self.known)]
        if self.applies is not None:
            arrays.append(pa.array(~self.applies))
        return arrays


def _round_to_scale(value: Decimal, places: int) -> Decimal:
    """The value with no more places than the column has."""
    exponent = value.as_tuple().exponent
    return round(value, places) if isinstance(exponent, int) and -exponent > places else value
