"""What is read by those who name a person, or link themselves to one."""

import pytest
from django.test import Client

from jifen.office.audit.models import Entry
from jifen.office.registry.actions.people import claim_person, person_of
from jifen.office.registry.models import Person
from tests.world.faults import refused
from tests.world.office import identity, person, user

pytestmark = pytest.mark.django_db
NOT_PROVED = (
    "JF-G024",
    "证件号码与姓名不能核实为本人。请核对，或带证件到受理窗口办理绑定。",
    "Number and name could not be verified as yours. Check them, or bring the card to the office.",
    "identity",
)


def test_a_person_is_added_once_and_found_by_number_and_name() -> None:
    by = user("hr")
    added = person_of(by, f" {identity(5).lower()} ", " 李雷 ", "13800000000")
    assert (added.name, added.identity, added.phone) == ("李雷", identity(5), "13800000000")
    assert person_of(by, identity(5), "李雷") == added
    assert Entry.objects.filter(act="person.added").count() == 1


def test_a_person_has_a_name() -> None:
    with refused("JF-G020", "请填写证件上的姓名。", "Give the name on the card.", "name"):
        person_of(user("hr"), identity(5), " ")
    assert not Person.objects.exists()


def test_another_name_for_a_number_is_for_the_office() -> None:
    person(5, "李雷")
    with refused(
        "JF-G021",
        "姓名与此证件号码的登记不一致。请核对证件；如有更名，请先到受理窗口更新。",
        "The name differs from the one on record for this number. Check the card; after a change "
        "of name the office updates it first.",
        "name",
    ):
        person_of(user("hr"), identity(5), "韩梅梅")


def test_somebody_is_linked_once() -> None:
    who = user("who")
    claimed = claim_person(who, identity(5), "李雷")
    assert claimed.user == who
    with refused(
        "JF-G023",
        "已经绑定本人信息，不需要再绑定。如绑定有误，请带证件到受理窗口更正。",
        "You are linked already. If the link is wrong, bring the card to the office.",
    ):
        claim_person(who, identity(6), "韩梅梅")
    assert Person.objects.count() == 1


def test_a_wrong_name_and_somebody_elses_number_are_answered_alike() -> None:
    person(5, "李雷")
    person(6, "韩梅梅", user=user("meimei"))
    for number, name in ((5, "李磊"), (6, "韩梅梅")):
        with refused(*NOT_PROVED):
            claim_person(user(f"who{number}"), identity(number), name)
    assert not Person.objects.filter(user__username__startswith="who").exists()


@pytest.mark.parametrize(("lang", "words"), [("zh", NOT_PROVED[1]), ("en", NOT_PROVED[2])])
def test_the_page_says_so_in_the_language_of_its_reader(lang: str, words: str) -> None:
    person(5, "李雷")
    client = Client()
    client.force_login(user("who"))
    typed = {"identity": identity(5), "name": "李磊"}
    answer = client.post(f"/my/self?lang={lang}", typed, follow=True)
    assert words in answer.content.decode()
    assert identity(5) not in str(list(Entry.objects.values()))
