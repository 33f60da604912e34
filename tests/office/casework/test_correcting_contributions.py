"""A clerk sees contributions beside what the register says, and corrects one spell of them."""

import re
from typing import Any

import pytest
from django.test import Client

from jifen.office.accounts.models import User
from jifen.office.casework.actions.registers import ask_due_registers
from jifen.office.casework.models import Application, Item, Review
from jifen.office.registry.models import RegisterEntry
from jifen.office.web.desk.contribution_record import compare_records
from tests.world.office import GOOD, Office, today


def _spell(since: str, until: str, base: str, status: str = "paid") -> dict[str, Any]:
    schemes = ["pension", "medical"]
    return {"from": since, "to": until, "base": base, "status": status, "schemes": schemes}


CLAIMED = [_spell("2016-01", "2019-12", "12000"), _spell("2020-01", "2025-06", "20000")]
REGISTERED = [
    _spell("2016-01", "2019-12", "12000"),
    _spell("2020-01", "2020-03", "20000", "back_paid"),
    _spell("2020-04", "2025-06", "20000"),
]
DERIVED = tuple(name for name in GOOD if name.startswith(("insured_months", "base_")))


pytestmark = pytest.mark.django_db


@pytest.fixture
def office(monkeypatch: pytest.MonkeyPatch) -> Office:
    """Its staff sign in without a second factor."""
    place = "jifen.office.accounts.signin.middleware.needs_second_factor"
    monkeypatch.setattr(place, lambda _: False)
    return Office()


@pytest.fixture
def application(office: Office) -> Application:
    """Contributions were claimed as spells; the register says that three months were back-paid."""
    facts = {name: value for name, value in GOOD.items() if name not in DERIVED}
    RegisterEntry.objects.create(
        register="insurance",
        city="shanghai",
        key_index=office.person.identity_index,
        facts={"contributions": REGISTERED},
        as_of=today(),
    )
    application = office.submitted(facts | {"contributions": CLAIMED})
    ask_due_registers()
    return application


def _signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def _post(office: Office, application: Application, form: dict[str, Any]) -> Any:
    address = f"/desk/{application.key}/facts/contributions"
    return _signed_in(office.clerk).post(address, {"form": "find-contributions"} | form)


def _rows(spells: list[dict[str, Any]]) -> dict[str, Any]:
    columns = {f"spell.{key}": [spell[key] for spell in spells] for key in ("from", "to", "base")}
    return columns | {
        "insurance_as": "spells",
        "spell.status": [spell["status"] for spell in spells],
        "spell.schemes": ["pension+medical" for _ in spells],
        "reason": "register_differs",
        "words": "三个月为补缴",
        "finding": "corrected",
    }


def _contributions(application: Application) -> Item:
    return application.items.get(fact="contributions")


def test_the_page_shows_the_months_in_which_the_register_differs(
    office: Office, application: Application
) -> None:
    page = _signed_in(office.clerk).get(f"/desk/{application.key}").content.decode()
    shown = re.search(r'id="fact-contributions".*?</form></details>', page, re.DOTALL)
    assert shown
    differing = re.search(r'aria-label="不同的月份：.*?</table>', shown[0], re.DOTALL)
    assert differing
    assert "2020-01 至 2020-03" in differing[0]
    assert "20000 · 正常缴纳" in differing[0]
    assert "20000 · 补缴，不计" in differing[0]
    assert differing[0].count("<tr>") == 2, "the head and the one stretch that differs"
    assert "每月为何计入或不计" in shown[0]


def test_a_clerk_corrects_one_spell(office: Office, application: Application) -> None:
    corrected = [CLAIMED[0], _spell("2020-04", "2025-06", "20000")]
    blank = {"from": "", "to": "", "base": "", "status": "paid"}
    answer = _post(office, application, _rows([*corrected, blank]))
    assert answer.status_code == 302
    item = _contributions(application)
    assert item.finding == "corrected"
    assert item.found == [corrected]
    assert item.given == [CLAIMED], "the claim stays beside it"
    review = Review.objects.filter(application=application, fact="contributions").get()
    assert (review.reason, review.words) == ("register_differs", "三个月为补缴")


def test_what_the_register_says_is_taken_over_whole(
    office: Office, application: Application
) -> None:
    form = {"use": "register:insurance", "reason": "register_differs", "words": "按登记"}
    assert _post(office, application, form).status_code == 302
    assert _contributions(application).found == [REGISTERED]


def test_a_register_that_says_nothing_else_cannot_be_taken_over(
    office: Office, application: Application
) -> None:
    form = {"use": "register:tax", "reason": "register_differs", "words": "按登记"}
    answer = _post(office, application, form)
    assert answer.status_code == 422
    assert "没有填写，没有可以认定的值" in answer.content.decode()
    assert _contributions(application).finding == "open"


def test_a_half_filled_spell_is_refused_and_every_row_comes_back(
    office: Office, application: Application
) -> None:
    half = {"from": "2025-07", "to": "", "base": "31415", "status": "paid"}
    answer = _post(office, application, _rows([*CLAIMED, half]))
    page = answer.content.decode()
    assert answer.status_code == 422
    assert 'name="spell.base" value="31415"' in page
    assert 'name="spell.from" value="2025-07"' in page
    assert "三个月为补缴" in page
    assert _contributions(application).finding == "open"


def test_two_records_are_compared_month_by_month() -> None:
    (one,) = compare_records(CLAIMED, REGISTERED, "en")
    assert (one["since"], one["until"]) == ("2020-01", "2020-03")
    (left_out,) = compare_records(CLAIMED, CLAIMED[1:], "en")
    assert left_out["register"] == "no record"
    assert (left_out["since"], left_out["until"]) == ("2016-01", "2019-12")
    assert compare_records(CLAIMED, CLAIMED, "zh") == []
