"""How a permit stands at the ends of its days, and what is refused there."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from jifen.permits import (
    Dwelling,
    PermitActRefused,
    PermitCard,
    PermitState,
    check_automatic_endorsement,
    describe_late_endorsement,
    endorse_card,
    find_early_endorsement,
    issue_card,
    list_month_statuses,
    permit_rules_on,
    restore_card,
)
from jifen.permits.card import cancel_card, find_permit_status

SHANGHAI = permit_rules_on("shanghai", date(2025, 1, 1))
CHENGDU = permit_rules_on("chengdu", date(2025, 1, 1))
CARD = PermitCard(date(2024, 10, 20), date(2024, 10, 20))
SPRING = PermitCard(date(2025, 5, 10), date(2025, 5, 10))


def test_a_month_is_full_with_the_day_before_the_day_of_the_same_number() -> None:
    counted = [
        find_permit_status(SHANGHAI, CARD, date(2024, 11, day)).counted_months for day in (18, 19)
    ]
    assert counted == [0, 1]
    assert find_permit_status(SHANGHAI, CARD, CARD.issued_on).counted_months == 0
    assert find_permit_status(SHANGHAI, CARD, date(2025, 10, 18)).counted_months == 11


@pytest.mark.parametrize(
    ("on", "status", "months"),
    [
        (date(2024, 10, 19), PermitState.NOT_YET, 0),
        (date(2024, 10, 20), PermitState.VALID, 0),
        (date(2025, 10, 20), PermitState.VALID, 12),
        (date(2025, 10, 21), PermitState.SUSPENDED, 12),
        (date(2025, 12, 18), PermitState.SUSPENDED, 13),
        (date(2025, 12, 19), PermitState.SUSPENDED, 14),
        (date(2025, 12, 20), PermitState.LAPSED, 0),
    ],
)
def test_months_count_while_years_continue_and_are_lost_later(
    on: date, status: PermitState, months: int
) -> None:
    now = find_permit_status(SHANGHAI, CARD, on)
    assert (now.state, now.counted_months) == (status, months)
    assert (now.valid_until, now.counted_since) == (date(2025, 10, 20), CARD.anchor)
    assert (now.opens_on, now.grace_period_until) == (date(2025, 9, 20), date(2025, 12, 19))
    assert now.restore_until == date(2026, 10, 20)


def test_a_cancelled_permit_counts_no_months() -> None:
    day = date(2025, 3, 1)
    cancelled = cancel_card(CARD, day)
    before, now = (find_permit_status(SHANGHAI, cancelled, on) for on in (date(2025, 2, 28), day))
    assert (before.state, before.counted_months) == (PermitState.VALID, 4)
    assert (now.state, now.counted_months) == (PermitState.CANCELLED, 0)


def test_where_no_restoration_is_known_there_is_no_day_for_it() -> None:
    assert find_permit_status(CHENGDU, CARD, date(2025, 10, 21)).restore_until is None


def test_a_window_of_two_months_opens_two_months_before() -> None:
    window = replace(CHENGDU.endorsement, opens_months=2)
    assert window.find_first_day(date(2025, 10, 31)) == date(2025, 8, 31)
    assert CHENGDU.endorsement.find_first_day(date(2025, 10, 31)) == date(2025, 9, 30)


def test_a_permit_is_issued_for_a_year_from_that_day() -> None:
    day = date(2025, 2, 28)
    assert issue_card(SHANGHAI, date(2024, 8, 28), "stable_job", day) == PermitCard(
        day, day, 1, None
    )
    with pytest.raises(PermitActRefused) as refused:
        issue_card(SHANGHAI, date(2024, 9, 1), "stable_job", day)
    assert refused.value.code == "JF-E011"
    assert refused.value.words.en == str(refused.value)
    with pytest.raises(
        PermitActRefused, match=r"^one of: stable_job、stable_residence、continuous_study$"
    ):
        issue_card(SHANGHAI, date(2024, 8, 28), "tourism", day)


@pytest.mark.parametrize(
    ("card", "on", "code"),
    [
        (cancel_card(CARD, date(2025, 9, 1)), date(2025, 9, 25), "JF-E012"),
        (CARD, date(2024, 10, 19), "JF-E012"),
        (CARD, date(2025, 9, 19), "JF-E013"),
    ],
)
def test_an_endorsement_is_refused_with_a_code(card: PermitCard, on: date, code: str) -> None:
    with pytest.raises(PermitActRefused) as refused:
        endorse_card(SHANGHAI, card, on)
    assert refused.value.code == code
    assert refused.value.words.en == str(refused.value)
    assert refused.value.words.zh


def test_ninety_days_late_begins_anew_and_a_day_later_registers_again() -> None:
    again = SHANGHAI.with_reading("register_again")
    last = CARD.valid_until + timedelta(days=90)
    assert endorse_card(again, CARD, last) == PermitCard(CARD.issued_on, last)
    with pytest.raises(PermitActRefused) as refused:
        endorse_card(again, CARD, last + timedelta(days=1))
    assert refused.value.code == "JF-E015"
    assert "90" in refused.value.words.zh
    # the days are those of this reading only
    assert endorse_card(SHANGHAI, CARD, last + timedelta(days=1)).anchor == last + timedelta(days=1)
    no_days = replace(
        again, late_endorsement=replace(again.late_endorsement, register_again_after_days=None)
    )
    assert endorse_card(no_days, CARD, last + timedelta(days=1)).anchor == last + timedelta(days=1)


def test_what_is_restored_is_as_if_endorsed_in_time() -> None:
    for on in (date(2025, 10, 21), date(2026, 10, 20)):
        restored = restore_card(SHANGHAI, CARD, on, "illness")
        assert restored == PermitCard(CARD.issued_on, CARD.anchor, 2)


def test_an_early_day_opens_the_window_and_a_late_one_does_not_close_it() -> None:
    first = date(2026, 4, 10)
    assert endorse_card(SHANGHAI, SPRING, date(2026, 1, 1), from_day=date(2026, 1, 1)).years == 2
    with pytest.raises(PermitActRefused):
        endorse_card(SHANGHAI, SPRING, date(2025, 12, 31), from_day=date(2026, 1, 1))
    assert endorse_card(SHANGHAI, SPRING, first, from_day=date(2026, 4, 30)).years == 2


@pytest.mark.parametrize(
    ("until", "on", "granted"),
    [
        (date(2026, 5, 10), date(2026, 1, 1), True),
        (date(2026, 5, 10), date(2026, 4, 9), True),
        (date(2026, 4, 1), date(2026, 2, 1), True),
        (date(2026, 3, 31), date(2026, 2, 1), False),
        (date(2026, 5, 31), date(2026, 2, 1), True),
        (date(2026, 6, 1), date(2026, 2, 1), False),
    ],
)
def test_the_school_season_has_a_first_and_a_last_day(until: date, on: date, granted: bool) -> None:
    begun = until.replace(year=2025)
    assert bool(find_early_endorsement(SHANGHAI, PermitCard(begun, begun), on)) is granted


def test_only_a_valid_permit_of_a_city_that_knows_it_is_endorsed_early() -> None:
    day = date(2026, 2, 1)
    assert find_early_endorsement(SHANGHAI, SPRING, day)
    assert find_early_endorsement(CHENGDU, SPRING, day) is None
    assert find_early_endorsement(SHANGHAI, cancel_card(SPRING, day), day) is None


def test_a_cancelled_permit_is_not_endorsed_automatically() -> None:
    answer = check_automatic_endorsement(
        SHANGHAI, cancel_card(CARD, date(2025, 1, 1)), Dwelling("own_home")
    )
    assert answer is not None
    assert (answer.reason, answer.is_granted) == ("cancelled", False)
    assert answer.words("en") == "The permit is cancelled."


@pytest.mark.parametrize(
    ("until", "zh", "en"),
    [
        (None, "租赁备案到 不明，", "ends unknown, "),
        (date(2025, 3, 1), "到 2025-03-01，", "2025-03-01"),
    ],
)
def test_a_lease_that_ends_first_is_named_with_its_day(until: date, zh: str, en: str) -> None:
    answer = check_automatic_endorsement(SHANGHAI, CARD, Dwelling("registered_rental", until))
    assert answer is not None
    assert zh in answer.words("zh")
    assert en in answer.words("en")
    assert "2025-10-20" in answer.words("en")


def test_each_reading_of_being_late_has_its_words() -> None:
    anew, new_card, again = (
        describe_late_endorsement(SHANGHAI.with_reading(reading))
        for reading in ("years_anew", "new_card", "register_again")
    )
    assert anew("en") == "Made up later, the years are counted anew from that day."
    assert new_card("en") == "Later a new permit has to be applied for."
    assert again("en").startswith(anew("en"))
    assert again("zh").startswith(anew("zh"))
    assert "More than 90 days late" in again("en")
    assert "超过 90 日" in again("zh")
    rules = SHANGHAI.with_reading("register_again")
    no_days = replace(
        rules, late_endorsement=replace(rules.late_endorsement, register_again_after_days=None)
    )
    assert describe_late_endorsement(no_days) == anew


def test_rules_cover_their_first_and_their_last_day() -> None:
    old = permit_rules_on("shanghai", date(2013, 7, 1))
    assert (old.since, old.until) == (date(2013, 7, 1), date(2017, 12, 31))
    covered = [old.in_force_on(day) for day in (date(2013, 6, 30), old.since, date(2017, 12, 31))]
    assert covered == [False, True, True]
    assert not old.in_force_on(date(2018, 1, 1))
    assert SHANGHAI.in_force_on(date(2018, 1, 1))
    assert not SHANGHAI.in_force_on(date(2017, 12, 31))


def test_a_month_shows_its_last_day_and_the_present_one_today() -> None:
    changed = date(2025, 1, 31)
    cards = [(CARD.issued_on, CARD), (changed, cancel_card(CARD, changed))]
    months = list_month_statuses(SHANGHAI, cards, date(2025, 2, 1))
    assert [(row.month, row.state, row.counted_months) for row in months] == [
        ("2024-10", PermitState.VALID, 0),
        ("2024-11", PermitState.VALID, 1),
        ("2024-12", PermitState.VALID, 2),
        ("2025-01", PermitState.CANCELLED, 0),
        ("2025-02", PermitState.CANCELLED, 0),
    ]
    (today,) = list_month_statuses(SHANGHAI, [(CARD.issued_on, CARD)], date(2024, 10, 25))
    assert (today.month, today.counted_months) == ("2024-10", 0)
