"""The planner over HTTP: facts in, `jifen.route.v1` out, nothing stored."""

from typing import Any

import pytest

from jifen.office.casework.models import Application
from tests.world.office import Office
from tests.world.program import Program

pytestmark = pytest.mark.django_db
ME = {
    "birth_date": "1985-03-14",
    "permit_valid": True,
    "employed_and_insured": True,
    "education": "college",
    "study_mode": "full_time",
    "title": "none",
    "contributions": [{"from": "2021-07", "to": "2025-06", "base": 9000, "status": "paid"}],
    "entrepreneur": False,
    "startup_intermediary": False,
    "shortage_major": False,
    "fresh_graduate": False,
    "average_annual_tax": None,
    "average_local_staff": None,
    "public_service_months": 0,
    "outer_suburb_area": None,
    "award": "none",
    "spouse_local_months": None,
    "false_material_dates": [],
    "detention_dates": ["2021-09-10"],
    "ordinary_crime_dates": [],
    "serious_crime": False,
    "family_planning_breach": False,
}


def _ask(body: dict[str, Any], **headers: str) -> Any:
    return Program(Office()).call("post", "/route", body, **headers)


def test_the_answer_is_that_of_the_command() -> None:
    asked = {"city": "shanghai", "on": "2025-06-01", "facts": ME, "without": ["intermediate"]}
    response = _ask(asked | {"yuan": {"bachelor": 12000}, "months": {"bachelor": 24}})
    assert response.status_code == 200
    found = response.json()
    assert found["schema"] == "jifen.route.v1"
    routes = found["cities"][0]["routes"]
    by_move = {tuple(m["id"] for m in route["moves"]): route for route in routes}
    assert by_move["bachelor",]["reached_on"] == "2027-06-01"
    assert by_move["bachelor",]["cost"] == 12000
    assert by_move["base_3x",]["cost"] is None
    assert Application.objects.count() == 0


@pytest.mark.parametrize(
    ("more", "code", "words"),
    [
        ({"facts": {"education": "masters"}}, "JF-F002", "Did you mean master?"),
        ({"facts": {"eduction": "master"}}, "JF-F001", "education"),
        ({"without": ["bachlor"]}, "JF-H011", "Did you mean bachelor?"),
        ({"months": {"bachelor": 999}}, "JF-H012", "from 0 to 360 months"),
        ({"city": "shanghi"}, "JF-P040", "write 'shanghai'"),
        ({"on": "2001-01-01"}, "JF-A004", "no measure of shanghai is in force on 2001-01-01"),
    ],
)
def test_bad_input_is_a_problem_with_its_code(more: dict[str, Any], code: str, words: str) -> None:
    asked = {"city": "shanghai", "on": "2025-06-01", "facts": {}} | more
    response = _ask(asked, **{"Accept-Language": "en"})
    assert response.status_code == 422
    assert response.json()["code"] == code
    assert words in response.json()["title"]


@pytest.mark.parametrize(
    ("lang", "titles"),
    [
        ("en", ["Did you mean bachelor?", "from 0 to 360 months", "from 0 to 100,000,000 yuan"]),
        ("zh", ["可能想写 bachelor。", "应为0 到 360 个月", "应为0 到 100,000,000 元"]),
    ],
)
def test_every_fault_is_told_at_once_in_the_language_asked_for(
    lang: str, titles: list[str]
) -> None:
    wishes = {"without": ["bachlor"], "months": {"master": 999}, "yuan": {"master": -1}}
    asked = {"city": "shanghai", "on": "2025-06-01", "facts": ME} | wishes
    program = Program(Office())
    said = program.call("post", "/route", asked, **{"Accept-Language": lang}).json()
    assert said["code"] == "JF-H011"
    places = ["without.bachlor", "months.master", "yuan.master"]
    assert [fault["place"] for fault in said["faults"]] == places
    assert all(t in f["title"] for t, f in zip(titles, said["faults"], strict=True))
    facts = {"facts": {"education": "masters", "title": "x"}}
    wrong = program.call("post", "/route", asked | facts).json()
    assert [fault["place"] for fault in wrong["faults"]] == ["education", "title", *places]


def test_several_cities_are_answered_at_once() -> None:
    asked = {"cities": ["chengdu", "shanghai"], "on": "2025-06-01", "facts": ME, "pays": 1}
    program = Program(Office())
    response = program.call("post", "/route", asked)
    assert response.status_code == 200
    found = response.json()
    assert [city["city"] for city in found["cities"]] == ["chengdu", "shanghai"]
    assert found["first"] == "shanghai"
    assert found["order"] == ["shanghai", "chengdu"]
    refused = program.call("post", "/route", asked | {"without": ["bachlor"]})
    assert refused.status_code == 422


def test_a_reading_is_chosen_as_on_the_command_line() -> None:
    asked = {"city": "shanghai", "on": "2025-06-01", "facts": ME}
    program = Program(Office())
    refused = program.call("post", "/route", asked | {"readings": {"none": "such"}})
    assert refused.json()["code"] == "JF-P025"


def test_a_version_is_named_as_on_the_command_line() -> None:
    asked = {"city": "shanghai", "on": "2017-06-01", "facts": {}}
    program = Program(Office())
    versions = [
        program.call("post", "/route", asked | more).json()["cities"][0]["version"]
        for more in ({}, {"version": "2018"})
    ]
    assert versions == ["2015", "2018"]
    none = program.call("post", "/route", asked | {"version": "1999"})
    assert none.status_code == 422
    assert "2018" in none.json()["title"]
