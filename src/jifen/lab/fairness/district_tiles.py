"""Where the tile of each district of a city lies: our own drawing, not a map to scale."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from jifen.policy.catalogue import load_own_yaml

_SHIPPED = Path(__file__).parent / "tiles"


@dataclass(frozen=True, slots=True)
class DistrictTiles:
    """`column` holds the district of each person; `places` has row and column of each tile."""

    column: str
    places: Mapping[str, tuple[int, int]]


@cache
def load_tiles(city: str) -> DistrictTiles | None:
    """The tiles of a city; None where there are none."""
    path = _SHIPPED / f"{city}.yaml"
    if not path.is_file():
        return None
    document = load_own_yaml(path.read_text(encoding="utf-8"))
    places = {name: (int(row), int(column)) for name, (row, column) in document["tiles"].items()}
    return DistrictTiles(document["column"], places)
