"""Sessions are ended by whoever shows again who they are."""

import pytest
from allauth.usersessions.models import UserSession
from django.test import Client

from tests.world.office import user

pytestmark = pytest.mark.django_db


def _sign_in(browser: Client) -> None:
    browser.post("/account/login/", {"login": "somebody", "password": "correct horse battery"})


def test_the_password_is_asked_for_before_sessions_end() -> None:
    owner = user("somebody")
    owner.set_password("correct horse battery")
    owner.save()
    here, there = Client(), Client()
    _sign_in(here)
    _sign_in(there)
    assert here.get("/account/sessions/").status_code == 200
    answer = here.post("/account/sessions/")
    assert answer.status_code == 302
    assert answer.headers["Location"].startswith("/account/reauthenticate/")
    assert UserSession.objects.filter(user=owner).count() == 2, "nothing is ended yet"
    page = here.get(answer.headers["Location"]).content.decode()
    assert 'type="password"' in page
    assert 'lang="zh' in page
    assert here.post(answer.headers["Location"], {"password": "wrong"}).status_code == 200
    assert there.get("/my/").status_code == 200
    here.post(answer.headers["Location"], {"password": "correct horse battery"}, follow=True)
    assert there.get("/my/").status_code == 302
    assert here.get("/my/").status_code == 200
