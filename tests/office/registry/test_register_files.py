"""A register that is asked and answers by files; every row is accounted for."""

import csv
from datetime import date, timedelta
from pathlib import Path

import pytest
from django.utils import timezone
from pytest_django import Settings

from jifen.office.audit.models import Entry
from jifen.office.casework.actions import register_files, registers
from jifen.office.casework.actions.register_files import read_answers, write_questions
from jifen.office.casework.models import Application, Item, RegisterCheck
from jifen.office.registry.models import RegisterEntry
from jifen.office.waiting.models import Waiting
from tests.world.faults import refused
from tests.world.office import Office, identity

pytestmark = pytest.mark.django_db


@pytest.fixture
def case(settings: Settings) -> Application:
    """A filed case that waits for the education register, which answers by files."""
    settings.JIFEN_REGISTERS = {"education": "files"}
    filed = Office().submitted()
    registers.ask_due_registers()
    return filed


def check(case: Application) -> RegisterCheck:
    return RegisterCheck.objects.get(application=case, register="education")


def write(folder: Path, *rows: str, heads: str = "city,identity,as_of,education") -> Path:
    file = folder / "answers.csv"
    file.write_text("\n".join((heads, *rows)), encoding="utf-8")
    return file


def outcomes(folder: Path) -> list[dict[str, str]]:
    with (folder / "answers-outcome.csv").open(encoding="utf-8-sig") as file:
        return list(csv.DictReader(file))


def test_a_case_waits_for_the_file_and_bothers_nobody(case: Application) -> None:
    for _ in range(5):
        RegisterCheck.objects.update(due_at=timezone.now())
        registers.ask_due_registers()
    assert check(case).state == "due"
    assert not Waiting.objects.filter(kind="register").exists()


def test_questions_name_each_person_once_and_only_their_user_reads_them(
    case: Application, tmp_path: Path
) -> None:
    file, count = write_questions("education", tmp_path)
    assert count == 1
    with file.open(encoding="utf-8-sig") as text:
        assert list(csv.reader(text)) == [
            ["city", "identity", "name"],
            ["shanghai", identity(1), case.person.name],
        ]
    assert file.stat().st_mode & 0o077 == 0
    assert identity(1) not in str(Entry.objects.get(act="register.asked_by_file").details)


def test_an_answer_confirms_at_once(case: Application, tmp_path: Path) -> None:
    today = timezone.localdate()
    answers = write(tmp_path, f"shanghai,{identity(1)},{today},bachelor_with_degree")
    assert [outcome.is_stored for outcome in read_answers("education", answers)] == [True]
    registers.ask_due_registers()
    assert (check(case).state, check(case).as_of) == ("answered", today)
    assert Item.objects.get(application=case, fact="education").source == "register:education"
    again = read_answers("education", answers)
    assert again[0].is_stored
    assert RegisterEntry.objects.filter(register="education").count() == 1


def test_a_row_without_facts_says_that_nothing_is_held(case: Application, tmp_path: Path) -> None:
    read_answers("education", write(tmp_path, f"shanghai,{identity(1)},2026-01-02,"))
    registers.ask_due_registers()
    assert check(case).state == "nothing"


def test_every_row_is_accounted_for(case: Application, tmp_path: Path) -> None:
    tomorrow = timezone.localdate() + timedelta(days=1)
    bad_number = identity(1)[:-1] + ("0" if identity(1)[-1] != "0" else "1")
    file = write(
        tmp_path,
        f"shanghai,{identity(1)},2026-01-02,bachelor_with_degree",
        "",
        f"atlantis,{identity(2)},2026-01-02,none",
        f"shanghai,{identity(2)},{tomorrow},none",
        f"shanghai,{bad_number},2026-01-02,none",
        f"shanghai,{identity(2)},2026-01-02,wizard",
        f"shanghai,{identity(1)},2025-01-02,none",
    )
    read_answers("education", file)
    expected = [
        ("2", "yes", "已收", "stored"),
        ("4", "no", "没有这个城市（city 列）。", "There is no such city (column city)."),
        (
            "5",
            "no",
            "数据日期（as_of 列）应为不晚于今天的日期，例如 2026-11-29。",
            "The day of the data (column as_of) is a day not after today, such as 2026-11-29.",
        ),
        (
            "6",
            "no",
            "公民身份号码（identity 列）应为 18 位，且校验位正确。",
            "The identity number (column identity) has 18 characters with a right check character.",
        ),
        (
            "7",
            "no",
            "“education”列：本市没有这项事实，或其值不能使用。",
            "Column 'education': the city has no such fact, or its value cannot be used.",
        ),
        (
            "8",
            "no",
            "已有数据日期更晚的答复，没有改动。",
            "An answer with a later day of the data is there; nothing was changed.",
        ),
    ]
    assert [tuple(row.values()) for row in outcomes(tmp_path)] == expected
    details = Entry.objects.get(act="register.answered_by_file").details
    assert details == {"register": "education", "stored": 1, "refused": 5}
    assert RegisterEntry.objects.get(register="education").as_of == date(2026, 1, 2)


def test_a_refused_row_has_its_code(case: Application) -> None:
    del case
    with refused(
        "JF-G061", "没有这个城市（city 列）。", "There is no such city (column city).", "city"
    ):
        register_files._store_answer("education", {"city": "atlantis"})


@pytest.mark.parametrize(
    ("content", "zh", "en"),
    [
        (
            b"city,identity\n",
            "第一行须有 city、identity、as_of 三列和各项事实的列，每列只写一次。",
            "The first line has the columns city, identity and as_of and one for each fact, each "
            "once.",
        ),
        (
            "城市".encode("gbk"),
            "文件不是 UTF-8 编码。请另存为 UTF-8 的 CSV。",
            "Not UTF-8: save it as a CSV in UTF-8.",
        ),
    ],
)
def test_a_file_that_is_none_is_told(tmp_path: Path, content: bytes, zh: str, en: str) -> None:
    file = tmp_path / "answers.csv"
    file.write_bytes(content)
    with refused("JF-G060", zh, en, "answers.csv"):
        read_answers("education", file)


def test_too_many_rows_are_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(register_files, "MOST_ROWS", 1)
    file = write(tmp_path, "a,b,c,d", "a,b,c,d")
    with refused(
        "JF-G060",
        "文件太大：最多 200,000 行。请分成几个文件。",
        "The file is too large: at most 200,000 rows. Divide it.",
        "answers.csv",
    ):
        read_answers("education", file)
