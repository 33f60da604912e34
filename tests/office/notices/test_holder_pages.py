"""The holder's own pages: shares, downloads, the credential."""

import json
import re
from datetime import timedelta
from typing import Any

import pytest
from django.conf import settings as site
from django.test import Client
from django.utils import timezone

from jifen.office.audit.models import Access, Entry
from jifen.office.casework.models import PointsPeriod
from jifen.office.notices import sharing
from jifen.office.notices.actions import printing
from jifen.office.notices.actions.revocation import revoke_for_person
from jifen.office.notices.faults import NoticeFault
from jifen.office.notices.models import Opening, Share
from jifen.statements.credential import find_status, read_credential
from jifen.statements.keys import read_key_list
from tests.world.notice import City, said
from tests.world.office import today


def _share(city: City, **form: Any) -> str:
    address = f"/papers/{city.notice.key}"
    response = city.mine.post(f"{address}/share", {"whom": "某小学", "days": 7} | form)
    assert response.status_code == 302
    (link,) = re.findall(r"http://testserver(/s/[\w-]+)", said(city.mine.get(address)))
    assert "/s/" not in said(city.mine.get(address))  # shown once
    found: str = link
    return found


def test_a_holder_shows_the_points_to_whom_they_choose_and_sees_who_opened_them(
    city: City,
) -> None:
    link = _share(city, shows=["lines", "name"])
    school = Client(REMOTE_ADDR="198.51.100.9")
    door = said(school.get(link))
    assert "王" not in door  # opening an address shows nothing: a programme may have done it
    assert not Opening.objects.exists()
    assert school.post(link, {"who": " "}).status_code == 422
    page = said(school.post(link, {"who": "第一小学 李老师"}))
    for expected in ("王小明", "166", "教育背景", "有效"):
        assert expected in page, expected
    assert "依据" not in page  # no clause of this measure is certain, and a paper states no other
    told = said(city.mine.get(f"/papers/{city.notice.key}"))
    assert "第一小学 李老师" in told
    assert "198.51.0.0/16" in told
    assert Entry.objects.filter(act="notice.opened").count() == 1


def test_only_what_was_chosen_is_shown(city: City) -> None:
    link = _share(city, shows=["total"])
    page = said(Client().post(link, {"who": "某人"}))
    assert "166" in page
    assert "王小明" not in page
    assert "教育背景" not in page
    plain = said(Client().post(_share(city), {"who": "某人"}))
    assert "166" not in plain


def test_a_share_ends_when_it_was_to_end_or_when_its_holder_ends_it(
    city: City, monkeypatch: pytest.MonkeyPatch
) -> None:
    link = _share(city)
    later = timezone.now() + timedelta(days=8)
    with monkeypatch.context() as patch:
        patch.setattr("django.utils.timezone.now", lambda: later)
        assert Client().get(link).status_code == 404
    assert Client().get(link).status_code == 200
    share = Share.objects.get()
    city.mine.post(f"/papers/{city.notice.key}/share/{share.pk}/end")
    assert Client().post(link, {"who": "某人"}).status_code == 404


def test_a_share_without_an_end_or_without_a_name_for_it_is_refused(city: City) -> None:
    user = city.office.person_user
    for days, whom, code in ((0, "x", "JF-T001"), (366, "x", "JF-T001"), (7, " ", "JF-T002")):
        with pytest.raises(NoticeFault) as caught:
            sharing.create_share(user, city.notice, (), days, whom)
        assert caught.value.code == code
    for _ in range(sharing.MOST_SHARES):
        sharing.create_share(user, city.notice, (), 1, "x")
    with pytest.raises(NoticeFault) as caught:
        sharing.create_share(user, city.notice, (), 1, "x")
    assert caught.value.code == "JF-T003"


def test_a_share_takes_no_character_that_a_database_refuses(city: City) -> None:
    link = _share(city, whom="某\x00小学")
    assert Client().post(link, {"who": "\x00"}).status_code == 422
    assert Client().post(link, {"who": "李\x00老师"}).status_code == 200
    assert (Share.objects.get().whom, Opening.objects.get().who) == ("某小学", "李老师")


def test_the_holder_downloads_the_sealed_paper_and_the_look_is_recorded(city: City) -> None:
    response = city.mine.get(f"/papers/{city.notice.key}/paper.pdf")
    assert response.content == printing.read_pdf(city.notice.sheet)
    assert city.notice.number in response.headers["Content-Disposition"]
    assert Access.objects.filter(subject=f"notice:{city.notice.pk}", act="read").exists()


def test_employer_and_clerk_see_the_paper_on_the_case_and_cannot_share_it(
    city: City, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        "jifen.office.accounts.signin.middleware.needs_second_factor", lambda _: False
    )
    key = city.case.key
    for who, address in ((city.office.operator, "cases"), (city.office.clerk, "desk")):
        client = Client()
        client.force_login(who)
        page = said(client.get(f"/{address}/{key}"))
        assert city.notice.number in page
        paper = f"/papers/{city.notice.key}"
        assert client.get(f"{paper}/paper.pdf").status_code == 200
        assert "share" not in said(client.get(paper)).replace("static", "")
        assert client.post(f"{paper}/share", {"whom": "x", "days": 7}).status_code == 404


def test_the_credential_says_line_reached_and_until_when(city: City) -> None:
    response = city.mine.post(f"/papers/{city.notice.key}/credential")
    keys = read_key_list(Client().get("/v/keys.json").content)
    found = read_credential(said(response), keys, timezone.now())
    assert found["line_reached"] is True
    assert found["valid_until"] == str(city.until)
    assert find_status(found) == (f"{site.JIFEN_ADDRESS}/v/revoked.jwt", city.notice.pk)
    assert found["iss"] == site.JIFEN_ADDRESS
    assert found["vct"] == json.loads(Client().get("/v/line-reached").content)["vct"]
    issuer = json.loads(Client().get("/.well-known/jwt-vc-issuer").content)
    assert issuer["issuer"] == found["iss"]


def test_no_credential_comes_from_a_paper_that_does_not_hold(city: City) -> None:
    PointsPeriod.objects.update(ended_on=today())
    revoke_for_person(city.office.person.pk, "shanghai")
    response = city.mine.post(f"/papers/{city.notice.key}/credential")
    assert response.status_code == 302  # told in words on the page it was asked on


def test_the_list_of_documents_is_made_at_once_without_number_and_seal(city: City) -> None:
    response = city.mine.get(f"/cases/{city.case.key}/materials.pdf")
    assert response.content.startswith(b"%PDF")
    assert b"/ByteRange" not in response.content
    (read,) = Access.objects.filter(subject=f"application:{city.case.pk}", act="read")
    assert read.actor == f"user:{city.office.person_user.pk}"
