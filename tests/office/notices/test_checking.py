"""Anybody checks a paper: by its code, by a share, in a batch; and learns nothing else."""

import json
import re
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    PublicFormat,
    load_pem_private_key,
)
from django.conf import settings as site
from django.core.cache import cache
from django.core.exceptions import ImproperlyConfigured
from django.test import Client
from django.utils import timezone

from jifen.office.audit.models import Entry
from jifen.office.casework.models import PointsPeriod
from jifen.office.notices import checkers, sharing
from jifen.office.notices.actions import follow, printing
from jifen.office.notices.actions.revoke import revoke_of
from jifen.office.notices.faults import NoticeFault
from jifen.office.notices.keyfile import key_file, new_key_file
from jifen.office.notices.keys import notice_keys
from jifen.office.notices.limits import EACH
from jifen.office.notices.models import LookUp, Notice, Opening, Share
from jifen.office.notices.published import revoked_on
from jifen.statements import check
from jifen.statements.codes import code_from, shown
from jifen.statements.credential import read_credential
from jifen.statements.keys import read_key_list
from jifen.statements.revoked import read_revoked
from tests.office.city import Office, staff, today

NOBODYS = [code_from([n % 32, n // 32, *[7] * 9]) for n in range(60)]


class City:
    """A person with a notice that holds for 200 days."""

    def __init__(self) -> None:
        cache.clear()
        self.office = Office()
        self.case = self.office.decided(self.office.submitted())
        self.until = today() + timedelta(days=200)
        PointsPeriod.objects.update(until=self.until)
        follow.follow_cases()
        printing.print_due()
        self.notice = Notice.objects.get(kind="notice")
        self.url = f"/v/{self.notice.code}"
        self.mine = Client()
        self.mine.force_login(self.office.person_user)


@pytest.fixture
def city(db: None) -> Iterator[City]:
    del db
    yield City()
    cache.clear()


def said(response: Any) -> str:
    text: str = response.content.decode()
    return text


def test_the_code_tells_what_a_window_needs_and_no_points(city: City) -> None:
    page = said(Client().get(city.url))
    for expected in ("有效", city.notice.number, "王**", "达到标准分值 120 分", "上海市浦东新区"):
        assert expected in page, expected
    assert str(city.until) in page
    for hidden in ("166", "王小明", "310101", "学历", str(city.case.number)):
        assert hidden not in page, hidden
    english = said(Client().get(city.url + "?lang=en"))
    assert "120 reached" in english
    elder = said(Client().get(city.url + "?view=elder"))
    assert 'class="elder"' in elder


def test_a_code_typed_by_hand_leads_to_the_paper(city: City) -> None:
    typed = shown(city.notice.code).lower().replace("0", "o")
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
    assert revoke_of(city.office.person.pk, "shanghai") == 1
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


def test_guessing_is_slowed_down_and_a_window_is_not(city: City) -> None:
    guesser = Client(REMOTE_ADDR="203.0.113.7")
    answers = [guesser.get(f"/v/{code}").status_code for code in NOBODYS[: EACH + 5]]
    assert answers.count(404) == EACH
    assert answers[-1] == 429
    blocked = guesser.get(city.url)
    assert (blocked.status_code, blocked.headers["Retry-After"]) == (429, "60")
    window = Client(REMOTE_ADDR="198.51.100.9")
    assert {window.get(city.url).status_code for _ in range(EACH + 10)} == {200}


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


# --------------------------------------------------------------------- shared by the holder


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
    for expected in ("王小明", "166", "教育背景", "第六条", "有效"):
        assert expected in page, expected
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
            sharing.share(user, city.notice, (), days, whom)
        assert caught.value.code == code
    for _ in range(sharing.MOST):
        sharing.share(user, city.notice, (), 1, "x")
    with pytest.raises(NoticeFault) as caught:
        sharing.share(user, city.notice, (), 1, "x")
    assert caught.value.code == "JF-T003"


# ---------------------------------------------------------------------------------- the own pages


def test_the_holder_downloads_the_sealed_paper_and_the_look_is_recorded(city: City) -> None:
    response = city.mine.get(f"/papers/{city.notice.key}/paper.pdf")
    assert response.content == printing.pdf_of(city.notice.sheet)
    assert city.notice.number in response.headers["Content-Disposition"]
    assert Entry.objects.filter(subject=f"notice:{city.notice.pk}", act="read").exists()


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
    found = read_credential(said(response), keys)
    assert found["line_reached"] is True
    assert found["valid_until"] == str(city.until)
    assert found["iss"] == site.JIFEN_ADDRESS
    assert found["vct"] == json.loads(Client().get("/v/line-reached").content)["vct"]
    issuer = json.loads(Client().get("/.well-known/jwt-vc-issuer").content)
    assert issuer["issuer"] == found["iss"]


def test_no_credential_comes_from_a_paper_that_does_not_hold(city: City) -> None:
    PointsPeriod.objects.update(ended_on=today())
    revoke_of(city.office.person.pk, "shanghai")
    response = city.mine.post(f"/papers/{city.notice.key}/credential")
    assert response.status_code == 302  # told in words on the page it was asked on


def test_the_list_of_documents_is_made_at_once_without_number_and_seal(city: City) -> None:
    response = city.mine.get(f"/cases/{city.case.key}/materials.pdf")
    assert response.content.startswith(b"%PDF")
    assert b"/ByteRange" not in response.content


# ---------------------------------------------------------------------------- published, offline


def test_what_is_published_checks_the_square_code_and_shows_a_revocation(city: City) -> None:
    keys = read_key_list(Client().get("/v/keys.json").content)
    statement = city.notice.sheet.statement
    listed = read_revoked(revoked_on(timezone.now(), site.JIFEN_ADDRESS), keys)
    assert check(statement, keys, today(), listed).state == "valid"
    PointsPeriod.objects.update(ended_on=today())
    revoke_of(city.office.person.pk, "shanghai")
    listed = read_revoked(revoked_on(timezone.now(), site.JIFEN_ADDRESS), keys)
    assert check(statement, keys, today(), listed).state == "revoked"


def test_a_new_key_signs_and_the_old_one_is_still_published(
    city: City, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    old = json.loads(Path(site.JIFEN_NOTICE_KEYS).read_text())
    new = json.loads(new_key_file("浦东新区"))
    public = load_pem_private_key(old["statement"].encode(), None).public_key()
    spki = (Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    new["older"] = [public.public_bytes(*spki).decode()]
    path = tmp_path / "new.json"
    path.write_text(json.dumps(new))
    path.chmod(0o600)
    monkeypatch.setattr(site, "JIFEN_NOTICE_KEYS", str(path))
    for kept in (key_file, notice_keys):
        kept.cache_clear()
    try:
        keys = read_key_list(Client().get("/v/keys.json").content)
        assert check(city.notice.sheet.statement, keys, today()).state == "valid"
        fresh = printing.statement_of(city.notice).signed(notice_keys())
        assert fresh.split(".", maxsplit=1)[0] != city.notice.sheet.statement.split(".")[0]
        assert check(fresh, keys, today()).state == "valid"
        path.chmod(0o644)
        key_file.cache_clear()
        with pytest.raises(ImproperlyConfigured, match="chmod 600"):
            key_file()
    finally:
        for kept in (key_file, notice_keys):
            kept.cache_clear()


def test_production_makes_no_keys_by_itself(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(site, "JIFEN_NOTICE_KEYS", str(tmp_path / "none.json"))
    monkeypatch.setattr(site, "JIFEN_MODE", "production")
    key_file.cache_clear()
    try:
        with pytest.raises(ImproperlyConfigured, match="jifen keys notices FILE"):
            key_file()
    finally:
        key_file.cache_clear()


def test_the_page_to_keep_holds_keys_and_list_and_asks_for_nothing_else(city: City) -> None:
    page = said(Client().get("/v/offline.html"))
    assert "http" not in re.sub(r'"sub":"[^"]*"', "", page).replace("http-equiv", "")
    assert '"kty": "EC"' in page


# ---------------------------------------------------------------------- schools, in batches


def _ask(secret: str, items: list[dict[str, str]], purpose: str = "入学审核") -> Any:
    body = {"purpose": purpose, "items": items}
    headers = {"Authorization": f"Bearer {secret}"}
    address = "/api/v1/verify"
    return Client().post(address, body, content_type="application/json", headers=headers)


def test_a_school_checks_many_papers_and_every_look_up_is_kept(city: City) -> None:
    admin = staff("cityadmin", "city_admin")
    _, secret = checkers.admit(admin, "shanghai", "第一小学")
    items = [
        {"code": shown(city.notice.code), "name": "王小明"},
        {"code": city.notice.code, "name": "王大明"},
        {"code": NOBODYS[0]},
    ]
    first, second, third = _ask(secret, items).json()["items"]
    assert (first["state"], first["name"], first["name_matches"]) == ("valid", "王**", True)
    assert (first["result"], first["line"]) == ("reached", "120")
    assert second["name_matches"] is False
    assert third == {"code": NOBODYS[0], "state": "unknown"} | dict.fromkeys(
        set(first) - {"code", "state"}
    )
    assert "166" not in json.dumps(first)
    rows = LookUp.objects.order_by("id").values_list("state", "purpose")
    assert list(rows) == [("valid", "入学审核"), ("valid", "入学审核"), ("unknown", "入学审核")]
    assert Entry.objects.filter(act="notice.looked_up").count() == 3
    told = said(city.mine.get(f"/papers/{city.notice.key}"))
    assert "第一小学" in told
    assert "入学审核" in told


def test_a_token_that_ended_and_a_school_of_another_city_learn_nothing(city: City) -> None:
    admin = staff("cityadmin", "city_admin")
    checker, secret = checkers.admit(admin, "shanghai", "第一小学")
    checkers.dismiss(admin, checker)
    assert _ask(secret, [{"code": city.notice.code}]).status_code == 401
    assert _ask("", [{"code": city.notice.code}]).status_code == 401
    _, other = checkers.admit(admin, "chengdu", "成都小学")
    found = _ask(other, [{"code": city.notice.code}]).json()["items"]
    assert found[0]["state"] == "unknown"


def test_a_school_that_guesses_has_to_wait(city: City) -> None:
    _, secret = checkers.admit(staff("cityadmin", "city_admin"), "shanghai", "第一小学")
    assert _ask(secret, [{"code": code} for code in NOBODYS]).status_code == 200
    assert _ask(secret, [{"code": city.notice.code}]).status_code == 429


def test_a_batch_is_bounded_and_says_its_purpose(city: City) -> None:
    _, secret = checkers.admit(staff("cityadmin", "city_admin"), "shanghai", "第一小学")
    many = [{"code": city.notice.code}] * (checkers.MOST + 1)
    assert _ask(secret, many).status_code == 422
    assert _ask(secret, [{"code": city.notice.code}], purpose="").status_code == 422
    with pytest.raises(NoticeFault) as caught:
        checkers.admit(city.office.admin, "shanghai", "第一小学")
    assert caught.value.code == "JF-T006"


def test_the_city_admits_a_school_on_its_page(city: City, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(
        "jifen.office.accounts.signin.middleware.needs_second_factor", lambda _: False
    )
    client = Client()
    client.force_login(staff("cityadmin", "city_admin"))
    client.post("/checkers/", {"act": "admit", "city": "shanghai", "name": "第二小学"})
    (secret,) = re.findall(r"jifen_check_[\w-]+", said(client.get("/checkers/")))
    assert _ask(secret, [{"code": city.notice.code}]).json()["items"][0]["state"] == "valid"
    assert secret not in said(client.get("/checkers/"))


def test_a_refusal_is_checked_like_a_notice(city: City) -> None:
    del city
    paper = Notice.objects.get(kind="receipt")
    page = said(Client().get(f"/v/{paper.code}"))
    assert "受理回执" in page
    assert "结果</dt>" not in page
