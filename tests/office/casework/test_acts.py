"""Who may do what, and when: every act, in every state, by every side of a case."""

from collections.abc import Callable
from typing import Any

import pytest
from django.utils import timezone

from jifen.office.accounts.models import StaffRole, User
from jifen.office.audit.models import Entry
from jifen.office.casework.access import CaseAccess, access_case, access_for, visible_to
from jifen.office.casework.actions import (
    corrections,
    decisions,
    drafts,
    expedited_lane,
    hearings,
    materials,
    post_decision,
    review,
    submission,
)
from jifen.office.casework.actions.corrections import RequestedItem
from jifen.office.casework.actions.handover import hand_over_gate
from jifen.office.casework.actions.review import FactFinding
from jifen.office.casework.actions.unit_of_work import act_on_case
from jifen.office.casework.faults import ConcurrentChange, NoSuchCase, NotAllowed
from jifen.office.casework.models import Application, Expedite, FalseRecord, State
from jifen.office.casework.rules import TABLE, acts_for
from jifen.office.registry.actions import members
from jifen.office.registry.models import Membership
from tests.world.office import Office, photo, staff, typed, unit, user

APPLICANT = {"applicant"}
PERSON = {"person"}
BOTH = APPLICANT | PERSON
CLERK = {"clerk"}
REVIEWERS = {"clerk", "reviewer"}
SIGNERS = {"senior_clerk", "supervisor"}
LEAD = {"supervisor"}
SIDES = ("applicant", "person", "clerk", "reviewer", "senior_clerk", "supervisor", "city_admin")
UNDER_WAY = ("review", "deciding", "countersign", "correction")

ALLOWED: dict[str, dict[str, set[str]]] = {
    "edit": {"draft": APPLICANT, "correction": APPLICANT},
    "upload": {"draft": APPLICANT, "correction": APPLICANT},
    "consent": {"draft": PERSON, **dict.fromkeys(UNDER_WAY, PERSON)},
    "submit": {"draft": APPLICANT},
    "resubmit": {"correction": APPLICANT},
    "withdraw": {"draft": APPLICANT, **dict.fromkeys(UNDER_WAY, APPLICANT)},
    "choose_renewal": {"draft": BOTH, "decided": BOTH},
    "take": {"review": REVIEWERS, "deciding": CLERK},
    "find": {"review": REVIEWERS, "deciding": REVIEWERS},
    "ask_correction": {"review": REVIEWERS, "deciding": CLERK},
    "propose": {"deciding": CLERK},
    "countersign": {"countersign": SIGNERS},
    "send_back": {"countersign": SIGNERS},
    "reverse_lapse": {"lapsed": LEAD},
    "ask_expedite": dict.fromkeys(UNDER_WAY, APPLICANT),
    "decide_expedite": dict.fromkeys(UNDER_WAY, LEAD),
    "change_employer": dict.fromkeys(UNDER_WAY, LEAD),
    "hand_over": dict.fromkeys(("review", "deciding", "countersign"), LEAD),
    "ask_recheck": {"decided": BOTH},
    "decide_recheck": {"decided": SIGNERS},
    "find_false": {"decided": CLERK | SIGNERS},
    "deliver_finding": dict.fromkeys(("decided", "revoked"), CLERK | SIGNERS),
    "answer_false": {"decided": PERSON, "revoked": PERSON},
    "take_down_answer": dict.fromkeys(("decided", "revoked"), CLERK | SIGNERS),
    "decide_false": {"decided": SIGNERS, "revoked": SIGNERS},
}
"""By act and state, who may do it; whoever and whenever is not named may not."""
BY_ITSELF = {"answer_register", "lapse"}


def test_the_table_allows_what_stands_here_and_nothing_else() -> None:
    assert {rule.act for rule in TABLE} == set(ALLOWED) | BY_ITSELF
    for state in State:
        for side in SIDES:
            expected = {act for act, states in ALLOWED.items() if side in states.get(state, ())}
            assert acts_for(state, [side]) == expected, (state, side)


def test_what_the_system_does_by_itself_nobody_else_does() -> None:
    for rule in TABLE:
        assert (rule.act in BY_ITSELF) == (rule.sides == ("system",)), rule


def test_whoever_has_two_sides_may_do_what_either_may() -> None:
    assert acts_for("review", ["clerk", "supervisor"]) == acts_for("review", ["clerk"]) | acts_for(
        "review", ["supervisor"]
    )
    assert acts_for("review", []) == frozenset()


class _Cast:
    """One user for each side, and a draft and a filed case of one person each."""

    def __init__(self, office: Office) -> None:
        self.office = office
        self.users: dict[str, User] = {
            "applicant": office.operator,
            "person": office.person_user,
            "clerk": office.clerk,
            "reviewer": office.police,
            "senior_clerk": office.senior,
            "supervisor": office.supervisor,
            "city_admin": staff("cityadmin", "city_admin"),
        }

    def case(self, side: str, application: Application) -> CaseAccess:
        return access_case(self.users[side], application.key)


@pytest.fixture
def cast(db: None) -> _Cast:
    del db
    return _Cast(Office())


def _acts(cast: _Cast) -> dict[str, list[Callable[[CaseAccess], Any]]]:
    """Every action of each act, with what it needs to be refused for nothing but the act."""
    other = unit(2)
    asked = [RequestedItem("fact", "education", "not_matching")]
    line = [{"line": "education", "words": "理由"}]
    image = [("x.jpg", photo("red"))]
    return {
        "edit": [
            lambda c: drafts.save_draft(c, typed({"education": "college"}), 99),
            lambda c: drafts.set_family(c, [{"name": "王", "relation": "child"}]),
        ],
        "upload": [lambda c: materials.upload_files(c, "diploma", image)],
        "consent": [drafts.give_consent],
        "submit": [lambda c: submission.submit_case(c, "another key")],
        "resubmit": [corrections.resubmit_case],
        "withdraw": [post_decision.withdraw_case],
        "choose_renewal": [lambda c: drafts.choose_renewal(c, automatically=True)],
        "take": [
            lambda c: review.take_gate(c, "office"),
            lambda c: review.release_gate(c, "office"),
        ],
        "find": [lambda c: review.record_finding(c, FactFinding("education", "confirmed"))],
        "ask_correction": [lambda c: corrections.ask_correction(c, asked)],
        "propose": [decisions.propose_decision],
        "countersign": [decisions.countersign_decision],
        "send_back": [lambda c: decisions.send_back(c, "理由")],
        "reverse_lapse": [lambda c: corrections.reverse_lapse(c, "理由")],
        "ask_expedite": [lambda c: expedited_lane.ask_expedite(c, "illness", "理由")],
        "decide_expedite": [
            lambda c: expedited_lane.decide_expedite(c, Expedite(pk=1), approve=True, words="理由")
        ],
        "change_employer": [lambda c: post_decision.change_employer(c, other, "理由")],
        "hand_over": [lambda c: hand_over_gate(c, "office", cast.office.clerk2)],
        "ask_recheck": [lambda c: post_decision.ask_recheck(c, line)],
        "decide_recheck": [lambda c: post_decision.decide_recheck(c, "理由")],
        "find_false": [lambda c: post_decision.report_false_material(c, "education", "理由")],
        "deliver_finding": [
            lambda c: hearings.deliver_finding(c, FalseRecord(), timezone.localdate(), "当面")
        ],
        "take_down_answer": [lambda c: hearings.take_down_answer(c, FalseRecord(), "理由")],
        "answer_false": [lambda c: post_decision.answer_false_material(c, FalseRecord(), "理由")],
        "decide_false": [
            lambda c: post_decision.decide_false_material(
                c, FalseRecord(), stands=True, words="理由"
            )
        ],
    }


def _put(application: Application, state: str) -> None:
    Application.objects.filter(pk=application.pk).update(state=state)


@pytest.mark.parametrize("act", ALLOWED)
def test_an_act_is_refused_to_every_other_side_in_every_state(cast: _Cast, act: str) -> None:
    actions = _acts(cast)[act]
    filed = cast.office.submitted()
    entries = Entry.objects.count()
    for state in sorted(set(State) - {State.DRAFT}):
        _put(filed, state)
        for side in SIDES:
            case = cast.case(side, filed)
            if side in ALLOWED[act].get(state, ()):
                assert access_case(case.user, filed.key, act).acts == case.acts
                continue
            for action in actions:
                with pytest.raises(NotAllowed) as caught:
                    action(case)
                assert caught.value.code == "JF-K003", (state, side)
                role = "not for your role" in caught.value.words.en
                assert role == (state in ALLOWED[act]), (state, side)
    left = Application.objects.get(pk=filed.pk)
    assert (left.version, Entry.objects.count()) == (filed.version, entries)


@pytest.mark.parametrize("act", ALLOWED)
def test_of_a_draft_its_people_do_their_own_and_staff_know_nothing(cast: _Cast, act: str) -> None:
    actions = _acts(cast)[act]
    application = cast.office.draft().application
    for side in ("applicant", "person"):
        case = cast.case(side, application)
        if side in ALLOWED[act].get("draft", ()):
            assert act in case.acts
            continue
        for action in actions:
            with pytest.raises(NotAllowed):
                action(case)
    for side in SIDES[2:]:
        with pytest.raises(NoSuchCase):
            cast.case(side, application)


def test_a_refusal_says_whether_it_is_the_role_or_the_moment(cast: _Cast) -> None:
    filed = cast.office.submitted()
    with pytest.raises(NotAllowed) as role:
        access_case(cast.office.senior, filed.key, "find")
    assert role.value.words.zh == "您的身份不能对此案件做这项操作。"
    with pytest.raises(NotAllowed) as moment:
        access_case(cast.office.senior, filed.key, "countersign")
    assert "审核中" in moment.value.words.zh
    assert "Reload to see it" in moment.value.words.en


def test_the_case_is_looked_at_again_when_the_act_is_done(cast: _Cast) -> None:
    filed = cast.office.submitted()
    mine = cast.case("clerk", filed)
    post_decision.withdraw_case(cast.case("applicant", filed))
    with pytest.raises(NotAllowed):
        review.take_gate(mine, "office")


def test_whoever_lost_the_case_meanwhile_acts_in_it_no_more(cast: _Cast) -> None:
    filed = cast.office.submitted()
    mine = cast.case("clerk", filed)
    StaffRole.objects.filter(user=cast.office.clerk).update(until=timezone.localdate())
    mine.user.__dict__.pop("_posts", None)
    with pytest.raises(NoSuchCase):
        review.take_gate(mine, "office")


def test_an_act_on_what_somebody_else_changed_is_not_done(cast: _Cast) -> None:
    filed = cast.office.submitted()
    seen = filed.version
    first, second = cast.case("clerk", filed), access_case(cast.office.clerk2, filed.key)
    review.record_finding(first, FactFinding("education", "confirmed"), version=seen)
    assert Application.objects.get().version == seen + 1
    with pytest.raises(ConcurrentChange, match="Somebody else has just acted"):
        review.record_finding(second, FactFinding("title", "confirmed"), version=seen)
    review.record_finding(second, FactFinding("title", "confirmed"), version=seen + 1)


def _fail(case: CaseAccess) -> None:
    """An act that changes the case and breaks off."""
    with act_on_case(case, "take") as application:
        application.lane = "expedited"
        raise ZeroDivisionError


def test_an_act_that_fails_leaves_nothing(cast: _Cast) -> None:
    filed = cast.office.submitted()
    case = cast.case("clerk", filed)
    with pytest.raises(ZeroDivisionError):
        _fail(case)
    left = Application.objects.get()
    assert (left.lane, left.version) == ("normal", filed.version)


def test_after_an_act_a_case_is_held_as_it_is_then(cast: _Cast) -> None:
    case = cast.case("applicant", cast.office.submitted())
    post_decision.withdraw_case(case)
    assert case.application.state == "withdrawn"
    assert case.acts == frozenset()


# What somebody is to a case


def test_each_side_is_what_its_users_are(cast: _Cast) -> None:
    filed = cast.office.submitted()
    for side in SIDES:
        case = cast.case(side, filed)
        assert (case.sides, case.as_role) == (frozenset({side}), side)
        assert case.is_staff == (side not in ("applicant", "person"))
    assert cast.case("reviewer", filed).departments == frozenset({"police"})
    assert cast.case("clerk", filed).departments == frozenset()


@pytest.mark.parametrize("role", ["auditor", "analyst"])
def test_auditors_and_analysts_see_no_case(cast: _Cast, role: str) -> None:
    filed = cast.office.submitted()
    other = staff(role, role)
    assert access_for(other, filed) is None
    assert not visible_to(other).exists()


@pytest.mark.parametrize(
    ("city", "district", "sees"),
    [
        ("shanghai", "", True),
        ("shanghai", "pudong", True),
        ("shanghai", "xuhui", False),
        ("chengdu", "", False),
        ("chengdu", "pudong", False),
    ],
)
def test_staff_see_the_cases_of_their_office(
    cast: _Cast, city: str, district: str, sees: bool
) -> None:
    filed = cast.office.submitted()
    other = staff("other", "clerk", city, district=district)
    assert (access_for(other, filed) is not None) == sees
    assert visible_to(other).exists() == sees


def test_nobody_handles_a_case_of_their_own_employer_or_their_own(cast: _Cast) -> None:
    filed = cast.office.submitted()
    Membership.objects.create(unit=cast.office.unit, user=cast.office.clerk, role="operator")
    StaffRole.objects.create(
        user=cast.office.person_user, role="clerk", city="shanghai", since=timezone.localdate()
    )
    employed = access_for(User.objects.get(pk=cast.office.clerk.pk), filed)
    assert employed is not None
    assert employed.sides == {"applicant"}
    own = access_for(User.objects.get(pk=cast.office.person_user.pk), filed)
    assert own is not None
    assert own.sides == {"person"}
    with pytest.raises(NotAllowed):
        review.take_gate(own, "office")


def test_an_agency_acts_while_it_has_the_mandate(cast: _Cast) -> None:
    filed = cast.office.submitted()
    agent = user("agent")
    agency = unit(9, agent, kind="agency")
    assert access_for(agent, filed) is None
    Application.objects.filter(pk=filed.pk).update(agency=agency)
    filed.refresh_from_db()
    assert access_for(agent, filed) is None, "named in the case, but without a mandate"
    mandate = members.grant_mandate(cast.office.admin, cast.office.unit, agency)
    case = access_for(agent, filed)
    assert case is not None
    assert case.sides == {"applicant", "agency"}
    assert (case.as_role, case.is_staff) == ("agency", False)
    assert list(visible_to(agent)) == [filed]
    members.end_mandate(cast.office.admin, mandate)
    assert access_for(agent, filed) is None
    assert not visible_to(agent).exists()


def test_a_member_who_left_sees_nothing(cast: _Cast) -> None:
    filed = cast.office.submitted()
    Membership.objects.filter(user=cast.office.operator).update(ended_at=timezone.now())
    left = User.objects.get(pk=cast.office.operator.pk)
    assert access_for(left, filed) is None
    assert not visible_to(left).exists()
