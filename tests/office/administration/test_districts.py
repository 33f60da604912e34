"""Districts: entered by one administrator, confirmed by another, followed by filing and names."""

from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.utils import timezone

from jifen.office.accounts.models import User
from jifen.office.administration import districts
from jifen.office.administration.calendar_years import decide_year, propose_year
from jifen.office.administration.districts import decide_district, propose_district
from jifen.office.administration.message_texts import (
    TextPlace,
    decide_edition,
    propose_edition,
    save_draft,
)
from jifen.office.administration.models import DistrictEdition
from jifen.office.audit.models import Entry
from jifen.office.casework.assignees import list_people_able, list_rows_for_user
from jifen.office.registry.actions.units import register_unit
from jifen.office.registry.faults import RegistryFault
from jifen.office.waiting.models import Waiting
from jifen.office.web.waiting_labels import shown
from jifen.policy.text import Lang
from jifen.process import NoProcess, Process, find_process
from tests.world.faults import refused
from tests.world.office import credit_code, staff, today, user
from tests.world.waiting import particulars

pytestmark = pytest.mark.django_db
WORDS = {
    "JF-O067": (
        "区的改动决定案件由谁受理，须由录入者以外的另一名管理员确认。",
        "Districts decide which office has a case: another administrator "
        "confirms them, not who entered them.",
    ),
    "JF-O066": (
        "没有这项待确认的改动，可能已由他人处理。请重新打开页面。",
        "Nothing waits under this number; somebody else may have decided it. Load the page again.",
    ),
    "JF-O065": (
        "这是最后一个受理的区，不能停办。",
        "This is the last district that takes cases: it cannot be closed.",
    ),
    "JF-O064": (
        "此区已有一项改动待确认，请先确认或退回。",
        "A change of this district waits to be confirmed already: confirm or decline it first.",
    ),
    "JF-O063": (
        "与现状相同，没有改动。",
        "It says what holds already: nothing was changed.",
    ),
    "JF-O061": (
        "代码以小写字母开头，只含小写字母、数字和下划线，2 至 40"
        " 个字符，例如 pudong；停办的必须是已有的区。",
        "A code begins with a small letter and has small letters, digits and "
        "underscores, 2 to 40 of them, such as pudong; only a district that there is can be "
        "closed.",
    ),
    "JF-O060": (
        "此城市没有现行的办理程序，不能改区。",
        "The city has no procedure in force: its districts cannot be changed.",
    ),
}
LINGANG = {"zh": "临港新片区", "en": "Lin-gang", "why": "沪府〔2026〕1号"}


@pytest.fixture
def second(db: None) -> User:
    """Another administrator."""
    del db
    return staff("security", "security_admin")


def _process() -> Process:
    return find_process("shanghai", today())


def _enter(by: User, ident: str = "lingang", *, is_open: bool = True, **words: Any) -> int:
    typed = LINGANG | words
    return propose_district(by, "shanghai", ident, typed, is_open=is_open).pk


def _put(by: User, other: User, ident: str, *, is_open: bool = True, **words: str) -> None:
    pk = _enter(by, ident, is_open=is_open, **words)
    decide_district(other, "shanghai", pk, confirm=True)


def test_a_district_holds_when_another_administrator_confirms_it(
    city_admin: User, second: User
) -> None:
    pk = _enter(city_admin)
    assert not _process().takes_district("lingang")
    with refused("JF-O067", *WORDS["JF-O067"]):
        decide_district(city_admin, "shanghai", pk, confirm=True)
    decide_district(second, "shanghai", pk, confirm=True)
    assert _process().takes_district("lingang")
    assert not find_process("chengdu", today()).takes_district("lingang")
    acts = Entry.objects.filter(act__startswith="district.").order_by("number")
    assert [(e.act, e.actor) for e in acts] == [
        ("district.proposed", f"user:{city_admin.pk}"),
        ("district.confirmed", f"user:{second.pk}"),
    ]
    with refused("JF-O066", *WORDS["JF-O066"]):
        decide_district(second, "shanghai", pk, confirm=True)
    districts.forget_districts()
    assert not _process().takes_district("lingang")
    districts.follow_districts(now=True)
    assert _process().takes_district("lingang"), "a process that starts knows it"


def test_what_is_declined_changes_nothing(city_admin: User, second: User) -> None:
    decide_district(second, "shanghai", _enter(city_admin), confirm=False)
    assert _process().find_district("lingang") is None


def test_a_district_is_named_anew(city_admin: User, second: User) -> None:
    _put(city_admin, second, "pudong", zh="浦东", en="Pudong area")
    district = _process().find_district("pudong")
    assert district is not None
    assert (district.label.zh, district.label.en) == ("浦东", "Pudong area")
    assert [one.id for one in _process().districts].count("pudong") == 1


def test_a_closed_district_takes_no_new_case_and_keeps_its_name(
    city_admin: User, second: User
) -> None:
    boss = user("boss")
    _put(city_admin, second, "pudong", is_open=False, zh="浦东新区", en="Pudong")
    assert not _process().takes_district("pudong")
    district = _process().find_district("pudong")
    assert district is not None
    assert district.label.zh == "浦东新区"
    with pytest.raises(RegistryFault) as caught:
        register_unit(boss, "employer", "shanghai", credit_code(77), particulars(boss))
    assert caught.value.place == "district"
    _put(city_admin, second, "pudong", zh="浦东新区", en="Pudong")
    register_unit(boss, "employer", "shanghai", credit_code(77), particulars(boss))


def test_the_last_district_stays(city_admin: User, second: User) -> None:
    others = [one for one in _process().districts if one.id != "pudong"]
    for one in others:
        _put(city_admin, second, one.id, is_open=False, zh=one.label.zh, en=one.label.en)
    with refused("JF-O065", *WORDS["JF-O065"]):
        _enter(city_admin, "pudong", is_open=False, zh="浦东新区", en="Pudong")


@pytest.mark.parametrize(
    ("ident", "words", "code", "place"),
    [
        ("", {}, "JF-O061", "district"),
        ("Lingang", {}, "JF-O061", "district"),
        ("lin gang", {}, "JF-O061", "district"),
        ("huangpu", {"zh": "黄浦区", "en": "Huangpu"}, "JF-O063", ""),
    ],
)
def test_a_bad_district_is_refused_in_words(
    city_admin: User, ident: str, words: dict[str, Any], code: str, place: str
) -> None:
    with refused(code, *WORDS[code], place):
        _enter(city_admin, ident, **words)
    assert not DistrictEdition.objects.exists()


@pytest.mark.parametrize(
    ("words", "place", "zh", "en"),
    [
        (
            {"zh": ""},
            "zh",
            "“中文名称”有 0 字，应为 1 至 40 字。",
            "Chinese name has 0 letters; 1 to 40 are needed.",
        ),
        (
            {"en": "e" * 61},
            "en",
            "“英文名称”有 61 字，应为 1 至 60 字。",
            "English name has 61 letters; 1 to 60 are needed.",
        ),
        (
            {"why": " "},
            "why",
            "“依据”有 0 字，应为 1 至 200 字。",
            "Grounds has 0 letters; 1 to 200 are needed.",
        ),
        (
            {"zh": "黄浦区"},
            "zh",
            "“黄浦区”已是另一个区（huangpu）的名称。",
            "“黄浦区” is the name of another district already (huangpu).",
        ),
    ],
)
def test_names_and_grounds_are_refused_in_words(
    city_admin: User, words: dict[str, Any], place: str, zh: str, en: str
) -> None:
    with refused("JF-O062", zh, en, place):
        _enter(city_admin, **words)


def test_one_change_waits_at_a_time_and_only_administrators_enter_it(
    city_admin: User, second: User
) -> None:
    _enter(city_admin)
    with refused("JF-O064", *WORDS["JF-O064"]):
        _enter(city_admin)
    with pytest.raises(Exception, match="JF-O013"):
        _enter(second)
    with pytest.raises(Exception, match="JF-O013"):
        decide_district(staff("chengdu", "city_admin", "chengdu"), "shanghai", 1, confirm=True)
    with refused("JF-O061", *WORDS["JF-O061"], "district"):
        _enter(city_admin, "nowhere", is_open=False)


def test_a_city_without_a_procedure_has_no_districts(monkeypatch: pytest.MonkeyPatch) -> None:
    boss = staff("boss", "city_admin")

    def find_none(city: str, on: object) -> None:
        raise NoProcess(f"{city} on {on}")

    monkeypatch.setattr(districts, "find_process", find_none)
    with refused("JF-O060", *WORDS["JF-O060"]):
        propose_district(boss, "shanghai", "haidian", LINGANG, is_open=True)


def test_the_database_holds_the_two_apart(city_admin: User) -> None:
    pk = _enter(city_admin)
    with pytest.raises(IntegrityError), transaction.atomic():
        DistrictEdition.objects.filter(pk=pk).update(
            decided_by=city_admin, decided_at=timezone.now(), confirmed=True
        )


def test_what_was_entered_waits_on_every_other_administrator(
    city_admin: User, second: User
) -> None:
    clerk = staff("clerk", "clerk", district="pudong")
    place = TextPlace("shanghai", "permit_ends", "sms")
    zh = "居住证 {until} 到期（{left}）。{what}来电 12345。"
    en = "The permit ends on {until} ({left}). {what} Call 12345."
    save_draft(city_admin, place, zh, en, str(today()))
    assert not Waiting.objects.exists(), "a draft waits on nobody"
    text = propose_edition(city_admin, place)
    _enter(city_admin)
    propose_year(
        city_admin,
        today().year,
        "国办发明电〔2026〕9号",
        f"{today().year}-10-01 {today().year}-10-07 国庆节",
        "",
    )
    rows = list(list_rows_for_user(second, today()))
    assert [row.subject.partition(":")[0] for row in rows] == ["text", "district", "calendar"]
    told: dict[Lang, str] = {"zh": "消息文本", "en": "words of a message"}
    for lang, words in told.items():
        line = shown(rows, lang, today(), desk=True)[0]
        assert line.what.endswith(words)
        assert line.link == "/administration/texts"
    assert not list_rows_for_user(city_admin, today()).exists(), "not who entered it"
    assert not list_rows_for_user(clerk, today()).exists()
    assert list(list_people_able(rows[0])) == [second]
    decide_edition(second, place, confirm=True, which=text.pk)
    decide_district(second, "shanghai", DistrictEdition.objects.get().pk, confirm=False)
    decide_year(second, rows[2].subject_id, confirm=True)
    assert not Waiting.objects.filter(ended_at=None).exists()


def test_the_page_enters_and_confirms(browser: Client, second: User) -> None:
    page = browser.get("/administration/districts").content.decode()
    assert "增加一个区" in page
    bad = browser.post("/administration/districts", LINGANG | {"act": "propose", "district": "X"})
    assert bad.status_code == 422
    assert 'value="临港新片区"' in bad.content.decode(), "what was typed stays"
    browser.post("/administration/districts", LINGANG | {"act": "propose", "district": "lingang"})
    page = browser.get("/administration/districts").content.decode()
    assert "须由另一名管理员确认" in page
    other = Client()
    other.force_login(second)
    assert "确认另一名管理员录入的设置：受理的区" in other.get("/work/").content.decode()
    assert "增加一个区" not in other.get("/administration/districts").content.decode()
    decision = {"act": "confirm", "which": DistrictEdition.objects.get().pk, "city": "shanghai"}
    other.post("/administration/districts", decision)
    assert "临港新片区" in browser.get("/administration/districts").content.decode()
    assert other.get("/administration/districts?city=chengdu").status_code == 404
