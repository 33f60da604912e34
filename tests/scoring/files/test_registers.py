"""Registers as offices export them, from the command line to the points."""

import csv
import os
import signal
import subprocess
import sys
import time
from io import BytesIO, StringIO
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import xlsxwriter
from typer.testing import CliRunner, Result

from jifen.cli.app import app

HERE = Path(__file__).parent / "registers"
LABELS, PEOPLE = HERE / "labels-gbk.csv", HERE / "people-gbk.csv"
RUNNER = CliRunner()
DECIDED = {"高中": "none", "本科": "bachelor", "高级": "senior", "中级": "intermediate"}


def run(*words: str | Path) -> Result:
    done = RUNNER.invoke(app, [str(word) for word in words])
    assert done.exception is None or isinstance(done.exception, SystemExit), done.exception
    return done


def score(people: Path, out: Path, *more: str | Path) -> Result:
    return run("score", "shanghai", people, "--on", "2025-06-10", "-o", out, *more)


def records() -> list[list[str]]:
    return list(csv.reader(StringIO(LABELS.read_bytes().decode("gb18030"))))


def expected() -> list[int]:
    with (HERE / "labels-gbk.expected.csv").open(encoding="utf-8") as file:
        return [int(row["total"]) for row in csv.DictReader(file)]


def written(tmp_path: Path, rows: list[list[str]], kind: str) -> Path:
    """The same table as another program writes it."""
    if kind == "xlsx":
        made = BytesIO()
        with xlsxwriter.Workbook(made, {"strings_to_numbers": True}) as book:
            sheet = book.add_worksheet()
            for number, row in enumerate(rows):
                sheet.write_row(number, 0, row)
        (tmp_path / "t.xlsx").write_bytes(made.getvalue())
        return tmp_path / "t.xlsx"
    if kind == "parquet":
        columns = zip(*rows[1:], strict=True)
        table = pa.table(dict(zip(rows[0], map(list, columns), strict=True)))
        pq.write_table(table, tmp_path / "t.parquet")
        return tmp_path / "t.parquet"
    encoding, _, separator = kind.partition(" ")
    text = StringIO(newline="")
    csv.writer(text, delimiter=separator or ",").writerows(rows)
    (tmp_path / "t.csv").write_bytes(text.getvalue().encode(encoding))
    return tmp_path / "t.csv"


KINDS = ["gb18030", "utf-8", "utf-8-sig", "utf-16 \t", "utf-16-be", "utf-8 ;", "xlsx", "parquet"]


@pytest.mark.parametrize("kind", KINDS)
def test_labels_as_headers_and_answers_need_no_mapping(tmp_path: Path, kind: str) -> None:
    file = LABELS if kind == "gb18030" else written(tmp_path, records(), kind)
    done = score(file, tmp_path / "out.parquet", "--check", "60")
    assert done.exit_code == 0, done.stderr
    out = pq.read_table(tmp_path / "out.parquet")
    assert out.column("total").to_pylist() == expected()
    assert [str(v) for v in out.column("序号").to_pylist()] == [r[0] for r in records()[1:]]
    assert "60 人经逐项复核一致" in done.stderr


def test_english_labels_and_ids_give_the_same(tmp_path: Path) -> None:
    from jifen.cities import load

    facts = {fact.label.zh: fact for fact in load("shanghai", "2018").vocabulary}
    head, *rows = records()
    for name in ("id", "en"):
        named = [
            (facts[h].id if name == "id" else facts[h].label.en) if h in facts else h for h in head
        ]
        file = written(tmp_path, [["登记表"], [], named, *rows, ["合计", "60"]], "utf-8")
        done = score(file, tmp_path / "out.parquet", "--lang", "en")
        assert pq.read_table(tmp_path / "out.parquet").column("total").to_pylist() == expected()
        assert "nobody, left out: 1 title rows, 1 rows of totals (row 64)" in done.stderr


def mapping(tmp_path: Path, decided: dict[str, str]) -> Path:
    path = tmp_path / "map.yaml"
    assert run("facts", "map", "shanghai", PEOPLE, "-o", path).exit_code == 0
    text = path.read_text("utf-8")
    for found, answer in decided.items():
        text = text.replace(f'"{found}": "?"', f'"{found}": "{answer}"')
    path.write_text(text, "utf-8")
    return path


def test_a_mapping_with_open_places_is_refused(tmp_path: Path) -> None:
    done = score(PEOPLE, tmp_path / "out.parquet", "--map", mapping(tmp_path, {}))
    assert done.exit_code == 2
    assert done.stderr.count("JF-F076") == 4
    assert not (tmp_path / "out.parquet").exists()


def test_a_register_is_scored_by_its_decided_mapping(tmp_path: Path) -> None:
    path = mapping(tmp_path, DECIDED)
    done = score(PEOPLE, tmp_path / "out.parquet", "--map", path, "--check", "201")
    assert done.exit_code == 0, done.stderr
    out = pq.read_table(tmp_path / "out.parquet").to_pylist()
    faults = pq.read_table(tmp_path / "out.faults.parquet").to_pylist()
    assert len(out) == 201
    assert "标题 1 行，合计 1 行（第 204 行）" in done.stderr
    assert "33 个日期是电子表格的序号，按 1900 日期系统读取" in done.stderr
    assert "1 行是重复的人员" in done.stderr
    by_code = {code: [f for f in faults if f["code"] == code] for code in ("JF-F012", "JF-F061")}
    assert [f["line"] for f in by_code["JF-F061"]] == [23]
    assert "此人在第 22 行已经出现" in by_code["JF-F061"][0]["reason_zh"]
    unclear = {f["row"]: f["value"] for f in by_code["JF-F012"]}
    assert set(unclear.values()) == {"1981年6月", "1974年6月", "1993年6月"}
    for row, person in enumerate(out):
        assert (person["total_least"] is None) == (row in unclear), row
    assert len(faults) == 4


def test_the_city_is_found_by_its_facts_or_asked_for(tmp_path: Path) -> None:
    done = run("facts", "map", LABELS, "--lang", "en")
    assert "city: shanghai" in done.stdout
    assert "30 of 32 columns are facts or records; 0 places (?) wait" in done.stderr
    (tmp_path / "x.csv").write_text("a,b\nx,y\n")
    assert "JF-F076" in run("facts", "map", tmp_path / "x.csv").stderr
    assert run("facts", "map", "a", "b", "c").exit_code == 2
    assert run("facts", "map", tmp_path / "none.csv").exit_code == 2


def test_contributions_are_derived_as_they_come(tmp_path: Path) -> None:
    out = tmp_path / "facts.parquet"
    words: list[str | Path] = [
        "facts",
        "derive",
        "shanghai",
        HERE / "contrib-gbk.csv",
        "--people",
        PEOPLE,
    ]
    done = run(*words, "--on", "2025-06-10", "-o", out)
    assert done.exit_code == 0, done.stderr
    table = pq.read_table(out).to_pylist()
    assert len(table) == 200
    first = next(row for row in table if row["person"] == "999901197710184786")
    assert (first["insured_months"], first["birth_date"].isoformat()) == (118, "1977-10-18")
    by_map = tmp_path / "c.yaml"
    run("facts", "map", HERE / "contrib-gbk.csv", "-o", by_map)
    again = run(*words, "--on", "2025-06-10", "-o", tmp_path / "again.parquet", "--map", by_map)
    assert again.exit_code == 0, again.stderr
    assert pq.read_table(tmp_path / "again.parquet").to_pylist() == table


def test_nobody_who_can_be_scored_is_a_failure(tmp_path: Path) -> None:
    head, *rows = records()
    for row in rows:
        row[head.index("学历学位")] = "研究生在读"
    done = score(written(tmp_path, [head, *rows], "utf-8"), tmp_path / "out.parquet")
    assert done.exit_code == 2
    assert "JF-F077 现为没有一行可以计分（60 行）" in done.stderr
    assert sorted(p.name for p in tmp_path.iterdir()) == ["out.faults.parquet", "t.csv"]
    reasons = pq.read_table(tmp_path / "out.faults.parquet").column("column").to_pylist()
    assert reasons.count("education") == 60
    lab = run("lab", "run", "shanghai", tmp_path / "t.csv", "--on", "2025-06-10", "--lang", "en")
    assert lab.exit_code == 2
    assert "JF-F077 found no row that could be scored (of 60)" in lab.stderr


def test_the_lab_reads_the_same_files(tmp_path: Path) -> None:
    import json

    path = mapping(tmp_path, DECIDED)
    words = ["--on", "2025-06-10", "--json"]
    told = run("lab", "run", "shanghai", LABELS, *words)
    assert json.loads(told.stdout)["people"] == 60
    done = run("lab", "run", "shanghai", PEOPLE, *words, "--map", path, "--by", "education")
    told = json.loads(done.stdout)
    assert (told["people"], told["faulty"], told["reached"]["surely"]) == (201, 3, 0)
    assert sum(row["people"] for row in told["groups"]["education"]) == 198
    assert "合计 1 行" in done.stderr
    packed = run(
        "lab", "pack", "shanghai", PEOPLE, "--on", "2025-06-10", "--map", path, "-o", tmp_path / "p"
    )
    assert packed.exit_code == 0, packed.stderr
    again = run("lab", "run", "shanghai", tmp_path / "p", *words, "--by", "education")
    assert json.loads(again.stdout) == told


def test_rows_of_another_width_and_other_cells_stand_in_the_side_table(tmp_path: Path) -> None:
    head, *rows = records()
    rows[3] = rows[3][:-1]
    done = score(written(tmp_path, [head, *rows], "utf-8"), tmp_path / "out.parquet")
    assert done.exit_code == 0
    assert "列数与表头不同 1 行" in done.stderr
    faults = pq.read_table(tmp_path / "out.faults.parquet").to_pylist()
    [ragged] = [f for f in faults if f["code"] == "JF-F074"]
    assert (ragged["row"], ragged["line"]) == (None, 5)
    assert ragged["reason_en"].startswith("Found 31 cells; expected 32, as in the header.")
    totals = pq.read_table(tmp_path / "out.parquet").column("total").to_pylist()
    assert totals == expected()[:3] + expected()[4:]


def test_a_mapping_of_another_file_is_refused(tmp_path: Path) -> None:
    done = score(LABELS, tmp_path / "out.parquet", "--map", mapping(tmp_path, DECIDED))
    assert done.exit_code == 2
    assert "映射文件中的“序号”列，而文件没有这一列" in done.stderr
    assert "测试0000" not in done.stderr, "the row that it takes for the header holds a person"


def many(tmp_path: Path, copies: int) -> Path:
    head, *rows = LABELS.read_bytes().decode("gb18030").splitlines()
    path = tmp_path / "many.csv"
    path.write_bytes("\r\n".join([head, *rows * copies]).encode("gb18030"))
    return path


def test_an_interrupted_run_goes_on(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from jifen.facts.extracts import delimited
    from jifen.scoring.files import jobs

    monkeypatch.setattr(delimited, "BLOCK", 1 << 16)
    file, out = many(tmp_path, 200), tmp_path / "out.parquet"
    real, done = jobs.PartScorer.score_part, list[int]()

    def interrupted(self: Any, part: Any) -> Any:
        if len(done) == 7:
            raise KeyboardInterrupt
        done.append(1)
        return real(self, part)

    monkeypatch.setattr(jobs.PartScorer, "score_part", interrupted)
    RUNNER.invoke(app, ["score", "shanghai", str(file), "--on", "2025-06-10", "-o", str(out)])
    assert [p.name for p in tmp_path.iterdir()] == ["many.csv"], "without --resume nothing is left"
    done.clear()
    words = ["score", "shanghai", str(file), "-o", str(out), "--resume", "--threads", "1", "--on"]
    RUNNER.invoke(app, [*words, "2025-06-10"])
    assert sorted(p.name for p in tmp_path.iterdir()) == ["many.csv", "out.parquet.resume"]
    kept = len(list((tmp_path / "out.parquet.resume").glob("*.arrow")))
    assert 0 < kept <= 7
    other = run(*words, "2025-06-11")
    assert (other.exit_code, "JF-F079" in other.stderr) == (2, True)
    monkeypatch.setattr(jobs.PartScorer, "score_part", real)
    again = run(*words, "2025-06-10")
    assert again.exit_code == 0, again.stderr
    assert sorted(p.name for p in tmp_path.iterdir()) == [
        "many.csv",
        "out.faults.parquet",
        "out.parquet",
    ]
    assert pq.read_table(out).column("total").to_pylist() == expected() * 200
    whole = score(file, tmp_path / "whole.parquet")
    assert whole.stderr.replace("whole", "out") == again.stderr
    for name in ("", ".faults"):
        one, other = (pq.read_table(tmp_path / f"{n}{name}.parquet") for n in ("out", "whole"))
        assert one.equals(other)


def test_an_end_by_the_system_leaves_nothing_half(tmp_path: Path) -> None:
    file, out = many(tmp_path, 4000), tmp_path / "out.parquet"
    words = ["score", "shanghai", str(file), "--on", "2025-06-10", "-o", str(out)]
    process = subprocess.Popen(
        [sys.executable, "-m", "jifen", *words], env={**os.environ}, stderr=subprocess.DEVNULL
    )
    until = time.monotonic() + 60
    while process.poll() is None and len(list(tmp_path.iterdir())) < 2:
        assert time.monotonic() < until
        time.sleep(0.01)
    process.send_signal(signal.SIGTERM)
    process.wait(60)
    assert [p.name for p in tmp_path.iterdir()] == ["many.csv"], process.returncode


def test_a_cell_that_is_carried_through_may_be_of_another_kind(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from jifen.facts.extracts import layout

    monkeypatch.setattr(layout, "HEAD", 4096)
    head, *rows = records()
    rows[50][0] = "五十一"
    done = score(written(tmp_path, [head, *rows], "utf-8"), tmp_path / "out.parquet")
    assert done.exit_code == 0, done.stderr
    assert "1 个原样带出的值与该列前面的不同类，结果中留空" in done.stderr
    [fault] = [
        f
        for f in pq.read_table(tmp_path / "out.faults.parquet").to_pylist()
        if f["code"] == "JF-F078"
    ]
    assert (fault["row"], fault["line"], fault["column"]) == (50, 52, "序号")
    assert "现为“五十一”，而此列前面的值都是整数" in fault["reason_zh"]
    out = pq.read_table(tmp_path / "out.parquet")
    assert out.column("序号")[50].as_py() is None
    assert out.column("total").to_pylist() == expected()
