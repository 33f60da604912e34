"""Four eyes on a renewal: what changed nothing nobody signs; what a clerk found, another does."""

from datetime import date
from typing import Any

import pytest

from jifen.office.accounts.models import StaffRole, User
from jifen.office.casework.access import access_case
from jifen.office.casework.actions import decisions, post_decision, registers, review
from jifen.office.casework.faults import NotAllowed
from jifen.office.casework.models import Decision
from jifen.office.casework.renewal import creation
from jifen.office.registry.actions import automatic_endorsement
from tests.world.office import finding
from tests.world.year import END, ENDORSED, RENEWED, City, renewal, set_day

pytestmark = pytest.mark.django_db


def _also(user: User, role: str) -> User:
    """The same user with another role in Pudong."""
    StaffRole.objects.create(
        user=user, role=role, city="shanghai", district="pudong", since=date(2020, 1, 1)
    )
    return User.objects.get(pk=user.pk)


def _renewed(city: City, **facts: Any) -> None:
    city.first(**facts)
    automatic_endorsement.endorse_due_permits(ENDORSED)
    creation.renew_due_points(RENEWED)
    registers.ask_due_registers()


def test_whoever_found_a_fact_of_a_renewal_does_not_sign_it(city: City) -> None:
    _renewed(city, public_service_months=61)
    both = _also(city.clerk2, "senior_clerk")
    review.record_finding(
        access_case(both, renewal().key, "find"), finding("public_service_months", {})
    )
    decisions.propose_decision(access_case(city.clerk, renewal().key))
    with pytest.raises(NotAllowed, match="Another person signs"):
        decisions.countersign_decision(access_case(both, renewal().key))
    decisions.countersign_decision(access_case(city.senior, renewal().key))
    decision = Decision.objects.get(application=renewal())
    assert (decision.proposed_by, decision.signed_by, decision.automatic) == (
        city.clerk,
        city.senior,
        False,
    )


def test_a_renewal_without_any_change_is_nobodys_decision(city: City) -> None:
    _renewed(city)
    decision = Decision.objects.get(application=renewal())
    assert (decision.proposed_by, decision.signed_by, decision.automatic) == (None, None, True)
    assert renewal().clock_from is None
    assert renewal().due_on is None


def test_whoever_changes_such_a_renewal_on_recheck_does_not_sign_it(
    city: City, monkeypatch: pytest.MonkeyPatch
) -> None:
    _renewed(city)
    set_day(monkeypatch, END)
    reasons = [{"line": "education", "words": "已取得硕士"}]
    post_decision.ask_recheck(access_case(city.person_user, renewal().key), reasons)
    decider = access_case(city.senior2, renewal().key)
    recheck = post_decision.decide_recheck(decider, "属实", {"education": "master"})
    assert recheck.state == "changed"
    assert renewal().state == "countersign"
    with pytest.raises(NotAllowed, match="Another person signs") as caught:
        decisions.countersign_decision(access_case(city.senior2, renewal().key))
    assert caught.value.code == "JF-K051"
    decisions.countersign_decision(access_case(city.supervisor, renewal().key))
    assert Decision.objects.get(application=renewal(), void_at=None).signed_by == city.supervisor
