"""Both sides see what was asked, what came back, old beside new; words are an answer too."""

from typing import Any

import pytest
from django.test import Client

from jifen.office.accounts.models import User
from jifen.office.casework.access import access_case
from jifen.office.casework.actions import corrections, drafts, materials
from jifen.office.casework.actions.corrections import RequestedItem
from jifen.office.casework.models import Application, CorrectionItem
from tests.world.office import Office, photo, typed

pytestmark = pytest.mark.django_db
EDUCATION = RequestedItem("fact", "education", "not_matching", "与学信网不一致")
DIPLOMA = RequestedItem("material", "diploma", "unreadable", "第二页看不清")


@pytest.fixture
def office(monkeypatch: pytest.MonkeyPatch) -> Office:
    """Its staff sign in without a second factor."""
    place = "jifen.office.accounts.signin.middleware.needs_second_factor"
    monkeypatch.setattr(place, lambda _: False)
    return Office()


def _case(who: User, application: Application) -> Any:
    return access_case(User.objects.get(pk=who.pk), application.key)


def _asked(office: Office, *items: RequestedItem) -> Application:
    application = office.submitted()
    corrections.ask_correction(_case(office.clerk, application), list(items), "请尽快")
    return application


def _page(user: User, address: str) -> str:
    client = Client()
    client.force_login(user)
    return client.get(address).content.decode()


def _post(user: User, address: str, form: dict[str, Any]) -> Any:
    client = Client()
    client.force_login(user)
    return client.post(address, form)


def test_the_applicant_reads_the_clerks_words_and_is_led_to_the_item(office: Office) -> None:
    application = _asked(office, EDUCATION, DIPLOMA)
    page = _page(office.operator, f"/cases/{application.key}")
    asked = page.split('id="correction"')[1].split("</section>")[0]
    for words in ("请尽快", "与学信网不一致", "第二页看不清"):
        assert words in asked
    draft = f"/cases/{application.key}/draft"
    assert f'href="{draft}#q-education"' in asked
    assert 'id="q-education"' in _page(office.operator, draft)
    assert 'href="#m-diploma"' in asked
    assert 'id="m-diploma"' in page


def test_old_and_new_value_and_paper_stand_side_by_side_on_both_sides(office: Office) -> None:
    application = _asked(office, EDUCATION, DIPLOMA)
    operator = _case(office.operator, application)
    drafts.save_draft(operator, typed({"education": "bachelor"}), seen=99)
    materials.upload_files(operator, "diploma", [("second-page.jpg", photo("red"))])
    corrections.resubmit_case(_case(office.operator, application))
    for who, address in ((office.clerk, "desk"), (office.operator, "cases")):
        page = _page(who, f"/{address}/{application.key}")
        shown = page.split('id="corrections"')[1].split("</details>")[0]
        assert "<del>大学本科学历和学士学位</del>" in shown
        assert "<ins>大学本科学历（无学位）</ins>" in shown
        assert "diploma.jpg" in shown, "the paper of before"
        assert "second-page.jpg" in shown
        assert ("clerk" in shown) == (who == office.clerk), "applicants see no names"


def test_a_later_edit_changes_nothing_of_what_came_back(office: Office) -> None:
    application = _asked(office, EDUCATION)
    operator = _case(office.operator, application)
    drafts.save_draft(operator, typed({"education": "bachelor"}), seen=99)
    corrections.resubmit_case(_case(office.operator, application))
    item = CorrectionItem.objects.get()
    assert (item.before, item.after) == (["bachelor_with_degree"], ["bachelor"])


def test_words_are_an_answer_and_use_no_second_question(office: Office) -> None:
    application = _asked(office, EDUCATION)
    number = CorrectionItem.objects.get().pk
    address = f"/cases/{application.key}/resubmit"
    _post(office.operator, address, {f"answer.{number}": "学信网已更正", "act": "save"})
    application.refresh_from_db()
    assert application.state == "correction", "saved, not sent"
    assert "学信网已更正</textarea>" in _page(office.operator, f"/cases/{application.key}")
    _post(office.operator, address, {f"answer.{number}": "学信网已更正"})
    application.refresh_from_db()
    assert application.state == "review"
    assert "学信网已更正" in _page(office.clerk, f"/desk/{application.key}")
    _post(office.operator, address, {f"answer.{number}": "再改"})
    assert CorrectionItem.objects.get().answer == "学信网已更正", "what was sent stays"


def test_an_answer_to_another_case_changes_nothing(office: Office) -> None:
    application = _asked(office, EDUCATION)
    number = CorrectionItem.objects.get().pk
    corrections.answer_items(_case(office.operator, application), {number + 1: "x"})
    assert CorrectionItem.objects.get().answer == ""
