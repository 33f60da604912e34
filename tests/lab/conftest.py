"""People in files and packed, for every test of the lab."""

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

from jifen.cities import load
from jifen.lab.population import People, open_packed, pack
from jifen.policy.policy import Policy, Reform
from jifen.policy.source import parse
from jifen.policy.text import Text
from tests.measures import a_day
from tests.people.tables import table_of

Packed = Callable[..., People]


@pytest.fixture
def packed(tmp_path: Path) -> Packed:
    """Packs random people of a version on its day."""

    def make(city: str, version: str, count: int, seed: int = 7, **how: Any) -> People:
        policy = load(city, version)
        on = a_day(policy)
        file = tmp_path / f"{city}-{version}-{seed}.parquet"
        pq.write_table(table_of(policy.at(on), count, seed, **how), file)
        folder = file.with_suffix(".packed")
        day = policy.at(on).reference.day_for(on)
        assert pack(policy.vocabulary, file, folder, counting_day=day) == []
        return open_packed(folder, policy.vocabulary)

    return make


def changed(policy: Policy, **change: str) -> Policy:
    """A policy with some paths changed (`__` for a dot)."""
    nodes = {path.replace("__", "."): parse(value, "change") for path, value in change.items()}
    return policy.reformed(Reform("try", Text("试行", "try"), nodes))


SHANGHAI, ON = load("shanghai", "2018"), date(2025, 6, 1)
