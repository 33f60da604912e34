"""Working days of a year: two administrators, and every deadline after that."""

from datetime import date, timedelta

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from jifen.office.accounts.models import User
from jifen.office.administration import calendar_years
from jifen.office.administration.calendar_years import decide_year, follow_years, propose_year
from jifen.office.administration.models import YearOfWorkingDays
from jifen.office.audit.models import Entry
from jifen.office.operate.doctor import basics
from jifen.process.calendar import CalendarYear, set_years_of_office, working_calendar
from tests.world.clock import Clock
from tests.world.faults import refused
from tests.world.messages import at
from tests.world.office import staff

pytestmark = pytest.mark.django_db
HOLIDAYS = "2027-02-05 2027-02-11 春节 / Spring Festival\n2027-10-01 2027-10-07 国庆节"
NOTICE = "国办发明电〔2026〕9号"


@pytest.fixture(autouse=True)
def in_2026(clock: Clock) -> None:
    clock.at = at(date(2026, 11, 30), 10)


@pytest.fixture
def second(db: None) -> User:
    """Another administrator."""
    del db
    return staff("security", "security_admin")


def proposed(by: User, holidays: str = HOLIDAYS, working: str = "2027-02-14") -> int:
    propose_year(by, 2027, NOTICE, holidays, working)
    return YearOfWorkingDays.objects.latest("id").pk


def test_a_year_holds_when_a_second_administrator_confirms_it(
    city_admin: User, second: User
) -> None:
    pk = proposed(city_admin)
    assert working_calendar().known_until == date(2026, 12, 31), "not yet"
    decide_year(second, pk, confirm=True)
    calendar = working_calendar()
    assert calendar.known_until == date(2027, 12, 31)
    assert not calendar.is_working_day(date(2027, 2, 9))
    assert calendar.is_working_day(date(2027, 2, 14)), "a Sunday that is worked"
    assert calendar.add_working_days(date(2027, 2, 4), 1) == date(2027, 2, 12)
    assert basics.check_holidays(date(2026, 11, 30)).state == "good"
    acts = list(Entry.objects.filter(act__startswith="calendar.").values_list("act", flat=True))
    assert acts == ["calendar.proposed", "calendar.confirmed"]


def test_a_declined_year_changes_nothing(city_admin: User, second: User) -> None:
    decide_year(second, proposed(city_admin), confirm=False)
    assert working_calendar().known_until == date(2026, 12, 31)
    decide_year(second, proposed(city_admin), confirm=True)  # entered anew
    assert working_calendar().known_until == date(2027, 12, 31)


def test_a_later_confirmed_year_takes_the_place_of_an_earlier_one(
    city_admin: User, second: User
) -> None:
    decide_year(second, proposed(city_admin), confirm=True)
    longer = HOLIDAYS.replace("02-11", "02-12")
    decide_year(second, proposed(city_admin, longer, ""), confirm=True)
    assert not working_calendar().is_working_day(date(2027, 2, 12))
    assert not working_calendar().is_working_day(date(2027, 2, 14))


def test_who_entered_it_does_not_confirm_it(city_admin: User) -> None:
    pk = proposed(city_admin)
    with refused(
        "JF-O022",
        "节假日安排影响所有期限，须由另一名管理员确认：录入者本人不能确认。",
        "Working days move every deadline: another administrator confirms them, not who entered "
        "them.",
    ):
        decide_year(city_admin, pk, confirm=True)
    row = YearOfWorkingDays.objects.filter(pk=pk)
    with pytest.raises(IntegrityError), transaction.atomic():
        row.update(decided_by=city_admin, decided_at=timezone.now(), confirmed=True)


def test_nobody_else_enters_or_confirms(city_admin: User) -> None:
    clerk = staff("clerk", "clerk")
    words = (
        "您不是本市的市级管理员，请由本市的市级管理员办理。",
        "Not an administrator of this city: ask one who is.",
    )
    with refused("JF-O013", *words):
        propose_year(clerk, 2027, NOTICE, HOLIDAYS, "")
    with refused("JF-O013", *words):
        decide_year(clerk, proposed(city_admin), confirm=True)


def test_a_year_waits_once_and_is_decided_once(city_admin: User, second: User) -> None:
    pk = proposed(city_admin)
    with refused(
        "JF-O020",
        "这一年已有一份待确认的安排。请先确认或退回它。",
        "A calendar of this year waits to be confirmed already: confirm or decline it first.",
    ):
        proposed(city_admin)
    decide_year(second, pk, confirm=True)
    with refused(
        "JF-O021",
        "没有这份待确认的安排，可能已由他人办理。请刷新页面。",
        "Nothing waits under this number; somebody else may have decided it. Load the page again.",
    ):
        decide_year(second, pk, confirm=True)


LINE = (
    "第 1 行“{0}”看不懂。请写：开始日期 结束日期 名称，例如 2027-02-05 2027-02-11 春节 / Spring "
    "Festival。",
    "Line 1, “{0}”, cannot be read. Write: first day, last day, name, such as 2027-02-05 "
    "2027-02-11 春节 / Spring Festival.",
)
SPAN = (
    "第 1 行：两个日期都应在 2027 年内，先早后晚，相隔不超过 15 天。",
    "Line 1: both days are of 2027, the earlier one first, at most 15 days apart.",
)


@pytest.mark.parametrize("line", ["2027-02-05 春节", "2027-02-30 2027-03-01 春节", "春节"])
def test_a_line_that_cannot_be_read_is_named(city_admin: User, line: str) -> None:
    zh, en = (words.format(line) for words in LINE)
    with refused("JF-O018", zh, en, "holidays"):
        proposed(city_admin, line)


@pytest.mark.parametrize(
    "line",
    ["2027-02-11 2027-02-05 春节", "2026-12-31 2027-01-01 元旦", "2027-02-01 2027-03-01 春节"],
)
def test_days_that_cannot_be_a_holiday_are_named(city_admin: User, line: str) -> None:
    with refused("JF-O018", *SPAN, "holidays"):
        proposed(city_admin, line)


@pytest.mark.parametrize("word", ["2027-02-15", "2026-02-14", "tomorrow"])
def test_a_worked_day_is_of_a_weekend_of_the_year(city_admin: User, word: str) -> None:
    with refused(
        "JF-O023",
        f"“{word}”不是该年的周六或周日。请填写调休上班的周末日期，例如 2027-02-14。",
        f"“{word}” is no Saturday or Sunday of that year. Write weekend days that are worked, such "
        "as 2027-02-14.",
        "working",
    ):
        proposed(city_admin, HOLIDAYS, word)


def test_a_day_is_not_free_and_worked(city_admin: User) -> None:
    with refused(
        "JF-O023",
        "2027-02-06 既是放假又是上班，请核对。",
        "2027-02-06 is both a holiday and worked: look which it is.",
        "working",
    ):
        proposed(city_admin, HOLIDAYS, "2027-02-06")


def test_year_and_notice_are_asked_for(city_admin: User) -> None:
    with refused(
        "JF-O019",
        "请填写 2026 到 2028 之间的年份。",
        "Write a year from 2026 to 2028.",
        "year",
    ):
        propose_year(city_admin, 2035, NOTICE, HOLIDAYS, "")
    with refused(
        "JF-O017",
        "请填写国务院办公厅通知的文号，例如 国办发明电〔2025〕7号。",
        "Write the number of the State Council's notice, such as 国办发明电〔2025〕7号.",
        "notice",
    ):
        propose_year(city_admin, 2027, " ", HOLIDAYS, "")
    with refused(
        "JF-O018",
        "请每行填写一个节日，至少 1 行、最多 20 行。",
        "Write a line for each holiday, at least 1 and at most 20 lines.",
        "holidays",
    ):
        propose_year(city_admin, 2027, NOTICE, " ", "")


def test_another_process_follows(
    city_admin: User, second: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    decide_year(second, proposed(city_admin), confirm=True)
    calendar_years.forget_years()  # as a process that did not confirm it
    assert working_calendar().known_until == date(2026, 12, 31)
    monkeypatch.setattr("django.conf.settings.JIFEN_EDITIONS_SECONDS", 0.0)
    follow_years()
    assert working_calendar().known_until == date(2027, 12, 31)


def test_a_year_beyond_a_gap_is_not_the_last_that_is_known() -> None:
    free = frozenset({date(2028, 2, 1)})
    set_years_of_office((CalendarYear(2028, free, frozenset()),))
    assert working_calendar().known_until == date(2026, 12, 31)
    assert working_calendar().is_working_day(date(2028, 2, 1)), "as if nobody had said anything"


@given(st.sets(st.dates(date(2026, 1, 1), date(2026, 12, 31)), max_size=20))
def test_a_year_of_the_office_takes_the_place_of_the_shipped_one_whole(free: set[date]) -> None:
    set_years_of_office(())
    before = working_calendar()
    set_years_of_office((CalendarYear(2026, frozenset(free), frozenset()),))
    after = working_calendar()
    set_years_of_office(())
    for number in range(-30, 366):
        day = date(2026, 1, 1) + timedelta(days=number)
        of_office = day.weekday() < 5 and day not in free
        expected = of_office if day.year == 2026 else before.is_working_day(day)
        assert after.is_working_day(day) == expected


def test_two_administrators_do_it_in_their_browsers(browser: Client, second: User) -> None:
    typed = {"act": "propose", "year": "2027", "notice": NOTICE, "holidays": HOLIDAYS}
    refused_page = browser.post("/administration/calendar", typed | {"working": "x"})
    assert refused_page.status_code == 422
    assert "国庆节" in refused_page.content.decode(), "nothing typed is lost"
    answer = browser.post("/administration/calendar", typed | {"working": ""}, follow=True)
    assert "须由另一名管理员确认" in answer.content.decode()
    other = Client()
    other.force_login(second)
    assert "录入一年的安排" not in other.get("/administration/calendar").content.decode()
    pk = YearOfWorkingDays.objects.get().pk
    done = other.post("/administration/calendar", {"act": "confirm", "which": pk}, follow=True)
    assert "已知的节假日安排到 2027-12-31" in done.content.decode()
