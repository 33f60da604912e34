"""What is read at a window, or on the page of a permit, when an act cannot be done."""

from collections.abc import Mapping
from datetime import date

import pytest
from django.test import Client

from jifen.office.accounts.models import User
from jifen.office.registry.actions import permits
from jifen.office.registry.models import Permit
from tests.world.faults import refused
from tests.world.office import staff
from tests.world.permits import END, OWN, permit

pytestmark = pytest.mark.django_db
ON = date(2025, 1, 10)


@pytest.fixture
def clerk(db: None) -> User:
    """At a window in Pudong."""
    del db
    return staff("clerk", "clerk", district="pudong")


def test_a_person_has_one_permit_of_a_city() -> None:
    first = permit()
    with refused(
        "JF-G040",
        "此人在本市已有居住证，不能再签发。请在原居住证上办理。",
        "This person has a permit of the city already: no other is issued. Go on with that one.",
    ):
        permits.issue_permit(
            None,
            first.person,
            "shanghai",
            OWN,
            registered_on=date(2023, 1, 1),
            ground="stable_job",
            on=ON,
        )
    assert Permit.objects.get().valid_until == END


def test_nothing_is_done_with_a_cancelled_permit(clerk: User) -> None:
    row = permits.cancel_permit(clerk, permit(), ON, "离开本市")
    with refused(
        "JF-G042",
        "居住证已注销，不能再办理。需要时请重新申领。",
        "The permit is cancelled: nothing more is done with it. Apply for a new one where needed.",
    ):
        permits.replace_permit(clerk, row, ON, "遗失")
    assert row.events.count() == 2


def test_a_permit_is_cancelled_for_a_reason(clerk: User) -> None:
    with refused("JF-G043", "请写明注销的原因。", "Say why the permit ends.", "reason"):
        permits.cancel_permit(clerk, permit(), ON, " ")
    assert Permit.objects.get().cancelled_on is None


ADDRESS = {"act": "address", "district": "pudong"}


@pytest.mark.parametrize(
    ("form", "code", "zh", "en"),
    [
        (
            ADDRESS | {"dwelling": "castle"},
            "JF-G044",
            "请选择居住方式。",
            "Choose the dwelling.",
        ),
        (
            ADDRESS | {"dwelling": "registered_rental", "lease_until": "2026-02-30"},
            "JF-G045",
            "请按 2026-10-20 的样子填写日期。",
            "Write the day as 2026-10-20.",
        ),
        (
            {"act": "frame"},
            "JF-G046",
            "请选择要办理的事项。",
            "Choose what is to be done.",
        ),
        (
            ADDRESS | {"dwelling": "own_home", "district": "atlantis"},
            "JF-G048",
            "请选择居住的区。",
            "Choose the district.",
        ),
    ],
    ids=["JF-G044", "JF-G045", "JF-G046", "JF-G048"],
)
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_a_form_at_the_window_is_told_what_it_lacks(
    clerk: User,
    monkeypatch: pytest.MonkeyPatch,
    lang: str,
    form: Mapping[str, str],
    code: str,
    zh: str,
    en: str,
) -> None:
    gate = "jifen.office.accounts.signin.middleware.needs_second_factor"
    monkeypatch.setattr(gate, lambda _: False)
    row, client = permit(), Client()
    client.force_login(clerk)
    page = f"/permits/{row.pk}"
    answer = client.post(
        f"{page}/act?lang={lang}", form, headers={"Referer": f"http://testserver{page}"}
    )
    assert answer.headers["Location"] == page, code
    assert (zh if lang == "zh" else en) in client.get(page).content.decode()
    row.refresh_from_db()
    assert (row.dwelling, row.district, row.events.count()) == ("own_home", "pudong", 1)
