"""What is read by those who name a person, or link themselves to one."""

import pytest

from jifen.office.audit.models import Entry
from jifen.office.registry.actions.people import find_or_add_person
from jifen.office.registry.models import Person
from tests.world.faults import refused
from tests.world.office import identity, person, user

pytestmark = pytest.mark.django_db


def test_a_person_is_added_once_and_found_by_number_and_name() -> None:
    by = user("hr")
    added = find_or_add_person(by, f" {identity(5).lower()} ", " 李雷 ", "13800000000")
    assert (added.name, added.identity, added.phone) == ("李雷", identity(5), "13800000000")
    assert find_or_add_person(by, identity(5), "李雷") == added
    assert Entry.objects.filter(act="person.added").count() == 1


def test_a_person_has_a_name() -> None:
    with refused("JF-G020", "请填写证件上的姓名。", "Give the name on the card.", "name"):
        find_or_add_person(user("hr"), identity(5), " ")
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
        find_or_add_person(user("hr"), identity(5), "韩梅梅")
