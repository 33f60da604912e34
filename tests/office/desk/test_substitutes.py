"""Whoever is away has a substitute, who does what waits on them; four eyes stay four."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.test import Client

from jifen.office.accounts.models import Role, StaffRole, StandIn, User
from jifen.office.accounts.roles import list_posts
from jifen.office.audit.models import Entry
from jifen.office.casework.access import access_case
from jifen.office.casework.actions import decisions, registers, review
from jifen.office.casework.actions.gates import list_open_facts
from jifen.office.casework.actions.handover import list_possible_holders
from jifen.office.casework.assignees import list_people_able, list_rows_for_user
from jifen.office.casework.faults import CaseFault, NoSuchCase, NotAllowed
from jifen.office.casework.models import Application, Decision, Event, Gate
from jifen.office.casework.queries import Desk, list_queue
from jifen.office.desk.actions import away
from jifen.office.desk.models import Absence
from jifen.office.registry.models import Membership
from jifen.office.waiting.models import Waiting, WaitKind
from jifen.office.web.cases.case_texts import history
from tests.world.office import Office, finding, staff, today

pytestmark = pytest.mark.django_db
PUDONG = Desk("shanghai", "pudong", "")
WEEK = timedelta(days=7)


def _fresh(user: User) -> User:
    return User.objects.get(pk=user.pk)


def _access(user: User, application: Application) -> Any:
    return access_case(_fresh(user), application.key)


def _away(user: User, substitute: User | None = None, by: User | None = None) -> Absence:
    return away.enter_absence(by or user, user, today(), today() + WEEK, substitute)


def _last_entry(act: str) -> Entry:
    entry = Entry.objects.filter(act=act).order_by("-number").first()
    assert entry is not None
    return entry


def test_a_substitute_does_what_waits_on_the_absent_and_no_longer_than_that(
    office: Office,
) -> None:
    neighbour = staff("neighbour", "clerk", district="huangpu")
    application = office.submitted()
    registers.ask_due_registers()
    with pytest.raises(NoSuchCase):
        _access(neighbour, application)
    _away(office.clerk, neighbour)
    waits = list_rows_for_user(_fresh(neighbour), today())
    assert [row.application for row in waits] == [application]
    row = Waiting.objects.get(kind=WaitKind.GATE, item="office", ended_at=None)
    assert neighbour in list_people_able(row)
    gate = Gate.objects.get(application=application, gate="office")
    assert neighbour in list_possible_holders(application, gate)
    case = _access(neighbour, application)
    review.take_gate(case, "office")
    fact = list_open_facts(application, "office")[0]
    review.record_finding(case, finding(fact, {}))
    for act in ("case.taken", "case.found"):
        entry = _last_entry(act)
        assert (entry.actor, entry.on_behalf_of) == (
            f"user:{neighbour.pk}",
            f"user:{office.clerk.pk}",
        )
    assert Event.objects.get(act="found").words["instead_of"] == office.clerk.pk
    told = [line.who for line in history(application, "zh", staff=True)]
    assert "neighbour（代 clerk）" in told
    assert "neighbour (for clerk)" in [line.who for line in history(application, "en", staff=True)]
    away.end_absence(office.clerk, office.clerk)
    with pytest.raises(NoSuchCase):
        _access(neighbour, application)
    gate.refresh_from_db()
    assert gate.holder is None, "what was in hand for the absent is free again"
    assert neighbour not in list_people_able(row)


def test_what_is_done_in_ones_own_role_is_done_for_nobody(office: Office) -> None:
    application = office.submitted()
    _away(office.clerk, office.clerk2)
    review.take_gate(_access(office.clerk2, application), "office")
    assert _last_entry("case.taken").on_behalf_of == ""


def test_days_bound_what_a_substitute_may_do(office: Office) -> None:
    neighbour = staff("neighbour", "clerk", district="huangpu")
    tomorrow = today() + timedelta(days=1)
    away.enter_absence(office.clerk, office.clerk, tomorrow, tomorrow, neighbour)
    assert [post.district for post in list_posts(_fresh(neighbour))] == ["huangpu"]
    assert [p.district for p in list_posts(_fresh(neighbour), tomorrow)] == ["huangpu", "pudong"]
    assert len(list_posts(_fresh(neighbour), tomorrow + timedelta(days=1))) == 1
    StaffRole.objects.filter(user=office.clerk).update(until=tomorrow)
    assert len(list_posts(_fresh(neighbour), tomorrow)) == 1, "the role itself is over"


def test_signed_for_the_absent_and_four_eyes_hold(office: Office) -> None:
    other_senior = staff("other", "senior_clerk", district="huangpu")
    application = office.reviewed(office.submitted())
    decisions.propose_decision(access_case(office.clerk, application.key, "propose"))
    _away(office.senior, other_senior)
    queue = list_queue(_fresh(other_senior), PUDONG, today(), WaitKind.SIGNATURE)
    assert [row.application for row in queue] == [application]
    decisions.countersign_decision(_access(other_senior, application))
    assert Decision.objects.get().signed_by == other_senior
    assert _last_entry("case.decided").on_behalf_of == f"user:{office.senior.pk}"


def test_a_substitute_never_signs_what_they_confirmed(office: Office) -> None:
    application = office.submitted()
    registers.ask_due_registers()
    _away(office.clerk, office.supervisor)
    case = _access(office.supervisor, application)
    facts = list_open_facts(application, "office")
    review.record_findings(case, [finding(fact, {}) for fact in facts])
    police = list_open_facts(application, "police")
    review.record_findings(_access(office.police, application), [finding(f, {}) for f in police])
    decisions.propose_decision(_access(office.supervisor, application))
    assert not list_queue(_fresh(office.supervisor), PUDONG, today(), WaitKind.SIGNATURE)
    with pytest.raises(NotAllowed, match="Another person signs") as caught:
        decisions.countersign_decision(_access(office.supervisor, application))
    assert caught.value.code == "JF-K051"
    decisions.countersign_decision(_access(office.senior, application))


def test_nobody_signs_for_somebody_what_that_one_may_not_sign(office: Office) -> None:
    StaffRole.objects.create(
        user=office.clerk, role="senior_clerk", city="shanghai", district="pudong", since=today()
    )
    other_senior = staff("other", "senior_clerk", district="huangpu")
    application = office.reviewed(office.submitted())
    decisions.propose_decision(_access(office.clerk, application))
    _away(office.clerk, other_senior)
    row = Waiting.objects.get(kind=WaitKind.SIGNATURE, ended_at=None)
    assert other_senior not in list_people_able(row)
    assert not list_queue(_fresh(other_senior), PUDONG, today(), WaitKind.SIGNATURE)
    assert row not in list_rows_for_user(_fresh(other_senior), today())
    with pytest.raises(NotAllowed, match="Another person signs"):
        decisions.countersign_decision(_access(other_senior, application))
    _away(office.senior, other_senior)
    assert other_senior in list_people_able(row)
    decisions.countersign_decision(_access(other_senior, application))
    assert _last_entry("case.decided").on_behalf_of == f"user:{office.senior.pk}"


def test_the_case_of_the_absent_ones_employer_is_not_the_substitutes(office: Office) -> None:
    neighbour = staff("neighbour", "clerk", district="huangpu")
    application = office.submitted()
    _away(office.clerk, neighbour)
    assert _access(neighbour, application)
    Membership.objects.create(unit=office.unit, user=office.clerk, role="operator")
    with pytest.raises(NoSuchCase):
        _access(neighbour, application)
    assert not list_rows_for_user(_fresh(neighbour), today()).exists()


def test_who_may_not_stand_in_is_refused_in_words(office: Office) -> None:
    tax = staff("tax", "reviewer", department="tax")
    elsewhere = staff("elsewhere", "clerk", city="chengdu")
    for user, substitute in (
        (office.clerk, office.clerk),
        (office.clerk, tax),
        (office.clerk, elsewhere),
        (office.clerk, office.person_user),
        (office.senior, office.clerk),
        (office.supervisor, office.clerk2),
        (office.police, tax),
    ):
        with pytest.raises(CaseFault) as caught:
            _away(user, substitute, office.supervisor)
        assert caught.value.code == "JF-K110"
        assert "此人不能代办这一岗位" in caught.value.words.zh
        assert "This person cannot stand in for this role" in caught.value.words.en
    assert not Absence.objects.exists(), "refused whole"
    _away(office.clerk2)
    with pytest.raises(CaseFault) as caught:
        _away(office.clerk, office.clerk2)
    assert caught.value.code == "JF-K111"
    assert "此人在这段时间内也不在岗" in caught.value.words.zh
    assert "is away on some of these days too" in caught.value.words.en
    admin = staff("boss", "city_admin")
    with pytest.raises(CaseFault) as caught:
        _away(admin, office.supervisor)
    assert caught.value.code == "JF-K112"
    assert "没有可以代办的岗位" in caught.value.words.zh
    assert "There is no role to stand in for" in caught.value.words.en
    assert not StandIn.objects.exists()


def test_whoever_is_away_stands_in_for_nobody(office: Office) -> None:
    _away(office.clerk, office.clerk2)
    _away(office.clerk2)
    assert StandIn.objects.get().ended_at is not None
    entry = _last_entry("desk.stands_in_no_more")
    assert (entry.subject, entry.on_behalf_of) == (
        f"user:{office.clerk2.pk}",
        f"user:{office.clerk.pk}",
    )


def test_each_role_has_a_substitute_of_its_own(office: Office) -> None:
    StaffRole.objects.create(
        user=office.senior, role=Role.CLERK, city="shanghai", district="huangpu", since=today()
    )
    absence = _away(office.senior)
    signing, clerking = StaffRole.objects.filter(user=office.senior).order_by("id")
    away.name_substitute(office.senior, absence, signing.pk, office.senior2)
    away.name_substitute(office.senior, absence, clerking.pk, office.clerk)
    assert {p.role for p in list_posts(_fresh(office.clerk)) if p.instead_of} == {"clerk"}
    away.name_substitute(office.senior, absence, clerking.pk, office.clerk2)
    assert not [post for post in list_posts(_fresh(office.clerk)) if post.instead_of]
    away.name_substitute(office.senior, absence, clerking.pk, None)
    assert [row.post for row in StandIn.objects.filter(ended_at=None)] == [signing]
    entry = _last_entry("desk.stands_in")
    assert entry.details["role"] == "clerk"
    foreign = StaffRole.objects.get(user=office.clerk)
    with pytest.raises(CaseFault):
        away.name_substitute(office.senior, absence, foreign.pk, office.clerk2)


def test_the_database_keeps_one_substitute_of_a_role(office: Office) -> None:
    post = StaffRole.objects.get(user=office.clerk)
    fields = {"post": post, "since": today(), "until": today(), "entered_by": office.clerk}
    StandIn.objects.create(substitute=office.clerk2, **fields)
    with pytest.raises(IntegrityError), transaction.atomic():
        StandIn.objects.create(substitute=office.senior, **fields)


def test_the_page_enters_changes_and_ends_it(office: Office) -> None:
    client = Client()
    client.force_login(office.clerk)
    form = {"since": str(today()), "until": str(today() + WEEK)}
    refused = client.post("/desk/absence", form | {"substitute": office.police.pk})
    assert refused.status_code == 422
    assert "此人不能代办这一岗位" in refused.content.decode()
    client.post("/desk/absence", form | {"substitute": office.clerk2.pk})
    page = client.get("/desk/").content.decode()
    assert f'<option value="{office.clerk2.pk}" selected>clerk2</option>' in page
    colleague = Client()
    colleague.force_login(office.clerk2)
    assert "您代办 clerk 的工作（受理员）" in colleague.get("/desk/").content.decode()
    post = StaffRole.objects.get(user=office.clerk)
    cover = {"act": "cover", "post": post.pk, "to": office.clerk.pk}
    foreign = colleague.post("/desk/absence", cover | {"substitute": office.senior.pk})
    assert foreign.status_code == 404, "only oneself and whoever leads"
    lead = Client()
    lead.force_login(office.supervisor)
    refused = lead.post("/desk/absence", cover | {"substitute": office.police.pk})
    assert refused.status_code == 422
    lead.post("/desk/absence", cover | {"substitute": office.senior.pk})
    assert StandIn.objects.get(ended_at=None).substitute == office.senior
    lead.post("/desk/absence", cover | {"substitute": ""})
    assert not StandIn.objects.filter(ended_at=None).exists()
    lead.post("/desk/absence", {"act": "back", "to": office.clerk.pk})
    assert not Absence.objects.filter(ended_at=None).exists()
