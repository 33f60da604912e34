"""The scorer that other engines carry: pure, picklable, the same rows as one machine."""

import pickle
import subprocess
import sys
from pathlib import Path

import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

import jifen
from jifen.lab.people import draw_people, load_margins
from jifen.scoring.population.columns import TableError
from jifen.scoring.population.scorer import score_population
from tests.people.changed_policies import ON, SHANGHAI, change_policy

PEOPLE = draw_people(load_margins("shanghai"), 1_000, 4, unknown=0.01)
ELSEWHERE = """
import pickle, sys
import pyarrow as pa
import pyarrow.parquet as pq
scorer = pickle.loads(open(sys.argv[1], "rb").read())
batches = pq.ParquetFile(sys.argv[2]).iter_batches(batch_size=300)
pq.write_table(pa.Table.from_batches(list(scorer.map_batches(batches))), sys.argv[3])
"""


def test_another_process_scores_record_batches_as_one_machine_does(tmp_path: Path) -> None:
    sent, people, out = (tmp_path / name for name in ("scorer", "people.parquet", "out.parquet"))
    sent.write_bytes(pickle.dumps(jifen.Scorer("shanghai", ON)))
    pq.write_table(PEOPLE, people)
    order = [sys.executable, "-c", ELSEWHERE, str(sent), str(people), str(out)]
    subprocess.run(order, check=True, capture_output=True)
    whole = score_population(SHANGHAI, PEOPLE, on=ON)
    found = pq.read_table(out)
    assert found.num_rows == 1_000
    assert found.select(whole.column_names).to_pylist() == whole.to_pylist()


def test_batches_are_any_dataframes_and_an_empty_one_keeps_the_columns() -> None:
    scorer = jifen.Scorer("shanghai", ON)
    frame = pl.DataFrame(PEOPLE)
    [first, *_] = scorer.map_batches([frame])
    assert first.num_rows == 1_000
    [empty] = scorer.map_batches([PEOPLE.slice(0, 0)])
    assert empty.num_rows == 0
    assert empty.schema.equals(scorer.schema_for(PEOPLE.slice(0, 1)))
    assert empty.schema.equals(first.schema)  # whatever the engine says of its columns
    again = pa.Table.from_batches(list(scorer.map_batches(PEOPLE.to_batches(max_chunksize=7))))
    assert again.to_pylist() == pa.Table.from_batches([first]).to_pylist()
    assert repr(scorer) == f"<Scorer of shanghai 2018 on {ON}>"


@pytest.mark.parametrize("lines", [False, True])
def test_every_batch_has_the_same_columns_whether_or_not_all_is_known(lines: bool) -> None:
    known = draw_people(load_margins("shanghai"), 5, 4)
    scorer = jifen.Scorer("shanghai", ON, lines=lines)
    [of_known, of_unknown] = scorer.map_batches([known, PEOPLE])
    assert of_known.schema.equals(of_unknown.schema)
    assert ("points_education_least" in of_known.schema.names) == lines
    assert of_known.column("total_least").to_pylist() == of_known.column("total").to_pylist()


def test_it_travels_as_names_and_other_rules_are_refused() -> None:
    sent = pickle.dumps(jifen.Scorer("shanghai", ON))
    assert len(sent) < 1_000
    other = pickle.loads(sent.replace(SHANGHAI.hash.encode(), b"sha256:" + b"0" * 64))
    with pytest.raises(TableError, match="are not those that were sent: install the same Jifen"):
        other(PEOPLE)
    reform = change_policy(SHANGHAI, indicators__award="null")
    with pytest.raises(TableError, match="changed by 'try' and cannot be sent by name"):
        jifen.Scorer(reform, ON)
