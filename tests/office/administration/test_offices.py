"""Offices: written by the administrator of the city, read by everybody."""

import pytest
from django.db import IntegrityError, transaction
from django.test import Client

from jifen.office.accounts.models import User
from jifen.office.administration.models import OfficeCard
from jifen.office.administration.offices import find_office, list_offices, write_office
from jifen.office.audit.models import Entry
from tests.world.faults import refused
from tests.world.office import Office, staff

pytestmark = pytest.mark.django_db
CARD = {
    "name": "浦东新区人才服务中心",
    "name_en": "Pudong Talent Service Centre",
    "address": "锦安东路 475 号",
    "phone": "021-12345678",
    "hours": "周一至周五 9:00–17:00",
}


def test_a_card_is_written_and_the_one_before_stays(city_admin: User) -> None:
    write_office(city_admin, "shanghai", "pudong", CARD)
    write_office(city_admin, "shanghai", "pudong", CARD | {"phone": "021-87654321"})
    (card,) = list_offices("shanghai")
    assert card.phone == "021-87654321"
    old = OfficeCard.objects.get(ended_at__isnull=False)
    assert old.phone == "021-12345678"
    first, second = Entry.objects.filter(act="office.written").order_by("number")
    assert set(first.details["changed"]) > set(second.details["changed"]) == {"phone"}


def test_the_same_words_again_change_nothing(city_admin: User) -> None:
    assert write_office(city_admin, "shanghai", "", CARD)
    assert write_office(city_admin, "shanghai", "", CARD | {"name": f" {CARD['name']} "}) is None
    assert OfficeCard.objects.count() == 1


def test_a_district_without_a_card_has_that_of_the_city(city_admin: User) -> None:
    assert find_office("shanghai", "xuhui") is None
    whole = write_office(city_admin, "shanghai", "", CARD)
    own = write_office(city_admin, "shanghai", "pudong", CARD | {"name": "浦东"})
    assert find_office("shanghai", "xuhui") == whole
    assert find_office("shanghai", "pudong") == own
    assert find_office("chengdu", "wuhou") is None


@pytest.mark.parametrize(
    ("change", "code", "zh", "en", "place"),
    [
        ({"name": " "}, "JF-O015", "请填写名称。", "Name is empty: write it.", "name"),
        (
            {"name": "名" * 81},
            "JF-O015",
            "名称有 81 字，最多 80 字，请缩短。",
            "Name has 81 letters; at most 80 fit. Shorten it.",
            "name",
        ),
        (
            {"phone": "请登录网站"},
            "JF-O016",
            "电话只含数字和 + - ( ) / 等符号，至少 5 位，例如 021-12345678。",
            "A telephone number has digits and + - ( ) / only, at least 5 of them, such as "
            "021-12345678.",
            "phone",
        ),
    ],
)
def test_what_is_wrong_is_said_at_its_field(
    city_admin: User, change: dict[str, str], code: str, zh: str, en: str, place: str
) -> None:
    with refused(code, zh, en, place):
        write_office(city_admin, "shanghai", "pudong", CARD | change)
    assert not OfficeCard.objects.exists()


def test_districts_and_cities_of_others_are_refused(city_admin: User) -> None:
    with refused(
        "JF-O014",
        "本市没有这个区，请从列出的区中选择。",
        "The city has no such district: choose one of those listed.",
        "district",
    ):
        write_office(city_admin, "shanghai", "wuhou", CARD)
    with refused(
        "JF-O013",
        "您不是本市的市级管理员，请由本市的市级管理员办理。",
        "Not an administrator of this city: ask one who is.",
    ):
        write_office(city_admin, "chengdu", "wuhou", CARD)


def test_the_database_keeps_one_card_of_an_office(city_admin: User) -> None:
    card = write_office(city_admin, "shanghai", "", CARD)
    assert card is not None
    card.pk = None
    with pytest.raises(IntegrityError), transaction.atomic():
        card.save(force_insert=True)


def test_the_administrator_writes_and_everybody_reads(browser: Client) -> None:
    assert "未填写" in browser.get("/administration/offices").content.decode()
    assert "还没有在这里公布" in Client().get("/shanghai/offices/").content.decode()
    sent = CARD | {"city": "shanghai", "district": "pudong"}
    answer = browser.post("/administration/offices", sent, follow=True)
    assert "已保存" in answer.content.decode()
    public = Client().get("/shanghai/offices/")
    assert all(text in public.content.decode() for text in (CARD["name"], CARD["phone"]))
    english = Client().get("/shanghai/offices/?lang=en").content.decode()
    assert "Pudong Talent Service Centre" in english
    assert "锦安东路" in english
    assert CARD["name"] not in Client().get("/chengdu/offices/").content.decode()


def test_nothing_typed_is_lost(browser: Client) -> None:
    sent = CARD | {"city": "shanghai", "district": "", "phone": "-"}
    answer = browser.post("/administration/offices", sent)
    assert answer.status_code == 422
    shown = answer.content.decode()
    assert CARD["address"] in shown
    assert "至少 5 位" in shown
    assert browser.get("/administration/offices?city=chengdu").status_code == 404


def test_the_page_of_a_case_names_its_office(city_admin: User) -> None:
    write_office(city_admin, "shanghai", "pudong", CARD)
    office = Office()
    case = office.submitted()
    client = Client()
    client.force_login(office.operator)
    assert CARD["phone"] in client.get(f"/cases/{case.key}").content.decode()


def test_a_city_that_does_not_exist_has_no_offices() -> None:
    assert Client().get("/atlantis/offices/").status_code == 404


def test_a_clerk_writes_no_office(city_admin: User) -> None:
    del city_admin
    client = Client()
    client.force_login(staff("clerk", "clerk"))
    assert client.post("/administration/offices", CARD).status_code == 404
