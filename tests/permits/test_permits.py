"""The residence permit over the years: dates in, dates out."""

from contextlib import suppress
from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jifen.cities import ROOT
from jifen.permits import (
    Dwelling,
    NoPermitRules,
    PermitActRefused,
    PermitCard,
    PermitState,
    check_automatic_endorsement,
    endorse_card,
    find_early_endorsement,
    issue_card,
    list_month_statuses,
    permit_rules_on,
    read_permit_rules,
    restore_card,
)
from jifen.permits.card import cancel_card, find_permit_status
from jifen.policy.fault import PolicyError

SHANGHAI = permit_rules_on("shanghai", date(2025, 1, 1))
CHENGDU = permit_rules_on("chengdu", date(2025, 1, 1))
ISSUED = date(2024, 10, 20)
CARD = PermitCard(ISSUED, ISSUED)
DAYS = st.dates(date(2018, 1, 1), date(2030, 12, 31))


def test_a_permit_needs_half_a_year_of_registration_and_a_ground() -> None:
    with pytest.raises(PermitActRefused, match="from 2025-02-28 on") as refused:
        issue_card(SHANGHAI, date(2024, 8, 31), "stable_job", date(2025, 2, 27))
    assert "2025-02-28" in refused.value.words.zh
    card = issue_card(SHANGHAI, date(2024, 8, 31), "stable_job", date(2025, 2, 28))
    assert card.valid_until == date(2026, 2, 28)
    with pytest.raises(PermitActRefused) as refused:
        issue_card(SHANGHAI, date(2020, 1, 1), "tourism", date(2025, 1, 1))
    assert refused.value.code == "JF-E010"


@pytest.mark.parametrize(
    ("rules", "first"), [(SHANGHAI, date(2025, 9, 20)), (CHENGDU, date(2025, 9, 20))]
)
def test_endorsement_opens_before_the_full_year(rules: object, first: date) -> None:
    with pytest.raises(PermitActRefused, match="Endorsement opens on"):
        endorse_card(rules, CARD, first - timedelta(days=1))  # type: ignore[arg-type]
    assert endorse_card(rules, CARD, first).valid_until == date(2026, 10, 20)  # type: ignore[arg-type]


def test_a_month_before_is_not_thirty_days_before() -> None:
    card = PermitCard(date(2024, 3, 31), date(2024, 3, 31))
    assert find_permit_status(CHENGDU, card, date(2025, 1, 1)).opens_on == date(2025, 2, 28)
    assert find_permit_status(SHANGHAI, card, date(2025, 1, 1)).opens_on == date(2025, 3, 1)


@pytest.mark.parametrize(
    ("late", "status", "until", "since"),
    [
        (0, PermitState.VALID, date(2026, 10, 20), ISSUED),
        (1, PermitState.SUSPENDED, date(2026, 10, 20), ISSUED),
        (60, PermitState.SUSPENDED, date(2026, 10, 20), ISSUED),
        (61, PermitState.LAPSED, date(2026, 12, 20), date(2025, 12, 20)),
    ],
)
def test_within_sixty_days_years_continue(
    late: int, status: PermitState, until: date, since: date
) -> None:
    day = date(2025, 10, 20) + timedelta(days=late)
    assert find_permit_status(SHANGHAI, CARD, day).state is status
    made_up = endorse_card(SHANGHAI, CARD, day)
    assert (made_up.valid_until, made_up.anchor) == (until, since)


def test_by_the_national_rule_years_begin_again_at_once() -> None:
    made_up = endorse_card(CHENGDU, CARD, date(2025, 10, 21))
    assert made_up.anchor == date(2025, 10, 21)


def test_the_readings_of_the_sources_are_switches() -> None:
    late = date(2025, 10, 20) + timedelta(days=61)
    with pytest.raises(PermitActRefused) as refused:
        endorse_card(SHANGHAI.with_reading("new_card"), CARD, late)
    assert refused.value.code == "JF-E014"
    again = SHANGHAI.with_reading("register_again")
    assert endorse_card(again, CARD, late).anchor == late
    with pytest.raises(PermitActRefused, match="register again"):
        endorse_card(again, CARD, date(2025, 10, 20) + timedelta(days=91))
    with pytest.raises(ValueError, match="is none of"):
        CHENGDU.with_reading("new_card")


def test_restoration_for_a_cause_within_a_year() -> None:
    day = date(2026, 10, 20)
    assert restore_card(SHANGHAI, CARD, day, "illness").anchor == ISSUED
    for on, ground, code in (
        (date(2025, 10, 20), "illness", "JF-E017"),
        (date(2026, 10, 21), "illness", "JF-E017"),
        (day, "holiday", "JF-E018"),
    ):
        with pytest.raises(PermitActRefused) as refused:
            restore_card(SHANGHAI, CARD, on, ground)
        assert refused.value.code == code
    with pytest.raises(PermitActRefused) as refused:
        restore_card(CHENGDU, CARD, day, "illness")
    assert refused.value.code == "JF-E016"


@pytest.mark.parametrize(
    ("dwelling", "reason"),
    [
        (Dwelling("own_home"), ""),
        (Dwelling("registered_rental", date(2025, 10, 20)), ""),
        (Dwelling("registered_rental", date(2025, 10, 19)), "lease_ends"),
        (Dwelling("registered_rental"), "lease_ends"),
        (Dwelling("other"), "dwelling"),
        (Dwelling("own_home", changed=True), "address_changed"),
    ],
)
def test_automatic_endorsement(dwelling: Dwelling, reason: str) -> None:
    found = check_automatic_endorsement(SHANGHAI, CARD, dwelling)
    assert found is not None
    assert (found.first, found.last) == (date(2025, 9, 30), date(2025, 10, 5))
    assert (found.reason, found.is_granted) == (reason, not reason)
    assert bool(found.words.zh) == bool(reason)
    assert check_automatic_endorsement(CHENGDU, CARD, dwelling) is None


def test_early_endorsement_for_the_school_season() -> None:
    card = PermitCard(date(2025, 5, 10), date(2025, 5, 10))
    asked = date(2026, 2, 1)
    found = find_early_endorsement(SHANGHAI, card, asked)
    assert found is not None
    assert (found.opens_on, found.window_opens_on, found.days_saved) == (
        date(2026, 1, 1),
        date(2026, 4, 10),
        68,
    )
    assert endorse_card(SHANGHAI, card, asked, from_day=found.opens_on).valid_until == date(
        2027, 5, 10
    )
    assert find_early_endorsement(SHANGHAI, card, date(2025, 12, 31)) is None
    assert (
        find_early_endorsement(SHANGHAI, card, date(2026, 4, 10)) is None
    )  # the common window is open
    assert find_early_endorsement(SHANGHAI, CARD, date(2025, 8, 1)) is None  # ends in October


def test_months_are_shown_one_by_one() -> None:
    late = date(2025, 12, 1)
    cards = [(ISSUED, CARD), (late, endorse_card(SHANGHAI, CARD, late))]
    found = {row.month: row for row in list_month_statuses(SHANGHAI, cards, date(2026, 1, 15))}
    assert next(iter(found)) == "2024-10"
    assert found["2025-10"].state is PermitState.SUSPENDED
    assert found["2025-11"].counted_months == 13
    assert found["2025-12"].state is PermitState.VALID
    assert found["2026-01"].counted_months == 14
    assert list_month_statuses(SHANGHAI, [], late) == []


@given(issued=DAYS, years=st.integers(1, 12))
def test_endorsed_on_any_day_of_the_window_every_year_nothing_is_lost(
    issued: date, years: int
) -> None:
    card = PermitCard(issued, issued)
    for year in range(1, years + 1):
        now = find_permit_status(SHANGHAI, card, card.valid_until)
        day = now.opens_on + timedelta(days=(year * 7) % 31)
        card = endorse_card(SHANGHAI, card, min(day, card.valid_until))
    assert card.anchor == issued
    assert (card.valid_until.year, card.valid_until.month) == (
        issued.year + years + 1,
        issued.month,
    )
    leap = (issued.month, issued.day) == (2, 29)
    assert card.valid_until.day == issued.day or (leap and card.valid_until.day == 28)
    on = card.valid_until
    assert find_permit_status(SHANGHAI, card, on).counted_months == 12 * (years + 1)


@given(
    issued=DAYS,
    late=st.integers(-40, 500),
    reading=st.sampled_from(SHANGHAI.late_endorsement.readings),
)
def test_an_endorsement_never_shortens_a_permit_and_gives_a_year_at_most(
    issued: date, late: int, reading: str
) -> None:
    card = PermitCard(issued, issued)
    day = card.valid_until + timedelta(days=late)
    after = None
    with suppress(PermitActRefused):
        after = endorse_card(SHANGHAI.with_reading(reading), card, day)
    if after is None:
        assert late < -30 or reading != "years_anew"
        return
    assert after.valid_until > max(card.valid_until, day) or late < 0
    assert after.valid_until > card.valid_until
    assert (after.valid_until - day).days <= 366 + 30
    assert (after.anchor == issued) == (late <= SHANGHAI.grace_period_days)
    before, now = find_permit_status(SHANGHAI, card, day), find_permit_status(SHANGHAI, after, day)
    assert now.state is PermitState.VALID
    assert now.counted_months <= max(before.counted_months, 0) or now.counted_since == issued


@given(issued=DAYS, after=st.integers(0, 1_000))
def test_a_permit_is_in_exactly_one_state_and_never_comes_back_by_itself(
    issued: date, after: int
) -> None:
    card = PermitCard(issued, issued)
    order = (PermitState.VALID, PermitState.SUSPENDED, PermitState.LAPSED)
    here, next_ = (
        find_permit_status(SHANGHAI, card, issued + timedelta(days=after + n)).state for n in (0, 1)
    )
    assert order.index(here) <= order.index(next_)
    cancelled = cancel_card(card, issued + timedelta(days=after))
    assert (
        find_permit_status(SHANGHAI, cancelled, issued + timedelta(days=after)).state
        is PermitState.CANCELLED
    )
    with pytest.raises(PermitActRefused):
        endorse_card(SHANGHAI, cancelled, issued + timedelta(days=after + 1))
    assert (
        find_permit_status(SHANGHAI, card, issued - timedelta(days=1)).state is PermitState.NOT_YET
    )


def test_every_edition_is_dated_and_the_unsure_says_so() -> None:
    assert permit_rules_on("shanghai", date(2017, 12, 31)).id == "shanghai-2013"
    assert SHANGHAI.late_endorsement.provenance.confidence == "unsure"
    with pytest.raises(NoPermitRules):
        permit_rules_on("chengdu", date(2015, 12, 31))


@pytest.mark.parametrize(
    ("old", "new", "code"),
    [
        ('opens_days: 30, cite: "S33; S36"', 'cite: "S33"', "JF-E001"),
        ("readings: [years_anew, ", "readings: [", "JF-E002"),
        ("      register_again_after_days: 90\n", "", "JF-E003"),
        ('"04-01"', '"4-1"', "JF-E004"),
        ("last_days: 15", "last_days: 25", "JF-E005"),
        ("    until: 2017-12-31\n", "", "JF-E006"),
    ],
)
def test_faults_of_a_file_name_the_place(tmp_path: Path, old: str, new: str, code: str) -> None:
    text = (ROOT / "shanghai" / "permit.yaml").read_text("utf-8")
    assert old in text
    (tmp_path / "permit.yaml").write_text(text.replace(old, new), "utf-8")
    with pytest.raises(PolicyError) as error:
        read_permit_rules(tmp_path / "permit.yaml")
    assert code in {fault.code for fault in error.value.faults}
