"""When the line is reached, on the public page: from the answers of the form, storing nothing."""

import re
from datetime import date

import pytest
from django.test import Client

from jifen.office.web.other_cities import elsewhere
from jifen.planning.case import Wishes, build_case
from jifen.policy.fault import PolicyError
from tests.people.answers import FORM
from tests.people.people_with_plans import CHENGDU, SHANGHAI


def _page(visitor: Client, lang: str = "zh", **more: str) -> str:
    response = visitor.post(f"/shanghai/route?lang={lang}", FORM | more)
    assert response.status_code == 200
    text = response.content.decode()
    ids = re.findall(r'\sid="([^"]+)"', text)
    assert len(ids) == len(set(ids)), "an id stands twice"
    return text


def test_the_answers_of_the_form_lead_to_the_years_ahead(visitor: Client) -> None:
    text = _page(visitor, "en")
    assert "2026-09-10 at the earliest" in text
    assert "by waiting alone it is not reached" in text
    assert "Administrative detention" in text
    assert "Intermediate professional title + Contribution base raised to the average wage" in text
    assert '<svg class="chart"' in text
    assert "half a year late: 2026-12-01" in text


def test_moves_can_be_ruled_out_and_changed_and_what_is_typed_stays(visitor: Client) -> None:
    without = {f"without.{i}": "on" for i in ("intermediate", "base_1x", "base_2x", "base_3x")}
    more = {"takes.bachelor": "２４", "cost.bachelor": "12,000", "takes.lingang": "soon"}
    text = _page(visitor, "en", **without, **more, years="5")
    assert "2027-06-01 at the earliest" in text
    assert "12,000 yuan" in text
    assert 'value="soon"' in text
    assert "Expected a number from 0 to 360" in text
    assert re.search(r'name="without.intermediate" value="on" checked', text)


def test_impossible_is_said_with_its_proof(visitor: Client) -> None:
    text = _page(visitor, "en", serious_crime="true")
    assert "Impossible within 10 years." in text
    assert "Never met: Serious criminal record" in text
    assert "<b>in the way: Serious criminal record</b>" in text


def test_somebody_at_the_line_sees_the_risks(visitor: Client) -> None:
    text = _page(visitor, "en", education="doctor", detention_dates="none")
    assert "Contributions stop now" in text
    assert "lost from 2025-07-01 on" in text
    assert "Routes" not in text


def test_missing_answers_leave_it_open(visitor: Client) -> None:
    text = _page(visitor, "en", permit_valid="", award="")
    assert "Undecided while answers are missing; 2025-06-01 at the earliest." in text
    assert "Not answered yet: Holds a valid Shanghai Residence Permit, Award" in text
    assert "Facts are missing to say whether it can be done." in text


def test_faulty_answers_are_named_and_lead_back(visitor: Client) -> None:
    text = _page(visitor, "en", birth_date="2099-01-01")
    assert "Please correct first" in text
    assert "after the day of assessment" in text
    assert 'name="birth_date" value="2099-01-01"' in text


@pytest.mark.parametrize("city", ["shanghai", "chengdu"])
def test_without_answers_one_is_sent_to_the_questions(visitor: Client, city: str) -> None:
    assert visitor.get(f"/{city}/route").headers["Location"] == f"/{city}/"
    assert visitor.post(f"/{city}/route", {}).status_code == 200
    assert visitor.post("/atlantis/route", {}).status_code == 404


def test_the_way_back_brings_every_answer(visitor: Client) -> None:
    text = _page(visitor)
    back = re.search(
        r'<form method="post" action="/shanghai/all/" class="back">(.*?)</form>', text, re.DOTALL
    )
    assert back
    kept = dict(re.findall(r'name="([^"]+)" value="([^"]*)"', back[1]))
    assert kept | {"act": ""} == FORM | {"act": ""}


def test_other_cities_are_looked_at_on_request(visitor: Client) -> None:
    assert "Look at other cities too" in _page(visitor, "en")
    text = _page(visitor, "en", others="on")
    assert re.search(r"<b>Chengdu</b>: .*Undecided while answers are missing", text)
    assert "answers are missing there" in text
    assert "taken as being of each city in turn" in text


def test_what_was_chosen_holds_in_other_cities_and_the_best_route_is_named() -> None:
    facts, on = CHENGDU | SHANGHAI | {"contributions": SHANGHAI["contributions"]}, date(2025, 6, 1)
    (plain,) = [
        one for one in elsewhere(build_case("chengdu", facts, on)) if one.city.id == "shanghai"
    ]
    assert plain.route is not None
    wishes = Wishes(months={"intermediate": 30, "charity": 1})
    readings = {"none": "such"}
    there = elsewhere(build_case("chengdu", facts, on, wishes=wishes))
    (chosen,) = [one for one in there if one.city.id == "shanghai"]
    assert chosen.verdict.on is not None
    assert plain.verdict.on is not None
    assert chosen.verdict.on > plain.verdict.on
    with pytest.raises(PolicyError, match="JF-P025"):
        elsewhere(build_case("chengdu", facts, on, readings=readings))


def test_what_decides_on_the_day_is_asked_on_the_page_and_kept_once(visitor: Client) -> None:
    """Also a question that the form hides, since the score of today does not hang on it."""
    text = _page(visitor, "en", award="")
    assert 'id="deciding"' in text
    assert "Your highest award while working in Shanghai?" in text
    assert len(re.findall(r'name="award"', text)) == len(re.findall(r'id="f-award', text))
    assert "Perhaps sooner, but not certain yet" in text
    answered = _page(visitor, "en", award="none")
    assert 'id="deciding"' not in answered
    assert '<input type="hidden" name="award" value="none">' in answered
