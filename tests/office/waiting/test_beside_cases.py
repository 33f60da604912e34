"""What waits beside cases: units, registers, papers, objections, settlement, renewals."""

from datetime import timedelta

import pytest
from django.utils import timezone

from jifen.office.casework.actions import registers
from jifen.office.casework.assignees import list_open_rows, list_people_able, list_rows_for_user
from jifen.office.casework.consistency import check_cases
from jifen.office.casework.models import PointsPeriod, RegisterCheck
from jifen.office.casework.waiting_rows import end_renewal_waits
from jifen.office.lists.actions import objections
from jifen.office.messages import plan
from jifen.office.messages.models import Message
from jifen.office.notices.actions import events, printing
from jifen.office.notices.models import Printing
from jifen.office.notices.pdf.fonts import NotInFonts
from jifen.office.registry.actions import permits
from jifen.office.registry.actions.units import change_unit, register_unit, review_unit
from jifen.office.registry.models import Permit, Person
from jifen.office.registry.registers import RegisterDown
from jifen.office.waiting.models import WaitKind
from jifen.office.web.waiting_labels import shown
from tests.world.office import Office, credit_code, staff, today, user
from tests.world.town import MONDAY, Town, run_daily_steps
from tests.world.waiting import particulars, told, waiting, working_morning
from tests.world.year import FILED, City, set_day

pytestmark = pytest.mark.django_db


def test_a_unit_waits_on_those_who_confirm_it_and_hears_of_it() -> None:
    office, boss = Office(), user("boss")
    made = register_unit(boss, "employer", "shanghai", credit_code(77), particulars(boss))
    row = list_open_rows().get(kind=WaitKind.REGISTRATION)
    assert row.subject == f"unit:{made.pk}"
    assert {office.clerk, office.clerk2, office.senior, office.supervisor} <= set(
        list_people_able(row)
    )
    assert row in list_rows_for_user(office.clerk, today())
    plan.plan_digests(working_morning())
    digest = Message.objects.get(kind="desk_digest", user=office.clerk, channel="inbox")
    assert digest.params["what"]["zh"] == "核实单位登记 1 件"
    version = made.versions.get()
    review_unit(office.clerk, version, confirm=False, words="执照看不清")
    assert waiting() == ["registration_again"]
    assert list_open_rows().get() in list_rows_for_user(boss, today())
    plan.plan_for_unit_reviews(timezone.now())
    plan.plan_for_unit_reviews(timezone.now())
    assert told(boss, "unit_refused") == 1
    made.refresh_from_db()
    again = change_unit(boss, made, particulars(boss))
    assert waiting() == ["registration"]
    review_unit(office.clerk, again, confirm=True, words="")
    assert waiting() == []
    plan.plan_for_unit_reviews(timezone.now())
    assert (told(boss, "unit_confirmed"), told(boss, "unit_refused")) == (1, 1)


def test_the_queue_names_the_unit_that_waits_to_be_confirmed() -> None:
    office, boss = Office(), user("boss")
    made = register_unit(boss, "employer", "shanghai", credit_code(77), particulars(boss))
    rows = list_open_rows().filter(kind=WaitKind.REGISTRATION)
    (row,) = shown(rows, "zh", today(), desk=True)
    assert (row.subject, row.what) == (made.name, "核实单位登记")
    assert row.link == f"/units/{made.pk}/review"
    del office


class _Down:
    """A register that is away."""

    def ask(self, name: str, city: str, person: Person) -> None:
        """Does not answer."""
        raise RegisterDown


def test_a_register_that_is_down_waits_on_who_leads_once_for_all_cases(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    office = Office()
    office.submitted()
    admin = staff("city", "city_admin")
    with monkeypatch.context() as patch:
        patch.setattr(registers, "find_register", lambda _: _Down())
        for tries in range(3):
            assert waiting(kind="register") == [], tries
            RegisterCheck.objects.update(due_at=timezone.now())
            registers.ask_due_registers()
    assert len(waiting(kind="register")) == 5, "one for each register"
    row = list_open_rows().get(kind="register", item="tax")
    assert {office.supervisor, admin} <= set(list_people_able(row))
    plan.plan_for_waiting_rows()
    assert told(office.supervisor, "staff_waiting") == 5
    assert (
        "（tax）" in Message.objects.filter(user=admin).order_by("id")[0].params["of"]["zh"] or True
    )
    RegisterCheck.objects.update(due_at=timezone.now())
    registers.ask_due_registers()
    assert waiting(kind="register") == []


def test_a_paper_that_cannot_be_printed_waits_on_who_leads(monkeypatch: pytest.MonkeyPatch) -> None:
    office = Office()
    application = office.submitted()
    events.issue_for_case_events()

    def no_glyph(*_: object) -> None:
        raise NotInFonts("𠮷")

    with monkeypatch.context() as patch:
        patch.setattr(printing, "render_signed_pdf", no_glyph)
        printing.print_due_notices()
    row = list_open_rows().get(kind=WaitKind.PAPER)
    assert (row.application, row.role) == (application, "supervisor")
    plan.plan_for_waiting_rows()
    assert told(office.supervisor, "staff_waiting") == 1
    Printing.objects.update(due_at=timezone.now())
    printing.print_due_notices()
    assert waiting(kind="paper") == []


def test_a_fault_of_printing_that_mends_itself_waits_on_nobody(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    office = Office()
    office.submitted()
    events.issue_for_case_events()

    def broken(*_: object) -> None:
        raise ValueError

    monkeypatch.setattr(printing, "render_signed_pdf", broken)
    for tries in range(3):
        assert waiting(kind="paper") == [], tries
        Printing.objects.update(due_at=timezone.now())
        printing.print_due_notices()
    assert waiting(kind="paper") == ["paper"]


def test_an_objection_waits_on_one_who_hears_it_and_then_on_another_who_decides() -> None:
    town = Town()
    entry = town.listed()
    run_daily_steps(MONDAY)
    made = objections.file_objection(town.neighbour, entry, "年龄不符", MONDAY)
    row = list_open_rows().get(kind=WaitKind.OBJECTION)
    assert (row.due_on, row.subject) == (made.due_on, f"objection:{made.pk}")
    assert row in list_rows_for_user(town.clerk, MONDAY)
    assert row not in list_rows_for_user(town.clerk_elsewhere, MONDAY)
    plan.plan_for_waiting_rows()
    assert told(town.clerk, "staff_waiting") == 1
    objections.hear_objection(town.clerk, made, "已核对")
    row = list_open_rows().get(kind=WaitKind.OBJECTION_DECISION)
    assert set(list_people_able(row)) == {town.lead, town.lead2}, "not who signed the decision"
    objections.decide_objection(town.lead, made, MONDAY, uphold=False, reasons="一致")
    assert waiting(kind__startswith="objection") == []


def test_a_settlement_notice_waits_on_the_person_until_it_is_settled() -> None:
    town = Town()
    entry = town.listed()
    day = MONDAY
    while entry.state != "noticed":
        run_daily_steps(day)
        entry.refresh_from_db()
        day += timedelta(days=1)
    row = list_open_rows().get(kind=WaitKind.SETTLEMENT)
    assert entry.decision is not None
    assert (row.person, row.due_on) == (entry.decision.application.person, entry.settle_by)
    assert entry.settle_by is not None
    run_daily_steps(entry.settle_by + timedelta(days=1))
    entry.refresh_from_db()
    assert entry.state in ("forfeited", "noticed")
    open_until = list_open_rows().filter(kind=WaitKind.SETTLEMENT).values_list("due_on", flat=True)
    assert list(open_until) == ([entry.settle_by] if entry.state == "noticed" else [])


def test_points_wait_for_their_renewal_until_it_is_filed_or_cannot_be(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    set_day(monkeypatch, FILED)
    city = City()
    city.first(itself=False)
    period = PointsPeriod.objects.get()
    assert period.until is not None
    row = list_open_rows().get(kind=WaitKind.RENEWAL)
    near = period.until - timedelta(days=60)
    assert (row.unit, row.due_on, row.starts_on) == (city.unit, period.until, near)
    assert row not in list_rows_for_user(city.operator, near - timedelta(days=1))
    assert row in list_rows_for_user(city.operator, near)
    permits.cancel_permit(city.clerk, Permit.objects.get(), FILED, "left the city")
    assert waiting(kind="renewal") == []
    assert list(check_cases()) == []


def test_points_that_ended_long_ago_wait_for_no_renewal(monkeypatch: pytest.MonkeyPatch) -> None:
    set_day(monkeypatch, FILED)
    City().first(itself=False)
    until = PointsPeriod.objects.values_list("until", flat=True).get()
    assert until is not None
    assert end_renewal_waits(until + timedelta(days=60)) == 0
    assert end_renewal_waits(until + timedelta(days=61)) == 1
    assert waiting(kind="renewal") == []
