"""Statistics tell of nobody: a small count is written as such, and is never a zero."""

from collections.abc import Sequence
from datetime import date
from io import BytesIO

import pytest
from django.test import Client
from django.utils import timezone
from python_calamine import CalamineWorkbook

from jifen.office.casework.models import Application, Decision
from jifen.office.registry.models import Person
from tests.world.office import Office, staff

pytestmark = pytest.mark.django_db


def _decided(office: Office, outcome: str, many: int) -> None:
    for _ in range(many):
        number = Person.objects.count()
        who = Person.objects.create(identity="", identity_index=f"{number:064}", name="人")
        case = Application.objects.create(
            city="shanghai",
            district="pudong",
            person=who,
            unit=office.unit,
            on=date(2026, 1, 5),
            policy="p",
            policy_version="2018",
            policy_hash="h",
            state="decided",
            number=f"S{number}",
            created_by=office.operator,
            submitted_at=timezone.now(),
        )
        Decision.objects.create(
            application=case,
            number=1,
            outcome=outcome,
            total=120,
            on=date(2026, 1, 5),
            policy="p",
            policy_version="1",
            policy_hash="h",
            engine_version="0",
            facts="{}",
            result="{}",
            proposed_by=office.clerk,
            signed_by=office.senior,
            signed_at=timezone.now(),
        )


@pytest.fixture
def analyst(monkeypatch: pytest.MonkeyPatch) -> Client:
    """Signed in; seven reached the line this month, four did not, nobody had a veto."""
    place = "jifen.office.accounts.signin.middleware.needs_second_factor"
    monkeypatch.setattr(place, lambda _: False)
    office = Office()
    _decided(office, "reached", 7)
    _decided(office, "below", 4)
    client = Client()
    client.force_login(staff("analyst", "analyst"))
    return client


def _last_month(rows: Sequence[Sequence[object]]) -> list[object]:
    return [*rows[-1][1:]]


def test_a_small_count_is_written_as_such_on_the_page(analyst: Client) -> None:
    page = analyst.get("/statistics/").content.decode()
    table = page.split("<tbody>")[1].split("</tbody>")[0]
    row = table.split("<tr>")[-1]
    assert ">7<" in row
    assert ">&lt;5<" in row
    assert row.count(">0<") == 2, "of refused and vetoed there are none, and none is hidden"
    assert ">4<" not in row
    assert "<title>&lt;5</title>" in page


def test_the_workbook_hides_the_same_cells(analyst: Client) -> None:
    answer = analyst.get("/statistics/export.xlsx")
    book = CalamineWorkbook.from_filelike(BytesIO(answer.content))
    rows = book.get_sheet_by_index(0).to_python()
    assert _last_month(rows) == ["7", "<5", "0", "0"]
    assert "attachment" in answer.headers["Content-Disposition"]


def test_nobody_else_takes_it_along(analyst: Client) -> None:
    other = Client()
    other.force_login(staff("clerk9", "clerk", district="pudong"))
    assert other.get("/statistics/export.xlsx").status_code == 404
    assert analyst.get("/statistics/export.xlsx").status_code == 200


def test_the_figures_are_exported_as_csv_with_the_same_cells_hidden(analyst: Client) -> None:
    response = analyst.get("/statistics/export.xlsx?as=csv", headers={"Accept-Language": "zh"})
    assert response.headers["Content-Type"] == "text/csv; charset=utf-8"
    lines = response.content.decode("utf-8-sig").splitlines()
    assert lines[0].startswith("城市,月份,")
    assert len(lines) == 13, "twelve months"
    this_month = lines[-1].split(",")
    assert "7" in this_month
    assert "<5" in this_month, "four are hidden, and are no zero"
    assert "4" not in this_month
