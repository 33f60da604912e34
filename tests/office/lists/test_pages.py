"""The pages of lists and of what is open: a search finds one person, and nobody a crowd."""

from dataclasses import replace
from datetime import date, timedelta
from io import BytesIO
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client
from django.utils import timezone
from python_calamine import CalamineWorkbook

from jifen.office.audit.models import Access
from jifen.office.lists.actions import objections
from jifen.office.lists.actions.runs import open_run, publish_run
from jifen.office.lists.models import Entry, Objection, PublicList, Run
from jifen.office.lists.queries import MAX_RESULTS
from jifen.office.notices.models import Notice
from jifen.office.registry.models import Permit
from jifen.process.calendar import working_calendar
from jifen.statements.keys import read_key_list
from jifen.statements.list_statement import check_list
from tests.world.clock import Clock
from tests.world.office import user
from tests.world.town import MONDAY, Town, facts_of, run_daily_steps

LIST = "/chengdu/lists/1"


@pytest.fixture(autouse=True)
def _plain(monkeypatch: pytest.MonkeyPatch, town: Town) -> None:
    """Nobody is counted yet; the second factor has tests of its own."""
    del town
    cache.clear()
    monkeypatch.setattr(
        "jifen.office.accounts.signin.middleware.needs_second_factor", lambda _: False
    )


def _as(who: Any) -> Client:
    client = Client()
    client.force_login(who)
    return client


def _search(client: Client, name: str = "", number: str = "") -> str:
    return client.post(LIST, {"name": name, "number": number}).content.decode()


def _published(town: Town, *names: str) -> list[Entry]:
    entries = [town.listed(name=name) for name in names]
    run_daily_steps(MONDAY)
    return entries


def test_a_search_by_name_shows_first_character_points_and_the_end_of_the_number(
    town: Town,
) -> None:
    entry, _ = _published(town, "欧阳娜娜", "李雷")
    found = _search(Client(), "欧阳娜娜")
    assert "欧***" in found
    assert entry.number not in found
    assert f"<td>{entry.number[-4:]}</td>" in found
    assert "李*" not in found.split('id="search"')[1].split('role="status"')[1]
    assert "名单上没有查到" in _search(Client(), "司马光")


def test_a_number_alone_finds_nobody(town: Town) -> None:
    entry = _published(town, "欧阳娜娜")[0]
    found = _search(Client(), "", entry.number)
    assert "只有编号不能查询" in found
    assert "欧***" not in found
    assert "名单上没有查到" in _search(Client(), "王小", entry.number)
    assert "欧***" in _search(Client(), "欧阳娜娜", entry.number.lower())


def test_a_crowd_of_one_name_is_not_shown_until_the_number_is_given(town: Town) -> None:
    entries = _published(town, *["王小明"] * (MAX_RESULTS + 1))
    found = _search(Client(), "王小明")
    assert "请同时填写受理编号" in found
    assert "王**" not in found.split('role="status"')[1]
    assert _search(Client(), "王**", entries[3].number).count('<th scope="row">王**</th>') == 1


def test_wildcards_and_blanks_find_nobody(town: Town) -> None:
    _published(town, "欧阳娜娜")
    for name in ("***", "*", "%", "_", " ", "****"):
        assert '<th scope="row">' not in _search(Client(), name)


def test_no_name_is_on_any_public_page_without_a_search(town: Town) -> None:
    entry = _published(town, "欧阳娜娜")[0]
    client = Client()
    for address in ("/chengdu/lists/", LIST, f"{LIST}?name=欧阳娜娜&number={entry.number}"):
        text = client.get(address).content.decode().split("<main")[1]
        assert "欧" not in text
        assert entry.number not in text


def test_searches_are_counted_by_address(town: Town, clock: Clock) -> None:
    _published(town, "欧阳娜娜")
    client = Client()
    answers = [client.post(LIST, {"name": "李雷"}).status_code for _ in range(21)]
    assert answers == [200] * 20 + [429]
    refused = client.post(LIST, {"name": "欧阳娜娜"})
    assert refused.headers["Retry-After"] == "60"
    assert "欧***" not in refused.content.decode()
    assert client.get(LIST).status_code == 200
    other = Client(REMOTE_ADDR="192.0.2.7")
    assert other.post(LIST, {"name": "欧阳娜娜"}).status_code == 200
    clock.go_on(60)
    assert client.post(LIST, {"name": "欧阳娜娜"}).status_code == 200


def test_who_was_removed_is_no_longer_found(town: Town) -> None:
    entry = _published(town, "欧阳娜娜")[0]
    made = objections.file_objection(town.neighbour, entry, "理由", MONDAY)
    objections.hear_objection(town.clerk, made, "属实")
    objections.decide_objection(town.lead, made, MONDAY, uphold=True, reasons="属实")
    assert "名单上没有查到" in _search(Client(), "欧阳娜娜")


def test_shanghai_has_no_list_and_says_that_points_are_not_registration(town: Town) -> None:
    for address in ("/shanghai/lists/", "/shanghai/opens/"):
        assert "积分不是落户" in Client().get(address).content.decode()
    english = Client().get("/shanghai/opens/?lang=en").content.decode()
    assert "Points are not household registration" in english
    assert Client().get("/shanghai/lists/1").status_code == 404


def test_the_public_page_of_what_is_open_follows_the_day(town: Town) -> None:
    before = Client().get("/chengdu/opens/?on=2024-02-19").content.decode()
    after = Client().get("/chengdu/opens/?on=2024-02-20").content.decode()
    assert "140 分）" in before
    assert "“8+1”区域入户" not in before
    assert "“8+1”区域入户" in after
    assert "内容待核实" in after


def test_an_objection_from_the_page_to_its_outcome(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    holder = user("holder")
    today = timezone.localdate()
    entry = town.listed(name="欧阳娜娜", by=holder)
    run_daily_steps(MONDAY)
    Entry.objects.filter(pk=entry.pk).update(public_until=today + timedelta(days=1))
    neighbour, address = _as(town.neighbour), "/lists/chengdu/1/object"
    said = {"name": "欧阳娜娜", "words": "社保挂靠"}
    wrong = neighbour.post(address, said | {"number": "CH0"})
    assert wrong.status_code == 422
    assert "社保挂靠</textarea>" in wrong.content.decode()  # nothing typed is lost
    assert "名单上没有这个姓名和受理编号" in wrong.content.decode()
    filed = neighbour.post(address, said | {"number": entry.number}).content.decode()
    assert "异议已提出" in filed
    made = Objection.objects.get()

    mine, place = _as(holder), f"/my/place/{entry.pk}"
    shown = mine.get(place).content.decode()
    assert "社保挂靠" in shown
    assert "neighbour" not in shown
    mine.post(f"{place}/act", {"act": "answer", "objection": made.pk, "words": "有合同"})
    desk = f"/desk/lists/entries/{entry.pk}"
    assert "有合同" in _as(town.clerk).get(desk).content.decode()
    _as(town.clerk).post(f"/desk/lists/objections/{made.pk}", {"act": "hear", "words": "已核对"})
    said = {"act": "dismiss", "words": "材料一致"}
    _as(town.lead).post(f"/desk/lists/objections/{made.pk}", said)
    made.refresh_from_db()
    assert (made.state, made.answer) == ("dismissed", "有合同")
    assert "材料一致" in mine.get(place).content.decode()
    assert "材料一致" in neighbour.get(address).content.decode()


def test_an_objection_is_withdrawn_by_its_filer_only(town: Town) -> None:
    entry = _published(town, "欧阳娜娜")[0]
    made = objections.file_objection(town.neighbour, entry, "理由", MONDAY)
    address = "/lists/chengdu/1/object"
    assert _as(user("other")).post(address, {"withdraw": made.pk}).status_code == 404
    assert "异议已撤回" in _as(town.neighbour).post(address, {"withdraw": made.pk}).content.decode()
    made.refresh_from_db()
    assert made.state == "withdrawn"


def test_the_window_settles_from_the_page(town: Town) -> None:
    entry = town.listed(name="李雷")
    for day in (MONDAY, date(2024, 3, 8)):
        run_daily_steps(day)
    Entry.objects.filter(pk=entry.pk).update(settle_by=timezone.localdate())
    clerk = _as(town.clerk)
    desk = clerk.post("/desk/lists/", {"q": entry.number}).content.decode()
    assert f"/desk/lists/entries/{entry.pk}" in desk
    clerk.post(f"/desk/lists/entries/{entry.pk}/act", {"act": "settle"})
    entry.refresh_from_db()
    assert entry.state == "settled"
    assert Access.objects.filter(act="read", subject=f"list entry:{entry.pk}").count() == 0
    clerk.get(f"/desk/lists/entries/{entry.pk}")
    assert Access.objects.filter(act="read", subject=f"list entry:{entry.pk}").count() == 1


def test_the_staff_are_told_before_the_holidays_are_no_longer_known(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    known = working_calendar()
    where = "jifen.office.web.lists.staff.working_calendar"
    for days, warned in ((29, True), (31, False)):
        last = timezone.localdate() + timedelta(days=days)
        ending = replace(known, known_until=last)
        monkeypatch.setattr(where, lambda ending=ending: ending)
        page = _as(town.clerk).get("/desk/lists/").content.decode()
        assert (f"节假日安排只到 {last}" in page) == warned


def test_a_ranking_from_the_pages_with_four_eyes(town: Town) -> None:
    for case, who in (("52", "P"), ("52", "Q")):
        town.decided(facts_of("2018", case, who), date(2019, 6, 15))
    lead, other = _as(town.lead), _as(town.lead2)
    refused = lead.post("/desk/lists/runs/", {"city": "chengdu", "year": "2019", "quota": "1"})
    assert refused.status_code == 302
    assert not Run.objects.exists()
    made = lead.post("/desk/lists/runs/", {"city": "chengdu", "year": "2019"})
    assert made.headers["Location"] == "/desk/lists/runs/CH2019-1"
    shown = lead.get("/desk/lists/runs/CH2019-1").content.decode()
    assert "须由另一人发布" in shown
    lead.post("/desk/lists/runs/CH2019-1/act", {"act": "publish"})
    assert not PublicList.objects.exists()
    other.post("/desk/lists/runs/CH2019-1/act", {"act": "publish"})
    assert PublicList.objects.get().people == 2
    open_run(town.lead, "chengdu", 2019, MONDAY)
    apart = lead.get("/desk/lists/runs/CH2019-2?against=CH2019-1").content.decode()
    assert "每个人都相同" in apart


def test_exports_are_workbooks_with_the_signature_and_are_logged(town: Town) -> None:
    for case, who in (("52", "P"), ("52", "Q")):
        town.decided(facts_of("2018", case, who), date(2019, 6, 15))
    run = open_run(town.lead, "chengdu", 2019, MONDAY)
    publish_run(town.lead2, run, MONDAY)
    made = PublicList.objects.get()
    content = _as(town.clerk).get(f"/desk/lists/{made.pk}.xlsx").content
    book = CalamineWorkbook.from_filelike(BytesIO(content))
    rows = book.get_sheet_by_index(0).to_python()
    assert [row[0] for row in rows] == ["名次", 1, 2]
    assert made.digest in str(book.get_sheet_by_index(1).to_python())
    ranking = _as(town.lead).get(f"/desk/lists/runs/{run.name}/export").content
    assert (
        len(CalamineWorkbook.from_filelike(BytesIO(ranking)).get_sheet_by_index(0).to_python()) == 3
    )
    reads = Access.objects.filter(act="read").values_list("subject", flat=True)
    assert set(reads) == {f"list:{made.name}", f"run:{run.name}"}


def test_anybody_checks_the_signature_and_who_has_the_list_its_bytes(town: Town) -> None:
    _published(town, "李雷", "韩梅梅")
    made = PublicList.objects.get()
    anybody = Client()
    assert f"{LIST}.jwt" in anybody.get(LIST).content.decode()
    text = anybody.get(f"{LIST}.jwt").content.decode()
    keys = read_key_list(anybody.get("/v/keys.json").content)
    found = check_list(text, keys)
    assert found.listed
    assert (found.state, found.listed.people, found.listed.on) == ("genuine", 2, "2024-03-04")
    given = _as(town.clerk).get(f"/desk/lists/{made.pk}.json")
    assert check_list(text, keys, given.content).state == "genuine"
    assert check_list(text, keys, given.content.replace(b"140", b"141")).state == "other_bytes"
    assert anybody.get(f"/desk/lists/{made.pk}.json").status_code == 302
    assert Access.objects.filter(act="read", subject=f"list:{made.name}").count() == 1


def test_what_is_open_for_me_says_why_and_since_when(town: Town) -> None:
    holder = user("holder")
    entry = town.listed(name="李雷", by=holder)
    client, address = _as(holder), "/my/opens/chengdu"
    unknown = client.get(address).content.decode()
    assert "没有登记" in unknown
    assert "须确认：有效的居住证" in unknown
    assert entry.decision is not None
    today = timezone.localdate()
    permit = Permit.objects.create(
        person=entry.decision.application.person,
        city="chengdu",
        district="wuhou",
        registered_on=date(2023, 1, 1),
        issued_on=date(2024, 3, 1),
        anchor=date(2024, 3, 1),
        years=1,
        valid_until=date(2025, 3, 1),
    )
    shown = client.get(address).content.decode()
    assert "缺：有效的居住证（自 2025-03-02 起）" in shown
    assert "缺：公示后的入户通知" in shown
    permit.years = today.year - 2024 + 1
    permit.valid_until = permit.card.valid_until
    permit.save()
    for day in (MONDAY, date(2024, 3, 8)):
        run_daily_steps(day)
    Entry.objects.filter(pk=entry.pk).update(settle_by=today)
    text = client.get(address).content.decode()
    settlement = text.split('id="settlement"')[1]
    assert "已开放" in settlement.split("<li>")[1]
    assert _as(town.neighbour).get(address).status_code == 404


def test_the_place_links_to_the_settlement_notice(town: Town) -> None:
    holder = user("with-a-place")
    entry = town.listed(by=holder)
    for number in range(5):
        run_daily_steps(MONDAY + timedelta(days=number))
    slip = Notice.objects.get(decision=entry.decision, kind="settlement")
    page = _as(holder).get(f"/my/place/{entry.pk}").content.decode()
    assert f"/papers/{slip.key}" in page
    assert slip.number in page
    assert _as(holder).get(f"/papers/{slip.key}").status_code == 200
    assert _as(user("nobody")).get(f"/papers/{slip.key}").status_code == 404
