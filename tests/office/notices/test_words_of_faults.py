"""What is read where a paper cannot be shown, a school admitted, a credential made."""

import pytest
from django.test import Client

from jifen.office.audit.models import Entry
from jifen.office.casework.models import PointsPeriod
from jifen.office.notices import checkers, sharing
from jifen.office.notices.actions.revocation import revoke_for_person
from jifen.office.notices.credentials import issue_credential
from jifen.office.notices.models import Checker, Opening
from tests.world.faults import refused
from tests.world.notice import City, said
from tests.world.office import staff, today

WHO = ("请填写您的单位或姓名，持有人会看到。", "Say who you are: the holder will see it.")


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_who_opens_a_share_says_who_they_are(city: City, lang: str) -> None:
    token = sharing.create_share(city.office.person_user, city.notice, ["total"], 7, "某小学")
    door = Client().post(f"/s/{token}?lang={lang}", {"who": " "})
    assert (door.status_code, WHO[lang == "en"] in said(door)) == (422, True), "JF-T004"
    assert "166" not in said(door)
    assert not Opening.objects.exists()


def test_a_school_has_a_name(city: City) -> None:
    lead = staff("lead", "city_admin")
    with refused(
        "JF-T005", "请填写学校或部门名称。", "Give the name of the school or office.", "name"
    ):
        checkers.admit_checker(lead, "shanghai", " ")
    assert not Checker.objects.exists()


NO_CREDENTIAL = (
    "JF-T007",
    "只有达到标准分值、有明确有效期且目前有效的通知书才能生成凭证。",
    "Only a notice that holds now, says that the line is reached and has a last day gives one.",
)


def test_a_revoked_paper_gives_no_credential(city: City) -> None:
    PointsPeriod.objects.update(ended_on=today())
    revoke_for_person(city.office.person.pk, "shanghai")
    city.notice.refresh_from_db()
    with refused(*NO_CREDENTIAL):
        issue_credential(city.office.person_user, city.notice)
    assert not Entry.objects.filter(act="notice.credential").exists()


@pytest.mark.parametrize(("lang", "place"), [("zh", 1), ("en", 2)])
def test_the_page_of_the_paper_says_why_there_is_no_credential(
    city: City, lang: str, place: int
) -> None:
    PointsPeriod.objects.update(ended_on=today())
    revoke_for_person(city.office.person.pk, "shanghai")
    page = f"/papers/{city.notice.key}"
    city.mine.cookies["lang"] = lang
    city.mine.post(f"{page}/credential", headers={"Referer": f"http://testserver{page}"})
    assert NO_CREDENTIAL[place] in said(city.mine.get(page))
