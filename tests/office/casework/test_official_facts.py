"""What the police say of somebody is not for the employer to type, where a register says it."""

from datetime import date
from typing import Any

import pytest
from django.conf import settings
from django.test import Client

from jifen.office.casework.access import access_case
from jifen.office.casework.actions import drafts, registers, review, submission
from jifen.office.casework.actions.gates import list_open_facts
from jifen.office.casework.case_policy import policy_of
from jifen.office.casework.models import Application, Item
from jifen.office.casework.official_facts import POLICE, list_official_facts
from jifen.office.registry.models import Person
from jifen.office.registry.registers import RegisterAnswer, RegisterDown
from tests.world.faults import refused
from tests.world.office import GOOD, Office, finding, typed

pytestmark = pytest.mark.django_db
PLACE = "tests.office.casework.test_official_facts"
OFFICIAL = {
    "detention_dates",
    "ordinary_crime_dates",
    "serious_crime",
    "false_material_dates",
    "family_planning_breach",
}
OWN = {fact: value for fact, value in GOOD.items() if fact not in OFFICIAL}


class KnowsAll:
    """A register of the police that answers every question."""

    def ask(self, name: str, city: str, person: Person) -> RegisterAnswer:
        return RegisterAnswer(
            {
                "detention_dates": [],
                "ordinary_crime_dates": [],
                "serious_crime": False,
                "false_material_dates": [],
                "family_planning_breach": False,
            },
            date(2026, 11, 1),
        )


class KnowsNobody:
    """One that holds nothing of the person."""

    def ask(self, name: str, city: str, person: Person) -> None:
        return None


class IsAway:
    """One that does not answer."""

    def ask(self, name: str, city: str, person: Person) -> RegisterAnswer:
        raise RegisterDown


@pytest.fixture
def office() -> Office:
    return Office()


@pytest.fixture
def with_register(monkeypatch: pytest.MonkeyPatch) -> Any:
    def configure(name: str = "KnowsAll") -> None:
        monkeypatch.setattr(settings, "JIFEN_REGISTERS", {POLICE: f"{PLACE}.{name}"})

    configure()
    return configure


def _begin(office: Office) -> Any:
    return drafts.open_draft(
        office.operator, "shanghai", office.person, unit=office.unit, district="pudong"
    )


def test_without_a_register_the_form_asks_as_before(office: Office) -> None:
    case = office.draft()
    assert list_official_facts(case.application) == frozenset()
    page = _open_draft(office, case)
    assert 'name="serious_crime"' in page
    assert "由公安部门的登记回答" not in page


def test_the_form_of_an_employer_leaves_out_what_the_police_answer(
    office: Office, with_register: Any
) -> None:
    page = _open_draft(office, _begin(office))
    assert [fact for fact in OFFICIAL if f'name="{fact}' in page] == []
    assert "由公安部门的登记回答，您不用填写：" in page


def _open_draft(office: Office, case: Any) -> str:
    client = Client()
    client.force_login(office.operator)
    return client.get(f"/cases/{case.application.key}/draft").content.decode()


def test_what_an_employer_says_there_is_refused_and_nothing_is_kept(
    office: Office, with_register: Any
) -> None:
    case = _begin(office)
    with refused(
        "JF-K109",
        "“严重刑事犯罪记录”由公安部门的登记回答，用人单位不填写，没有保存。请去掉此项。",
        "'Serious criminal record' is answered by the police register, not by the employer, and "
        "was not saved: leave it out.",
        "serious_crime",
    ):
        drafts.save_draft(case, typed(OWN | {"serious_crime": False}), seen=0)
    assert not Item.objects.exists()


def test_none_of_these_says_nothing_about_what_is_not_shown(
    office: Office, with_register: Any
) -> None:
    case, client = _begin(office), Client()
    client.force_login(office.operator)
    sections = policy_of(case.application).vocabulary.sections
    for section in sections:
        typed_here = {"act": f"none:{section.id}", "seen": "0"}
        client.post(f"/cases/{case.application.key}/draft", typed_here)
    assert Item.objects.exists()
    assert not Item.objects.filter(fact__in=OFFICIAL).exists()


def test_a_person_who_files_alone_answers_for_themselves(
    office: Office, with_register: Any
) -> None:
    application = Application(city="shanghai", unit=None)
    assert list_official_facts(application) == frozenset()


def _file(office: Office) -> Application:
    case = _begin(office)
    drafts.save_draft(case, typed(OWN), seen=0)
    drafts.give_consent(access_case(office.person_user, case.application.key))
    case = office.with_documents(access_case(office.operator, case.application.key))
    return submission.submit_case(case, "key")


def test_a_case_is_filed_without_these_answers_and_the_register_gives_them(
    office: Office, with_register: Any
) -> None:
    application = _file(office)
    registers.ask_due_registers()
    items = {item.fact: item for item in application.items.filter(fact__in=OFFICIAL)}
    sources = {fact: item.source for fact, item in items.items()}
    assert sources == dict.fromkeys(OFFICIAL, "register:police")
    assert all(item.typed is None for item in items.values())


@pytest.mark.parametrize("name", ["KnowsNobody", "IsAway"])
def test_where_the_register_gives_nothing_the_police_say_it_at_their_gate(
    office: Office, with_register: Any, name: str
) -> None:
    with_register(name)
    application = _file(office)
    registers.ask_due_registers()
    waiting = set(list_open_facts(application, "police"))
    assert waiting
    assert waiting <= OFFICIAL
    case = access_case(office.police, application.key, "find")
    nothing = {fact: KnowsAll().ask(POLICE, "", Person()).facts[fact] for fact in waiting}
    review.record_findings(case, [finding(fact, nothing) for fact in sorted(waiting)])
    assert list_open_facts(Application.objects.get(), "police") == []
