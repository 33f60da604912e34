"""Whatever a file holds, it is read or refused in words: never a traceback, never without end."""

import random
import time
import zipfile
from io import BytesIO
from pathlib import Path

import pytest
import xlsxwriter
from hypothesis import given, settings
from hypothesis import strategies as st
from typer.testing import CliRunner

from jifen.cli.app import app
from jifen.facts.extracts.column_names import build_fact_names
from jifen.facts.extracts.fault import FileFault
from jifen.facts.extracts.table import TableReading, inspect_table
from jifen.policy.fault import hide_identity_numbers
from jifen.scoring.files.column_reading import build_reading
from tests.people.changed_policies import SHANGHAI

VOCABULARY = SHANGHAI.vocabulary
RUNNER = CliRunner()
HEADER = "出生日期,学历学位,姓名\n"


def read_or_refused(path: Path) -> str:
    """How many rows were read, or the words."""
    try:
        extract = inspect_table(path, build_reading((VOCABULARY,)))
        return str(sum(read_rows.block.table.num_rows for read_rows in extract.read_rows()))
    except FileFault as fault:
        return fault.words.en if fault.words.zh != fault.words.en else ""


def scored(path: Path, *more: str) -> tuple[int, str]:
    words = ["score", "shanghai", str(path), "--on", "2025-06-10", "--lang", "en"]
    done = RUNNER.invoke(app, [*words, "-o", str(path.parent / "out.parquet"), *more])
    assert done.exception is None or isinstance(done.exception, SystemExit), done.exception
    assert not [p.name for p in path.parent.iterdir() if p.name.endswith(".part")]
    return done.exit_code, done.stderr


@settings(deadline=None)
@given(content=st.binary(max_size=3000), suffix=st.sampled_from([".csv", ".xlsx", ".parquet"]))
def test_random_bytes_are_refused_in_words(
    tmp_path_factory: pytest.TempPathFactory, content: bytes, suffix: str
) -> None:
    path = tmp_path_factory.mktemp("bytes") / f"f{suffix}"
    path.write_bytes(content)
    code, words = scored(path)
    assert code == 2
    assert words.strip()


PIECES = [
    "出生日期",
    "学历学位",
    "\0",
    '"',
    "\n",
    "\r",
    ",",
    "\t",
    "合计",
    "1990年5月",
    "\ufeff",
    "￥",
]


@settings(deadline=None)
@given(
    pieces=st.lists(st.sampled_from(PIECES), max_size=60),
    encoding=st.sampled_from(["utf-8", "gb18030", "utf-16", "utf-16-be"]),
)
def test_any_text_is_read_or_refused(
    tmp_path_factory: pytest.TempPathFactory, pieces: list[str], encoding: str
) -> None:
    path = tmp_path_factory.mktemp("text") / "f.csv"
    path.write_bytes((HEADER + "".join(pieces)).encode(encoding))
    assert read_or_refused(path)


def book(rows: list[list[object]], *more: list[list[object]]) -> bytes:
    made = BytesIO()
    with xlsxwriter.Workbook(made) as workbook:
        for table in (rows, *more):
            sheet = workbook.add_worksheet()
            for number, row in enumerate(table):
                sheet.write_row(number, 0, row)
    return made.getvalue()


def test_workbooks_cut_anywhere_are_refused_in_words(tmp_path: Path) -> None:
    whole = book([["出生日期", "学历学位"], ["1990-05-01", "博士研究生学历学位"]])
    (tmp_path / "w.xlsx").write_bytes(whole)
    assert read_or_refused(tmp_path / "w.xlsx") == "1"
    chance = random.Random(7)
    for cut in sorted(chance.sample(range(1, len(whole)), 12)):
        (tmp_path / "w.xlsx").write_bytes(whole[:cut])
        assert "JF-F075" in read_or_refused(tmp_path / "w.xlsx"), cut


def test_a_bomb_is_refused_before_it_is_unpacked(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "b.xlsx", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", "<workbook/>")
        with archive.open("xl/worksheets/sheet1.xml", "w", force_zip64=True) as part:
            for _ in range(200):
                part.write(b"\0" * (16 << 20))
    began = time.monotonic()
    assert "Too large when unpacked" in read_or_refused(tmp_path / "b.xlsx")
    assert time.monotonic() - began < 20


def test_several_sheets_ask_which_one(tmp_path: Path) -> None:
    rows: list[list[object]] = [["出生日期"], ["1990-05-01"]]
    (tmp_path / "w.xlsx").write_bytes(book(rows, rows))
    assert "to be told which of them: Sheet1, Sheet2" in read_or_refused(tmp_path / "w.xlsx")
    (tmp_path / "w.xlsx").write_bytes(book(rows, []))
    assert read_or_refused(tmp_path / "w.xlsx") == "1"
    (tmp_path / "w.xls").write_bytes(b"x")
    assert "JF-F075 found a workbook of the old kind (.xls)" in scored(tmp_path / "w.xls")[1]


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (HEADER.encode() + b"1990-05-01,\0,x\n", "1"),
        (HEADER.encode("gb18030") + "1990,x,张\n".encode("utf-16"), "JF-F071"),
        (
            ",".join(f"c{n}" for n in range(100_000)).encode() + b"\n",
            "JF-F072 found 100000 columns",
        ),
        (b"a" * (5 << 20), "JF-F072 found a line of more than 4 MiB"),
        (HEADER.encode() + b"x" * (40 << 20), "JF-F072 found a line of more than 16 MiB"),
        (
            HEADER.encode() + b'"' + b"1990-05-01,x,y\n" * 3_000_000,
            "row 2, JF-F072 found a line of more",
        ),
        (b"\r\n" * 5000, "JF-F072 found no text"),
        (b"\xef\xbb\xbf", "JF-F072 found no text"),
    ],
    ids=["nul", "mixed", "wide", "long head", "long line", "open quote", "blank", "mark alone"],
)
def test_what_is_hostile_is_said(tmp_path: Path, content: bytes, words: str) -> None:
    path = tmp_path / "f.csv"
    path.write_bytes(content)
    began = time.monotonic()
    assert words in read_or_refused(path)
    assert time.monotonic() - began < 20


def test_a_line_of_a_gigabyte_takes_neither_time_nor_memory(tmp_path: Path) -> None:
    path = tmp_path / "f.csv"
    with path.open("wb") as file:
        file.write(HEADER.encode())
        file.truncate(1 << 30)
    began = time.monotonic()
    assert "JF-F07" in read_or_refused(path)
    assert time.monotonic() - began < 20


def test_no_word_shows_an_identity_number(tmp_path: Path) -> None:
    path = tmp_path / "f.csv"
    path.write_text("身份证号,出生日期\n110101199003074514,1,1,1\n", encoding="utf-8")
    code, words = scored(path)
    assert code == 2
    assert "110101199003074514" not in words
    assert hide_identity_numbers(words) == words


def test_names_alone_are_enough_to_look(tmp_path: Path) -> None:
    path = tmp_path / "f.csv"
    path.write_text(HEADER, encoding="utf-8")
    assert inspect_table(path, TableReading(build_fact_names([VOCABULARY]))).schema.names[:2] == [
        "birth_date",
        "education",
    ]
    assert "JF-F" in scored(path)[1] or "missing" in scored(path)[1]
