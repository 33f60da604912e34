"""A number is the same number at every door of the office, whatever its spelling."""

from collections.abc import Callable
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from jifen.facts.identity import compute_check_character
from jifen.office.casework.event_calendar import list_named_entries
from jifen.office.casework.models import Application
from jifen.office.registry.actions.people import find_or_add_person
from jifen.office.registry.actions.ties import hand_over_code, tie_by_code
from jifen.office.registry.models import Person, RegisterEntry, Unit
from jifen.office.registry.models.people import identity_index
from jifen.office.registry.registers import BUSINESS, CREDIT_CODE, find_business_register
from jifen.office.vault.seal import blind_index
from tests.people.identity_spellings import ODD_SPELLINGS
from tests.world.office import Office, credit_code, person, photo, policy_today, staff, today, user
from tests.world.program import Program
from tests.world.workbooks import filled, someone
from tests.world.year import City

pytestmark = pytest.mark.django_db
Spell = Callable[[str], str]


def ends_in_x() -> str:
    """A valid number whose check character is X."""
    heads = (f"31010119900101{order:03d}" for order in range(1000))
    return next(f"{head}X" for head in heads if compute_check_character(head) == "X")


NUMBER, CODE = ends_in_x(), credit_code(7)
odd = pytest.mark.parametrize("spell", ODD_SPELLINGS.values(), ids=list(ODD_SPELLINGS))


@pytest.fixture(autouse=True)
def _one_factor(monkeypatch: pytest.MonkeyPatch) -> None:
    gate = "jifen.office.accounts.signin.middleware.needs_second_factor"
    monkeypatch.setattr(gate, lambda _: False)


def _as(who: Any) -> Client:
    client = Client()
    client.force_login(who)
    return client


@odd
def test_a_person_is_named_tied_and_found_by_any_spelling(spell: Spell) -> None:
    found = find_or_add_person(user("hr"), NUMBER, "李雷")
    assert (found.identity, found.identity_index) == (NUMBER, identity_index(spell(NUMBER)))
    assert find_or_add_person(user("hr2"), spell(NUMBER), "李雷") == found
    _, code = hand_over_code(staff("clerk", "clerk"), spell(NUMBER), "李雷")
    assert tie_by_code(user("who"), spell(NUMBER), "李雷", code, "198.51.100.7") == found
    assert Person.objects.count() == 1


@odd
def test_a_person_who_comes_first_in_an_odd_spelling_is_stored_in_the_plain_one(
    spell: Spell,
) -> None:
    by = user("hr")
    assert find_or_add_person(by, spell(NUMBER), "李雷").identity == NUMBER
    assert find_or_add_person(by, NUMBER, "李雷") == Person.objects.get()


@odd
def test_the_pages_of_begin_self_window_and_desk_know_it(spell: Spell) -> None:
    city = City()
    who = city.person
    who.identity, who.identity_index = NUMBER, identity_index(NUMBER)
    who.user = None
    who.save()
    window = _as(city.clerk).post("/permits/", {"identity": spell(NUMBER)})
    assert window.headers["Location"] == f"/permits/{city.permit.pk}"
    form = {"unit": city.unit.pk, "identity": spell(NUMBER), "name": who.name}
    _as(city.operator).post("/my/begin/shanghai", form)
    assert Application.objects.get().person == who
    _, code = hand_over_code(city.clerk, spell(NUMBER), who.name)
    sent = {"identity": spell(NUMBER), "name": who.name, "code": code}
    linked = _as(user("holder")).post("/my/self", sent, follow=True)
    assert "已绑定本人信息" in linked.content.decode()


@odd
def test_the_desk_finds_a_case_by_it(spell: Spell) -> None:
    office = Office()
    office.person.identity, office.person.identity_index = NUMBER, identity_index(NUMBER)
    office.person.save()
    filed = office.submitted()
    for text in (spell(NUMBER), spell(str(filed.number))):
        page = _as(office.clerk).post("/desk/", {"q": text}).content.decode()
        assert str(filed.key) in page, text
    assert (
        list_named_entries(city="", district="", unit="", case=spell(str(filed.number)), days=9)
        is not None
    )


@odd
def test_a_program_and_a_workbook_name_somebody_by_it(spell: Spell) -> None:
    office = Office()
    known = person(3, "王小明")
    known.identity, known.identity_index = NUMBER, identity_index(NUMBER)
    known.save()
    body = {"name": known.name, "identity_number": spell(NUMBER), "facts": {}}
    made = Program(office).call("post", "/applications", body)
    assert made.status_code == 201, made.content
    assert Application.objects.get().person == known
    Application.objects.update(withdrawn_at="2026-01-01T00:00:00Z", state="withdrawn")
    row = someone(1) | {"_name": known.name, "_identity": spell(NUMBER)}
    content = filled([row], policy_today(), today())
    file = SimpleUploadedFile("staff.xlsx", content)
    page = _as(office.admin).post(reverse("batch", args=[office.unit.pk]), {"file": file})
    assert "新建草稿 1" in _as(office.admin).get(page.headers["Location"]).content.decode()
    assert Application.objects.filter(person=known).count() == 2


@odd
def test_two_rows_of_one_person_are_told_of_each_other(spell: Spell) -> None:
    from jifen.office.sheets.batch_reader import read_batch

    rows = [someone(1) | {"_identity": NUMBER}, someone(2) | {"_identity": spell(NUMBER)}]
    first, second = read_batch(filled(rows, policy_today(), today()), policy_today(), today()).rows
    for row in (first, second):
        assert "同一人出现在第 3、4 行" in [fault.words.zh for fault in row.faults]


@odd
def test_a_credit_code_is_the_same_at_every_door(spell: Spell) -> None:
    owner = user("owner")
    licence = SimpleUploadedFile("licence.jpg", photo(), "image/jpeg")
    form = {
        "kind": "employer",
        "credit_code": spell(CODE),
        "name": "张江软件",
        "district": "pudong",
        "address": "碧波路 1 号",
        "licence": licence,
    }
    _as(owner).post("/units/new/shanghai", form)
    assert Unit.objects.get().credit_code == CODE
    assert list_named_entries(city="", district="", unit=spell(CODE), case="", days=9) == []
    RegisterEntry.objects.create(
        register=BUSINESS,
        city="shanghai",
        key_index=blind_index(CODE, CREDIT_CODE),
        facts={"name": "张江软件"},
        as_of=today(),
    )
    assert find_business_register().look_up("shanghai", spell(CODE)) == {"name": "张江软件"}
