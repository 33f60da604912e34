"""Packed people are the people of the file."""

import shutil
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from jifen import drafts
from jifen.cities import load
from jifen.lab import output
from jifen.lab.population import (
    People,
    StoreFault,
    open_packed,
    open_population,
    pack_people,
    source,
)
from jifen.lab.population.unpack import tables_of
from jifen.lab.scoring import score_people
from jifen.scoring.files import outputs
from jifen.scoring.files.file_faults import FileFault
from jifen.scoring.population.columns import TableError
from jifen.scoring.population.program import build_program, build_programs
from jifen.scoring.population.scorer import score_population
from tests.interruptions import interrupted_at_every_step
from tests.measures import VERSIONS, a_day
from tests.people.changed_policies import ON, SHANGHAI, Packed, change_policy
from tests.people.tables import build_table


@pytest.mark.parametrize(("city", "version"), VERSIONS)
def test_packed_people_score_as_their_table(packed: Packed, city: str, version: str) -> None:
    policy = load(city, version)
    on = a_day(policy)
    people = packed(city, version, 700, unknown=0.01)
    scored = score_people(people, [build_program(policy.rules_on(on))], on, lines=True)[0]
    table = score_population(policy, build_table(policy.rules_on(on), 700, 7, unknown=0.01), on=on)
    reached = table.column("reached").to_pylist()
    total = table.column("total").to_pylist()
    classes = {True: scored.reached, None: scored.perhaps, False: scored.not_reached}
    for row in range(700):
        assert [answer for answer, mask in classes.items() if mask[row]] == [reached[row]]
        if scored.known[row]:
            assert scored.program.unscale_points(int(scored.total[row])) == total[row]


def test_several_programs_in_one_pass_are_each_as_alone(packed: Packed) -> None:
    people = packed("shanghai", "2018", 1_000)
    reform = change_policy(SHANGHAI, indicators__investment_tax__per_unit__every="70000 yuan")
    both = build_programs((SHANGHAI.rules_on(ON), reform.rules_on(ON)))
    together = score_people(people, both, ON, lines=True)
    for policy, found in zip((SHANGHAI, reform), together, strict=True):
        alone = score_people(people, [build_program(policy.rules_on(ON))], ON, lines=True)[0]
        assert np.array_equal(alone.total, found.total)
        assert np.array_equal(alone.flags, found.flags)
        assert all(map(np.array_equal, alone.lines, found.lines))


def test_columns_can_be_replaced(packed: Packed) -> None:
    people = packed("shanghai", "2018", 200)
    program = build_program(SHANGHAI.rules_on(ON))
    nobody = np.zeros(200, np.uint8)
    found = score_people(people, [program], ON, columns={"permit_valid": nobody})[0]
    assert not found.reached.any()


def _write(path: Path, **columns: Any) -> Path:
    table = build_table(SHANGHAI.rules_on(ON), 10, 1)
    for name, values in columns.items():
        if name in table.column_names:
            table = table.drop_columns([name])
        table = table.append_column(name, pa.array(values))
    pq.write_table(table, path)
    return path


def _pack(file: Path, folder: Path, **how: Any) -> People:
    pack_people(SHANGHAI.vocabulary, file, folder, counting_day=ON, **how)
    return open_packed(folder, SHANGHAI.vocabulary)


def test_a_value_that_cannot_be_used_is_told_and_its_person_set_aside(tmp_path: Path) -> None:
    file = _write(tmp_path / "p.parquet", education=["bachelor"] * 9 + ["batchelor"])
    folder = tmp_path / "p.packed"
    (fault,) = pack_people(SHANGHAI.vocabulary, file, folder, counting_day=ON)
    assert (fault.row, fault.column) == (9, "education")
    people = open_packed(folder, SHANGHAI.vocabulary)
    scored = score_people(people, [build_program(SHANGHAI.rules_on(ON))], ON)[0]
    assert scored.everybody.tolist() == [True] * 9 + [False]
    for mask in (scored.reached, scored.perhaps, scored.not_reached):
        assert not mask[9]


def test_people_are_grouped_by_facts_bands_and_further_columns(tmp_path: Path) -> None:
    districts = ["pudong", "minhang"] * 5
    file = _write(tmp_path / "p.parquet", age=list(range(20, 30)), district=districts)
    people = _pack(file, tmp_path / "p.packed", groups=["district"])
    district = people.group_by("district")
    assert [district.answers[code] for code in district.codes] == districts
    assert {label.zh for label in district.labels} == {"浦东", "闵行"}
    bands = people.group_by("age:25,28")
    assert [bands.labels[code].en for code in bands.codes] == (
        ["0–24"] * 5 + ["25–27"] * 3 + ["28 or more"] * 2
    )
    education = people.group_by("education")
    assert len(education.labels) == len(SHANGHAI.vocabulary["education"].ids) + 2


def test_an_unknown_group_is_named_with_those_that_are_there(packed: Packed) -> None:
    with pytest.raises(TableError, match="cannot group by 'edukation'"):
        packed("shanghai", "2018", 10).group_by("edukation")


def test_a_missing_fact_is_named_with_what_it_is_for(tmp_path: Path) -> None:
    table = build_table(SHANGHAI.rules_on(ON), 10, 1).drop_columns(["title"])
    pq.write_table(table, tmp_path / "p.parquet")
    people = _pack(tmp_path / "p.parquet", tmp_path / "p.packed")
    with pytest.raises(TableError, match=r"'title' is missing.*Professional title"):
        people.get_columns(build_program(SHANGHAI.rules_on(ON)))


def test_what_a_file_says_of_itself_goes_with_it(tmp_path: Path) -> None:
    table = build_table(SHANGHAI.rules_on(ON), 10, 1).replace_schema_metadata(
        {"jifen.synthetic": "true"}
    )
    pq.write_table(table, tmp_path / "p.parquet")
    assert _pack(tmp_path / "p.parquet", tmp_path / "p.packed").synthetic


def test_birth_dates_become_ages_on_the_counting_day(tmp_path: Path) -> None:
    born = [date(1990, 6, 1), date(1990, 6, 2)] * 5
    file = _write(tmp_path / "p.parquet", birth_date=born, age=[35, 34] * 5)
    people = _pack(file, tmp_path / "p.packed")
    assert (people.codes["age"] - 1).tolist() == [35, 34] * 5


def test_packed_people_that_are_not_whole_are_refused(tmp_path: Path) -> None:
    _pack(_write(tmp_path / "p.parquet"), tmp_path / "p.packed")
    column = tmp_path / "p.packed" / "age.column"
    column.write_bytes(column.read_bytes()[:-1])
    with pytest.raises(StoreFault, match=r"age\.column is not whole"):
        open_packed(tmp_path / "p.packed", SHANGHAI.vocabulary)


def test_people_of_another_city_are_refused(tmp_path: Path) -> None:
    _pack(_write(tmp_path / "p.parquet"), tmp_path / "p.packed")
    with pytest.raises(StoreFault, match="people of shanghai, not of chengdu"):
        open_packed(tmp_path / "p.packed", load("chengdu", "2024").vocabulary)


def test_a_folder_of_something_else_is_never_replaced(tmp_path: Path) -> None:
    mine = tmp_path / "mine"
    mine.mkdir()
    (mine / "letter.txt").write_text("keep me")
    with pytest.raises(StoreFault, match="is there already"):
        pack_people(SHANGHAI.vocabulary, _write(tmp_path / "p.parquet"), mine, counting_day=ON)
    assert (mine / "letter.txt").read_text() == "keep me"


def test_nothing_is_left_where_packing_fails(tmp_path: Path) -> None:
    broken = tmp_path / "p.parquet"
    broken.write_bytes(_write(tmp_path / "q.parquet").read_bytes()[:-100])
    with pytest.raises(FileFault, match="is not a whole parquet file"):
        pack_people(SHANGHAI.vocabulary, broken, tmp_path / "p.packed", counting_day=ON)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["p.parquet", "q.parquet"]


def test_a_file_is_packed_for_one_run_and_then_gone(tmp_path: Path) -> None:
    file = _write(tmp_path / "p.parquet")
    with open_population(file, SHANGHAI.vocabulary, ON) as (people, faults):
        assert (people.count, faults, people.name) == (10, [], "p.parquet")
    assert [path.name for path in tmp_path.iterdir()] == ["p.parquet"]


def test_people_that_are_packed_again_are_the_old_or_the_new_at_every_step(tmp_path: Path) -> None:
    folder = tmp_path / "of" / "packed"
    new = _write(tmp_path / "new.parquet")
    old = tmp_path / "old.parquet"
    pq.write_table(pq.read_table(new).slice(0, 4), old)
    _pack(old, folder)
    for where in interrupted_at_every_step(lambda: _pack(new, folder), drafts, lines=True):
        assert sorted(path.name for path in folder.parent.iterdir()) == ["packed"], where
        assert open_packed(folder, SHANGHAI.vocabulary).count in (4, 10), where
        _pack(old, folder)
    shutil.rmtree(folder.parent)
    for where in interrupted_at_every_step(lambda: _pack(new, folder), drafts, lines=True):
        assert [path.name for path in tmp_path.glob("of/*")] in ([], ["packed"]), where
        assert folder.exists() or not folder.parent.exists(), where
        shutil.rmtree(folder.parent, ignore_errors=True)


def test_a_file_that_is_packed_for_one_run_is_gone_at_every_step(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = _write(tmp_path / "p.parquet")
    (tmp_path / "temporary").mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path / "temporary"))

    def work() -> None:
        with open_population(file, SHANGHAI.vocabulary, ON) as (people, _):
            assert people.count == 10

    for where in interrupted_at_every_step(work, drafts, source, lines=True):
        assert list((tmp_path / "temporary").iterdir()) == [], where


def test_tables_of_results_are_all_there_or_none_at_every_step(tmp_path: Path) -> None:
    table = pa.table({"points": [120]})
    tables, folder = {"a": table, "b": table}, tmp_path / "results"
    names = ["a.csv", "a.parquet", "b.csv", "b.parquet"]
    for where in interrupted_at_every_step(
        lambda: output.write_tables(folder, tables, *output.KINDS), drafts, output, outputs
    ):
        left = sorted(path.name for path in folder.iterdir()) if folder.exists() else None
        assert left in (None, names), where
        shutil.rmtree(folder, ignore_errors=True)
    assert sorted(path.name for path in folder.iterdir()) == names


def test_a_page_is_there_whole_or_not_at_all_at_every_step(tmp_path: Path) -> None:
    page = tmp_path / "report.html"
    for where in interrupted_at_every_step(lambda: output.write_text(page, "积分"), drafts, output):
        assert [path.name for path in tmp_path.iterdir()] in ([], ["report.html"]), where
        page.unlink(missing_ok=True)


@pytest.mark.parametrize(("city", "version"), VERSIONS)
def test_unpacked_people_are_those_of_the_file(packed: Packed, city: str, version: str) -> None:
    policy = load(city, version)
    on = a_day(policy)
    people = packed(city, version, 300, unknown=0.05)
    table = build_table(policy.rules_on(on), 300, 7, unknown=0.05)
    parts = list(tables_of(people, rows=128))
    assert [(part.num_rows, left_out) for part, left_out in parts] == [(128, 0), (128, 0), (44, 0)]
    whole = pa.concat_tables([part for part, _ in parts])
    for ident in people.facts:
        expected = [
            float(value) if isinstance(value, Decimal) else value
            for value in table.column(ident).to_pylist()
        ]
        assert whole.column(ident).to_pylist() == expected, ident
