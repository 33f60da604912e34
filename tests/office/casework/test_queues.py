"""The order of work, who waits for what, and a fixed number of queries however many cases wait."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from jifen.office.accounts.actions import end_role, give_role
from jifen.office.accounts.faults import RoleFault
from jifen.office.accounts.models import StaffRole
from jifen.office.accounts.roles import has_post
from jifen.office.casework.access import access_case
from jifen.office.casework.actions import expedited_lane, post_decision
from jifen.office.casework.faults import CaseFault, NotAllowed
from jifen.office.casework.models import Application, Decision, FalseRecord, Gate
from jifen.office.casework.queries import Desk, count_by_stage, list_queue
from jifen.office.casework.waiting_rows import store_case_waits
from jifen.office.registry.models import Person
from jifen.office.waiting.models import Waiting
from jifen.process.calendar import working_calendar
from tests.world.office import Office, staff, tell, user

pytestmark = pytest.mark.django_db
DESK = Desk("shanghai", "pudong", "")


def _gates(office: Office, *kinds: tuple[str, int, int]) -> None:
    """(lane, days since receipt, days until due) for each case."""
    today = timezone.localdate()
    for number, (lane, since, left) in enumerate(kinds, 1):
        who = Person.objects.create(identity="", identity_index=f"{number:064}", name=f"人{number}")
        received = today - timedelta(days=since)
        overtakes = working_calendar().add_working_days(received, 15)
        case = Application.objects.create(
            number=f"T{number}",
            city="shanghai",
            district="pudong",
            person=who,
            unit=office.unit,
            on=today,
            policy="shanghai-points",
            policy_version="2018",
            policy_hash="sha256:",
            state="review",
            lane=lane,
            created_by=office.operator,
            submitted_at=timezone.now(),
            received_on=received,
            due_on=today + timedelta(days=left),
            overtakes_on=overtakes,
        )
        Gate.objects.create(
            application=case,
            gate="office",
            order=0,
            state="open",
            city="shanghai",
            district="pudong",
            lane=lane,
            due_on=case.due_on,
            received_on=received,
            overtakes_on=overtakes,
        )
        store_case_waits(case)


def test_expedited_cases_go_first_but_starve_nobody() -> None:
    office = Office()
    _gates(
        office,
        ("normal", 2, 20),
        ("expedited", 0, 9),
        ("normal", 60, -5),  # it has waited longer than the bound: before any expedited one
        ("expedited", 1, 3),
        ("normal", 5, 10),
    )
    rows = list_queue(office.clerk, DESK, timezone.localdate())
    order = [row.application.number for row in rows if row.application]
    assert order == ["T3", "T4", "T2", "T5", "T1"]


def test_nobody_is_handed_a_case_of_their_own_employer() -> None:
    office = Office()
    _gates(office, ("normal", 2, 20))
    from jifen.office.registry.models import Membership

    Membership.objects.create(unit=office.unit, user=office.clerk, role="operator")
    office.clerk.__dict__.pop("_units", None)
    assert list_queue(office.clerk, DESK, timezone.localdate()) == []
    assert len(list_queue(office.clerk2, DESK, timezone.localdate())) == 1


def _queries(client: Client, path: str, searched: str = "") -> int:
    def ask() -> int:
        found = client.post(path, {"q": searched}) if searched else client.get(path)
        return found.status_code

    ask()
    with CaptureQueriesContext(connection) as queries:
        assert ask() == 200
        return len(queries)


def test_pages_use_as_many_queries_for_thirty_cases_as_for_three(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(
        "jifen.office.accounts.signin.middleware.needs_second_factor", lambda _: False
    )
    office = Office()
    clerk, employer = Client(), Client()
    clerk.force_login(office.clerk)
    employer.force_login(office.operator)
    asked = [(clerk, "/desk/", ""), (employer, "/my/", ""), (clerk, "/desk/", "人")]
    _gates(office, *[("normal", 1, 20)] * 3)
    few = [_queries(*one) for one in asked]
    for table in (Waiting, Gate, Application, Person):
        table.objects.exclude(pk=office.person.pk if table is Person else 0).delete()
    _gates(office, *[("normal", 1, 20)] * 30)
    assert [_queries(*one) for one in asked] == few


def test_the_page_of_a_case_uses_as_many_queries_beside_thirty_cases_as_alone(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(
        "jifen.office.accounts.signin.middleware.needs_second_factor", lambda _: False
    )
    office = Office()
    case = office.submitted()
    clerk, employer, lead = Client(), Client(), Client()
    for client, account in (
        (clerk, office.clerk),
        (employer, office.operator),
        (lead, office.supervisor),
    ):
        client.force_login(account)
    pages = [(clerk, f"/desk/{case.key}", ""), (employer, f"/cases/{case.key}", "")]
    pages.append((lead, "/lead/", ""))
    alone = [_queries(*page) for page in pages]
    _gates(office, *[("normal", 1, 20)] * 30)
    assert [_queries(*page) for page in pages] == alone


def test_the_stages_count_what_is_late_and_expedited() -> None:
    office = Office()
    _gates(office, ("normal", 40, -3), ("expedited", 1, 5))
    review = count_by_stage(DESK, timezone.localdate())[0]
    assert review == {"state": "review", "many": 2, "late": 1, "expedited": 1}


def test_an_expedited_case_has_a_ground_a_yes_and_a_clock_of_its_own() -> None:
    office = Office()
    application = office.submitted()
    before = application.due_on
    case = access_case(office.operator, application.key)
    with pytest.raises(CaseFault, match="one of the grounds"):
        expedited_lane.ask_expedite(case, "hurry", "快")
    made = expedited_lane.ask_expedite(case, "school_enrolment", "九月入学")
    with pytest.raises(NotAllowed):
        expedited_lane.decide_expedite(
            access_case(office.clerk, application.key), made, approve=True, words=""
        )
    lead = access_case(office.supervisor, application.key)
    expedited_lane.decide_expedite(lead, made, approve=True, words="情况属实")
    application.refresh_from_db()
    assert application.lane == "expedited"
    assert before is not None
    assert application.due_on is not None
    assert application.due_on < before
    assert set(application.gates.values_list("lane", flat=True)) == {"expedited"}


def test_a_recheck_is_decided_by_somebody_without_a_part_in_the_decision() -> None:
    office = Office()
    application = office.decided(office.submitted())
    person = access_case(office.person_user, application.key)
    with pytest.raises(CaseFault, match="Give a reason"):
        post_decision.ask_recheck(person, [{"line": "title", "words": " "}])
    post_decision.ask_recheck(person, [{"line": "title", "words": "漏了中级职称"}])
    with pytest.raises(NotAllowed, match="without a part"):
        post_decision.decide_recheck(access_case(office.senior, application.key), "维持")
    decider = access_case(office.senior2, application.key)
    recheck = post_decision.decide_recheck(decider, "证书有效", {"title": "intermediate"})
    assert recheck.state == "changed"
    (line,) = recheck.changed
    assert line["line"] == "title"
    assert line["before"] == 0
    assert line["after"] > 0
    new = Decision.objects.get(application=application, void_at__isnull=True)
    assert (new.number, new.signed_by) == (2, office.senior2)
    assert Application.objects.get().state == "decided"


def test_false_material_is_heard_first_then_revoked_and_counts_in_later_scores() -> None:
    office = Office()
    application = office.decided(office.submitted())
    record = post_decision.report_false_material(
        access_case(office.clerk, application.key), "education", "学历虚假"
    )
    senior = access_case(office.senior, application.key)
    with pytest.raises(CaseFault, match="was not told yet"):
        post_decision.decide_false_material(senior, record, stands=True, words="属实")
    tell(record)
    with pytest.raises(CaseFault, match="may answer until"):
        post_decision.decide_false_material(senior, record, stands=True, words="属实")
    post_decision.answer_false_material(
        access_case(office.person_user, application.key), record, "没有异议"
    )
    record.refresh_from_db()
    post_decision.decide_false_material(
        access_case(office.senior, application.key), record, stands=True, words="属实"
    )
    assert Application.objects.get().state == "revoked"
    assert FalseRecord.objects.get().effective_on == timezone.localdate()
    again = office.decided(office.submitted())
    decision = Decision.objects.get(application=again)
    assert str(timezone.localdate()) in decision.facts
    first = Decision.objects.get(application=application)
    assert decision.total == first.total - 150, "the measure subtracts 150 points for it"


def test_roles_are_given_and_ended_by_the_city_and_never_to_oneself() -> None:
    lead = staff("lead", "security_admin")
    user("new")
    made = give_role(lead, "NEW", "clerk", "shanghai", "xuhui")
    assert isinstance(made, StaffRole)
    fresh = made.user
    assert has_post(fresh, "shanghai", "xuhui", "clerk")
    for words, asked in {
        "have this role": ("new", "clerk", "shanghai", "xuhui"),
        "No such sign-in": ("nobody", "clerk", "shanghai"),
        "no such role": ("new", "king", "shanghai"),
        "reviewers only": ("new", "reviewer", "shanghai"),
        "to themselves": ("lead", "clerk", "shanghai"),
        "Not a security administrator": ("new", "clerk", "chengdu"),
    }.items():
        with pytest.raises(RoleFault, match=words):
            give_role(lead, *asked)
    end_role(lead, made)
    again: Any = type(fresh).objects.get(pk=fresh.pk)
    assert not has_post(again, "shanghai", "xuhui", "clerk")
    assert StaffRole.objects.filter(user=again).count() == 1
