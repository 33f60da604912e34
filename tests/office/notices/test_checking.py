"""Anybody checks a paper by its code, and learns nothing else."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from jifen.office.casework.models import PointsPeriod
from jifen.office.notices import rate_limits
from jifen.office.notices.actions.revocation import revoke_for_person
from jifen.office.notices.rate_limits import EACH
from jifen.statements.codes import format_code
from tests.world.clock import Clock
from tests.world.notice import NOBODYS, City, said
from tests.world.office import today


def test_the_code_tells_what_a_window_needs_and_no_points(city: City) -> None:
    page = said(Client().get(city.url))
    for expected in ("有效", city.notice.number, "王**", "达到标准分值 120 分", "上海市浦东新区"):
        assert expected in page, expected
    assert str(city.until) in page
    for hidden in ("166", "王小明", "310101", "学历", str(city.case.number)):
        assert hidden not in page, hidden
    english = said(Client().get(city.url + "?lang=en"))
    assert "the line of 120 is reached" in english
    elder = said(Client().get(city.url + "?view=elder"))
    assert 'class="elder"' in elder


def test_a_code_typed_by_hand_leads_to_the_paper(city: City) -> None:
    typed = format_code(city.notice.code).lower().replace("0", "o")
    response = Client().get("/v/", {"code": typed})
    assert response.headers["Location"] == city.url
    wrong = city.notice.code[:-1] + ("2" if city.notice.code[-1] != "2" else "3")
    mistyped = Client().get("/v/", {"code": wrong})
    assert mistyped.status_code == 422
    assert "查验码有误" in said(mistyped)


def test_an_expired_a_revoked_and_an_unknown_paper_say_so(
    city: City, monkeypatch: pytest.MonkeyPatch
) -> None:
    unknown = Client().get(f"/v/{NOBODYS[0]}")
    assert unknown.status_code == 404
    assert "查无此件" in said(unknown)
    later = timezone.now() + timedelta(days=201)
    with monkeypatch.context() as patch:
        patch.setattr("django.utils.timezone.now", lambda: later)
        assert "已过期" in said(Client().get(city.url))
    PointsPeriod.objects.update(ended_on=today(), renewed=False)
    assert revoke_for_person(city.office.person.pk, "shanghai") == 1
    page = said(Client().get(city.url))
    assert "已作废" in page
    assert "积分已终止" in page


def test_what_is_not_there_looks_the_same_whatever_was_guessed(city: City) -> None:
    """Nothing to enumerate: numbers and keys open nothing, every unknown code the same page."""
    pages = set()
    for guess in (*NOBODYS[:2], city.notice.number, str(city.notice.key), "1", "000000000000"):
        response = Client().get(f"/v/{guess}")
        assert response.status_code == 404, guess
        page = re.sub(r'\S*hreflang\S*|href="[^"]*"', "", said(response)).replace(
            f"查验码为 {guess} 的", ""
        )
        pages.add(page)
    assert len(pages) == 1


def test_guessing_is_slowed_down_and_a_window_is_not(city: City, clock: Clock) -> None:
    guesser = Client(REMOTE_ADDR="203.0.113.7")
    answers = [guesser.get(f"/v/{code}").status_code for code in NOBODYS[: EACH + 5]]
    assert answers.count(404) == EACH
    assert answers[-1] == 429
    blocked = guesser.get(city.url)
    assert (blocked.status_code, blocked.headers["Retry-After"]) == (429, "60")
    window = Client(REMOTE_ADDR="198.51.100.9")
    assert {window.get(city.url).status_code for _ in range(EACH + 10)} == {200}
    clock.go_on(60)
    assert guesser.get(city.url).status_code == 200


@pytest.mark.usefixtures("clock")
def test_codes_that_exist_are_answered_whatever_all_others_ask(
    city: City, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rate_limits, "ALL", 3)
    for place, code in enumerate(NOBODYS[:4]):
        Client(REMOTE_ADDR=f"203.0.113.{place}").get(f"/v/{code}")
    window = Client(REMOTE_ADDR="198.51.100.9")
    assert window.get(f"/v/{NOBODYS[5]}").status_code == 429
    assert window.get(city.url).status_code == 200


@pytest.mark.usefixtures("clock")
def test_behind_a_proxy_each_visitor_is_counted_alone(city: City, settings: Any) -> None:
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = 1
    proxy = Client(REMOTE_ADDR="10.0.0.1")

    def ask(url: str, visitor: str) -> int:
        said_by = f"198.51.100.77, {visitor}"  # whatever the visitor claims stands before it
        return proxy.get(url, headers={"x-forwarded-for": said_by}).status_code

    answers = [ask(f"/v/{code}", "203.0.113.7") for code in NOBODYS[: EACH + 2]]
    assert answers[-1] == 429
    assert ask(city.url, "203.0.113.8") == 200


@pytest.mark.usefixtures("clock")
def test_a_household_of_many_addresses_is_one_asker(city: City) -> None:
    answers = [
        Client(REMOTE_ADDR=f"2001:db8:1:2::{place:x}").get(f"/v/{code}").status_code
        for place, code in enumerate(NOBODYS[: EACH + 3])
    ]
    assert answers[-1] == 429
    assert Client(REMOTE_ADDR="2001:db8:1:3::1").get(city.url).status_code == 200


def test_the_page_is_kept_by_nobody_and_found_by_no_search_engine(city: City) -> None:
    response = Client().get(city.url)
    assert response.headers["Cache-Control"] == "no-store"
    assert "noindex" in response.headers["X-Robots-Tag"]
    assert not response.cookies
