"""Three administrations that nobody holds together, roles that two people give, and a second factor
that is shown again before."""

import re
import threading
from pathlib import Path

import pytest
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.utils import timezone

import jifen.office
from jifen.office.accounts.actions import decide_proposal, end_role, give_role
from jifen.office.accounts.faults import RoleFault
from jifen.office.accounts.installation import add_administrator
from jifen.office.accounts.models import Role, RoleProposal, StaffRole, User
from jifen.office.accounts.role_grants import (
    ADMINISTRATION,
    SIGNING,
    add_role,
    describe_conflicting_roles,
)
from jifen.office.audit.models import Entry
from tests.world.browser import give_phone, show_factor
from tests.world.faults import refused
from tests.world.office import staff, user

pytestmark = pytest.mark.django_db
TOGETHER = (
    "市级管理员、安全管理员和审计员三者不能由同一人担任。请另选一人，或先终止其现有岗位。",
    "City administrator, security administrator and auditor are three people. Choose somebody "
    "else, or end the role that they hold first.",
)
PAIRS = [(one, other) for one in ADMINISTRATION for other in ADMINISTRATION if one != other]


@pytest.fixture
def security(db: None) -> User:
    """Who gives roles in Shanghai; and somebody without one."""
    del db
    user("somebody")
    return staff("security", "security_admin")


def proposed(security: User, role: str = "supervisor") -> RoleProposal:
    proposal = give_role(security, "somebody", role, "shanghai")
    assert isinstance(proposal, RoleProposal)
    return proposal


# --------------------------------------------------------------------------- three administrations


@pytest.mark.parametrize(("held", "asked"), PAIRS)
def test_nobody_is_proposed_for_a_second_administration(
    security: User, held: str, asked: str
) -> None:
    add_role(User.objects.get(username="somebody"), held, "chengdu")
    with refused("JF-N009", *TOGETHER, "role"):
        give_role(security, "somebody", asked, "shanghai")
    assert not RoleProposal.objects.exists()


def test_a_proposal_does_not_outlive_another_role_that_came_meanwhile(security: User) -> None:
    proposal = proposed(security, "auditor")
    add_role(User.objects.get(username="somebody"), "city_admin", "chengdu")
    with refused("JF-N009", *TOGETHER, "role"):
        decide_proposal(staff("city", "city_admin"), proposal.pk, confirm=True)
    assert not StaffRole.objects.filter(role="auditor").exists()
    assert RoleProposal.objects.get().decided_at is None, "nothing is half decided"


def test_the_same_administration_of_two_cities_and_other_roles_are_no_second_one(
    security: User,
) -> None:
    somebody = User.objects.get(username="somebody")
    with transaction.atomic():
        for role, city in (("auditor", "chengdu"), ("auditor", "shanghai"), ("clerk", "shanghai")):
            add_role(somebody, role, city)
    assert describe_conflicting_roles() == []


def test_a_role_that_ended_stands_in_nobodys_way(security: User) -> None:
    somebody = User.objects.get(username="somebody")
    end_role(security, add_role(somebody, "auditor", "shanghai"))
    add_role(somebody, "city_admin", "shanghai")


def test_who_holds_two_from_before_is_named(security: User) -> None:
    StaffRole.objects.create(user=security, role="auditor", city="chengdu", since="2020-01-01")
    assert describe_conflicting_roles() == [
        "roles: security holds auditor and security_admin; end one of them"
    ]


def test_roles_are_written_in_one_place() -> None:
    folder = Path(jifen.office.__file__).parent
    writing = re.compile(
        r"StaffRole(\.objects)?\.(bulk_)?create\(|StaffRole\(\s*user|get_or_create"
    )
    places = {
        str(path.relative_to(folder))
        for path in folder.rglob("*.py")
        if "migrations" not in path.parts and "StaffRole" in (text := path.read_text())
        if writing.search(text)
    }
    assert places == {"accounts/role_grants.py"}


@pytest.mark.django_db(transaction=True)
def test_two_administrations_given_at_once_are_one() -> None:
    somebody, refusals = user("somebody"), list[str]()
    ready = threading.Barrier(2)

    def give(role: str) -> None:
        ready.wait()
        try:
            with transaction.atomic():
                add_role(somebody, role, "shanghai")
        except RoleFault as fault:
            refusals.append(fault.code)
        finally:
            connection.close()

    threads = [threading.Thread(target=give, args=(role,)) for role in ("auditor", "city_admin")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert refusals == ["JF-N009"]
    assert StaffRole.objects.filter(user=somebody).count() == 1


@pytest.mark.parametrize("role", ADMINISTRATION)
def test_the_command_line_begins_with_one_of_the_three(role: str) -> None:
    add_administrator("first", "shanghai", role=role)
    assert StaffRole.objects.get().role == role
    with pytest.raises(RoleFault, match="JF-N008"):
        add_administrator("first", "shanghai", role=Role.AUDITOR)


# -------------------------------------------------------------------------------------- two people


def test_a_clerk_is_made_by_one_and_who_signs_by_two(security: User) -> None:
    assert isinstance(give_role(security, "somebody", "clerk", "shanghai", "pudong"), StaffRole)
    for role in SIGNING:
        name = f"next {role}"
        user(name)
        assert isinstance(give_role(security, name, role, "shanghai"), RoleProposal)
    assert StaffRole.objects.filter(role__in=SIGNING).exclude(user=security).count() == 0


@pytest.mark.parametrize("confirming", ["city_admin", "security_admin"])
def test_another_administrator_confirms(security: User, confirming: str) -> None:
    proposal = proposed(security)
    other = staff("other", confirming)
    row = decide_proposal(other, proposal.pk, confirm=True)
    assert row is not None
    assert (row.role, row.granted_by, row.confirmed_by) == ("supervisor", security, other)
    entry = Entry.objects.get(act="role.given")
    assert entry.actor == f"user:{other.pk}"
    assert entry.details["proposed_by"] == f"user:{security.pk}"
    with refused(
        "JF-N011",
        "没有这项待确认的授予，可能已由他人办理。请刷新页面。",
        "Nothing waits under this number; somebody else may have decided it. Load the page again.",
    ):
        decide_proposal(other, proposal.pk, confirm=True)


def test_declined_is_not_given_and_may_be_proposed_again(security: User) -> None:
    proposal = proposed(security)
    with refused(
        "JF-N005",
        "此人已有这个岗位，或已在等待确认，没有改动。",
        "They have this role already, or it waits to be confirmed; nothing was changed.",
        "username",
    ):
        proposed(security)
    assert decide_proposal(staff("city", "city_admin"), proposal.pk, confirm=False) is None
    assert not StaffRole.objects.filter(role="supervisor").exists()
    proposed(security)


FOUR_EYES = (
    "须由另一名管理员确认：提出者和本人都不能确认。",
    "Another administrator confirms this: neither who proposed it nor whose role it is.",
)


def test_nobody_confirms_what_they_proposed_or_their_own(security: User) -> None:
    proposal = proposed(security)
    with refused("JF-N010", *FOUR_EYES):
        decide_proposal(security, proposal.pk, confirm=True)
    add_role(User.objects.get(username="somebody"), "city_admin", "shanghai")
    with refused("JF-N010", *FOUR_EYES):
        decide_proposal(User.objects.get(username="somebody"), proposal.pk, confirm=True)
    with pytest.raises(IntegrityError), transaction.atomic():
        RoleProposal.objects.update(decided_by=security, decided_at=timezone.now(), confirmed=True)


@pytest.mark.parametrize(
    ("role", "city"), [("clerk", "shanghai"), ("auditor", "shanghai"), ("city_admin", "chengdu")]
)
def test_others_confirm_nothing(security: User, role: str, city: str) -> None:
    proposal = proposed(security)
    with pytest.raises(RoleFault, match="JF-N007"):
        decide_proposal(staff("other", role, city=city), proposal.pk, confirm=True)


def test_what_somebody_proposed_who_left_is_not_confirmed(security: User) -> None:
    proposal = proposed(security)
    StaffRole.objects.filter(user=security).update(until="2026-01-01", since="2020-01-01")
    with refused(
        "JF-N012",
        "提出者已不是本市的安全管理员，不能确认。请退回，由现任安全管理员重新提出。",
        "Who proposed this is no longer a security administrator of the city. Decline it, and have "
        "one who is propose it again.",
    ):
        decide_proposal(staff("city", "city_admin"), proposal.pk, confirm=True)


def test_a_city_administrator_gives_no_role(security: User) -> None:
    with pytest.raises(RoleFault, match="JF-N007"):
        give_role(staff("city", "city_admin"), "somebody", "clerk", "shanghai", "pudong")


# ---------------------------------------------------------------------------- a fresh second factor


def signed_in(who: User) -> Client:
    give_phone(who)
    client = Client()
    client.force_login(who)
    return client


FORM = {"act": "give", "username": "somebody", "role": "clerk", "city": "shanghai"}
GIVE = FORM | {"district": "pudong"}


@pytest.mark.parametrize(
    ("method", "ago", "given"),
    [("mfa", 0, True), ("mfa", 290, True), ("mfa", 310, False), ("password", 0, False)],
)
def test_a_role_is_given_after_a_second_factor_of_the_last_minutes(
    security: User, method: str, ago: int, given: bool
) -> None:
    client = signed_in(security)
    show_factor(client, security, method, ago)
    answer = client.post("/staff/", GIVE)
    assert StaffRole.objects.filter(role="clerk").exists() == given
    there = "/staff/" if given else "/account/2fa/reauthenticate/?next=%2Fstaff%2F"
    assert answer.headers["Location"] == there


def test_without_one_nothing_is_ended_or_confirmed_either(security: User) -> None:
    proposal, city = proposed(security), staff("city", "city_admin")
    client = signed_in(city)
    client.post("/staff/", {"act": "confirm", "which": proposal.pk})
    assert not StaffRole.objects.filter(role="supervisor").exists()
    assert "须在五分钟内再次验证" in client.get("/staff/").content.decode()
    show_factor(client, city)
    page = client.get("/staff/").content.decode()
    assert "须在五分钟内再次验证" not in page
    assert "待确认的岗位" in page
    client.post("/staff/", {"act": "confirm", "which": proposal.pk})
    assert StaffRole.objects.filter(role="supervisor").exists()


def test_a_city_administrator_sees_no_form_to_give_roles(security: User) -> None:
    page = signed_in(staff("city", "city_admin")).get("/staff/").content.decode()
    assert 'value="give"' not in page
    assert 'value="give"' in signed_in(security).get("/staff/").content.decode()


def test_the_auditor_sees_nothing_of_it(security: User) -> None:
    assert signed_in(staff("auditor", "auditor")).get("/staff/").status_code == 404
