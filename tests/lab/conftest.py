"""People in files and packed, for every test of the lab."""

from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

from jifen.cities import load
from jifen.lab.population import People, open_packed, pack_people
from tests.measures import a_day
from tests.people.changed_policies import Packed
from tests.people.tables import build_table


@pytest.fixture
def packed(tmp_path: Path) -> Packed:
    """Packs random people of a version on its day."""

    def make(city: str, version: str, count: int, seed: int = 7, **how: Any) -> People:
        policy = load(city, version)
        on = a_day(policy)
        file = tmp_path / f"{city}-{version}-{seed}.parquet"
        pq.write_table(build_table(policy.rules_on(on), count, seed, **how), file)
        folder = file.with_suffix(".packed")
        day = policy.rules_on(on).reference.day_for(on)
        assert pack_people(policy.vocabulary, file, folder, counting_day=day) == []
        return open_packed(folder, policy.vocabulary)

    return make
