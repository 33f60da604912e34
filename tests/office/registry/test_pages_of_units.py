"""A unit from its registration by the page to the end of its mandates."""

import re
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from jifen.office.registry.models import Invitation, Mandate, Membership, Unit, UnitVersion
from tests.world.office import credit_code, photo, staff, unit, user

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _one_factor(monkeypatch: pytest.MonkeyPatch) -> None:
    gate = "jifen.office.accounts.signin.middleware.needs_second_factor"
    monkeypatch.setattr(gate, lambda _: False)


def _as(who: Any) -> Client:
    client = Client()
    client.force_login(who)
    return client


def _form(**changes: Any) -> dict[str, Any]:
    licence = SimpleUploadedFile("licence.jpg", photo(), "image/jpeg")
    form = {"name": "张江软件", "district": "pudong", "address": "碧波路 1 号", "licence": licence}
    return form | {"kind": "employer", "credit_code": credit_code(1)} | changes


def test_a_unit_registers_and_a_clerk_of_its_district_confirms_it() -> None:
    boss, clerk = _as(user("boss")), _as(staff("clerk", "clerk", district="pudong"))
    sent = boss.post("/units/new/shanghai", _form(), follow=True)
    assert "登记信息已提交" in sent.content.decode()
    made = Unit.objects.get()
    assert (made.state, made.name) == ("submitted", "张江软件")
    assert "张江软件" in clerk.get("/units/waiting").content.decode()
    for reader in (boss, clerk):
        licence = reader.get(f"/units/{made.pk}/licence/1")
        assert (licence.status_code, licence.content[:2]) == (200, b"\xff\xd8")
    assert _as(user("stranger")).get(f"/units/{made.pk}/licence/1").status_code == 404
    assert boss.get(f"/units/{made.pk}/licence/2").status_code == 404
    page = clerk.get(f"/units/{made.pk}/review").content.decode()
    assert "碧波路 1 号" in page
    decided = clerk.post(f"/units/{made.pk}/review", {"act": "confirm"}, follow=True)
    assert "已处理该登记" in decided.content.decode()
    made.refresh_from_db()
    assert made.state == "confirmed"
    assert "张江软件" not in clerk.get("/units/waiting").content.decode()


def test_a_refused_registration_says_why_to_the_unit() -> None:
    boss, clerk = _as(user("boss")), _as(staff("clerk", "clerk", district="pudong"))
    boss.post("/units/new/shanghai", _form())
    made = Unit.objects.get()
    clerk.post(f"/units/{made.pk}/review", {"act": "refuse", "words": "执照看不清"})
    made.refresh_from_db()
    assert made.state == "refused"
    assert "执照看不清" in boss.get(f"/units/{made.pk}").content.decode()


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"credit_code": "123"}, "统一社会信用代码不对"),
        ({"licence": ""}, "请上传营业执照"),
        ({"licence": SimpleUploadedFile("x.gif", b"GIF89a")}, "GIF"),
        ({"address": " "}, "请填写单位地址"),
    ],
    ids=["code", "no licence", "no picture", "no address"],
)
def test_a_form_that_lacks_something_comes_back_as_it_was_typed(
    change: dict[str, Any], words: str
) -> None:
    answer = _as(user("boss")).post("/units/new/shanghai", _form(**change))
    page = answer.content.decode()
    assert answer.status_code == 422
    assert words in page
    assert "张江软件" in page
    assert not Unit.objects.exists()


def test_a_city_that_there_is_not_registers_nobody() -> None:
    assert _as(user("boss")).get("/units/new/atlantis").status_code == 404


def test_a_change_waits_and_the_unit_keeps_its_name_meanwhile() -> None:
    boss = user("boss")
    made = unit(1, boss)
    address = f"/units/{made.pk}/change"
    assert "单位1" in _as(boss).get(address).content.decode()
    assert "等待核实" in _as(boss).post(address, _form(), follow=True).content.decode()
    again = _as(boss).post(address, _form())
    assert (again.status_code, "上一次变更还在核实中" in again.content.decode()) == (422, True)
    made.refresh_from_db()
    assert (made.name, UnitVersion.objects.get().name) == ("单位1", "张江软件")


# ---------------------------------------------------------------------------------------- members


def test_an_invitation_is_shown_once_and_makes_a_member_who_may_leave() -> None:
    boss, colleague = user("boss"), user("colleague")
    made = unit(1, boss)
    page = _as(boss)
    page.post(f"/units/{made.pk}/invite", {"role": "operator"})
    shown = page.get(f"/units/{made.pk}").content.decode()
    (link,) = re.findall(r"http://testserver(/units/join/[\w-]+)", shown)
    assert link not in page.get(f"/units/{made.pk}").content.decode()
    joined = _as(colleague)
    assert joined.get(link).status_code == 200
    assert Invitation.objects.get().ended_at is None, "opening a link joins nobody"
    assert joined.post(link).headers["Location"] == f"/units/{made.pk}"
    member = Membership.objects.get(user=colleague)
    assert member.role == "operator"
    assert joined.post(f"/units/{made.pk}/invite", {"role": "admin"}).status_code == 404
    other = Membership.objects.get(user=boss)
    assert joined.post(f"/units/{made.pk}/members/{other.pk}/end").status_code == 404
    left = joined.post(f"/units/{made.pk}/members/{member.pk}/end")
    assert left.headers["Location"] == "/my/"
    assert joined.get(f"/units/{made.pk}").status_code == 404


def test_the_last_administrator_is_told_to_name_another() -> None:
    boss = user("boss")
    made = unit(1, boss)
    member, page = Membership.objects.get(), f"/units/{made.pk}"
    refused = _as(boss).post(
        f"{page}/members/{member.pk}/end",
        headers={"Referer": f"http://testserver{page}"},
        follow=True,
    )
    assert "至少要保留一名管理员" in refused.content.decode()


# --------------------------------------------------------------------------------------- mandates


def test_an_employer_grants_a_mandate_by_code_and_either_side_ends_it() -> None:
    boss, agent = user("boss"), user("agent")
    employer, agency = unit(1, boss), unit(2, agent, kind="agency")
    page, address = _as(boss), f"/units/{employer.pk}/mandates"
    unknown = page.post(address, {"credit_code": credit_code(9)}, follow=True).content.decode()
    assert "没有此代码的代理机构" in unknown
    granted = page.post(address, {"credit_code": agency.credit_code}, follow=True)
    assert "已授权该机构代办" in granted.content.decode()
    mandate = Mandate.objects.get()
    other = user("other")
    stranger = unit(3, other)
    assert _as(other).post(f"/units/{stranger.pk}/mandates/{mandate.pk}/end").status_code == 404
    ended = _as(agent).post(f"/units/{agency.pk}/mandates/{mandate.pk}/end", follow=True)
    assert "授权已终止" in ended.content.decode()
    mandate.refresh_from_db()
    assert mandate.ended_by == agent
