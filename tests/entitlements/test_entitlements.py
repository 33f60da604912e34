"""What is open: the worked cases, what is missing since when, faulty files, nothing guessed."""

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jifen import cities
from jifen.entitlements import (
    EntitlementState,
    KnownStatus,
    assess_entitlement,
    load_entitlements,
    read_entitlements,
)
from jifen.entitlements.worked_cases import EntitlementCase, load_cases
from jifen.policy.fault import PolicyError

CITIES = ("shanghai", "chengdu")
CASES = [(city, case) for city in CITIES for case in load_cases(city)]
ON = date(2026, 3, 1)
FLAG = st.sampled_from([None, False, True])
KNOWN = st.builds(
    KnownStatus,
    permit=FLAG,
    permit_months=st.one_of(st.none(), st.integers(0, 100)),
    all_months=st.one_of(st.none(), st.integers(0, 100)),
    points=FLAG,
    points_by=st.sampled_from([None, "2018", "2024"]),
    notice=FLAG,
    notice_until=st.sampled_from([None, ON, date(2026, 2, 28)]),
    met=st.dictionaries(
        st.sampled_from(
            ["child_lives_with_holder", "insured_seven_years", "permit_of_eight_and_one"]
        ),
        st.booleans(),
    ),
)
ORDER = {EntitlementState.NOT_OPEN: 0, EntitlementState.UNKNOWN: 1, EntitlementState.OPEN: 2}


def _names(value: object) -> str:
    return value.id if isinstance(value, EntitlementCase) else str(value)


@pytest.mark.parametrize(("city", "case"), CASES, ids=_names)
def test_the_worked_case_opens_what_it_says(city: str, case: EntitlementCase) -> None:
    there = {one.id: one for one in load_entitlements(city).list_in_force(case.on)}
    found = {name: assess_entitlement(there[name], case.known, case.on) for name in case.expect}
    assert {name: str(one.state) for name, one in found.items()} == dict(case.expect)
    missing = [m for one in found.values() for m in one.missing]
    if case.since:
        assert missing[0].since == case.since
    if case.opens_on:
        assert [m.opens_on for m in missing if m.opens_on] == [case.opens_on]


def test_the_national_part_has_three_rights_six_services_and_seven_conveniences() -> None:
    for city in CITIES:
        groups = [
            one.group for one in load_entitlements(city).list_in_force(ON) if one.group != "local"
        ]
        counted = {group: groups.count(group) for group in ("right", "service", "convenience")}
        assert counted == {"right": 3, "service": 6, "convenience": 7}
    assert not [
        one
        for one in load_entitlements("shanghai").list_in_force(date(2015, 12, 31))
        if one.id == "vehicle"
    ]


def test_shanghai_says_plainly_that_points_are_not_household_registration() -> None:
    found = load_entitlements("shanghai")
    assert found.plainly.zh.startswith("积分不是落户")
    assert found.plainly.en.startswith("Points are not household registration")
    settlement = [one for one in found.entitlements if one.route == "settlement"]
    assert settlement
    assert not any(one.needs.points or one.needs.notice for one in settlement)


@given(KNOWN)
def test_points_alone_never_open_registration_in_shanghai(known: KnownStatus) -> None:
    more = replace(known, points=True)
    for one in load_entitlements("shanghai").list_in_force(ON):
        if one.route != "points":
            assert assess_entitlement(one, known, ON) == assess_entitlement(one, more, ON)


@given(KNOWN, st.sampled_from(["permit", "points", "notice"]))
def test_knowing_more_good_things_closes_nothing(known: KnownStatus, name: str) -> None:
    better = {
        "permit": replace(known, permit=True),
        "points": replace(known, points=True),
        "notice": replace(known, notice=True),
    }[name]
    for city in CITIES:
        for one in load_entitlements(city).list_in_force(ON):
            before, after = assess_entitlement(one, known, ON), assess_entitlement(one, better, ON)
            assert ORDER[after.state] >= ORDER[before.state]


@given(KNOWN)
def test_every_answer_has_its_reasons(known: KnownStatus) -> None:
    for one in load_entitlements("shanghai").list_in_force(ON):
        found = assess_entitlement(one, known, ON)
        assert (found.state is EntitlementState.OPEN) == (not found.missing)
        assert (found.state is EntitlementState.NOT_OPEN) == any(m.known for m in found.missing)
        assert all(m.words.zh and m.words.en for m in found.missing)


def test_points_are_asked_by_versions_of_the_measure_that_there_are() -> None:
    for city in CITIES:
        versions = {one.version for one in cities.find_city(city).versions}
        for one in load_entitlements(city).entitlements:
            assert set(one.needs.measures) <= versions, one.id


@given(KNOWN)
def test_who_settled_is_told_that_nothing_is_missing_of_settlement(known: KnownStatus) -> None:
    one = next(
        e
        for e in load_entitlements("chengdu").list_in_force(ON)
        if e.id == "settlement_by_line_2024"
    )
    found = assess_entitlement(one, replace(known, settled_on=ON), ON)
    assert (found.state, found.missing) == (EntitlementState.DONE, ())
    assert (
        assess_entitlement(one, replace(known, settled_on=date(2026, 3, 2)), ON).state
        is not EntitlementState.DONE
    )


def test_what_is_not_in_force_is_not_asked() -> None:
    one = next(e for e in load_entitlements("chengdu").entitlements if e.id == "settlement_by_rank")
    with pytest.raises(ValueError, match="'settlement_by_rank' is not in force on 2026-03-01"):
        assess_entitlement(one, KnownStatus(), ON)


def test_what_agencies_say_is_unsure_and_a_first_day_not_seen_is_said() -> None:
    found = {one.id: one for one in load_entitlements("shanghai").entitlements}
    for name in ("school_admission_order", "home_property_tax_relief", "lingang_home"):
        assert found[name].provenance.confidence == "unsure"
        assert found[name].provenance.note.zh
    assert found["schooling_by_district"].since_confidence == "unsure"
    assert found["vehicle"].since_confidence == "certain"


FILE = cities.ROOT / "shanghai" / "entitlements.yaml"


@pytest.mark.parametrize(
    ("change", "to", "code", "words"),
    [
        ("    needs: {permit: true}\n", "    needs: {}\n", "JF-W001", "nothing that is needed"),
        ("    from: 2022-10-01\n", "    from: 2022-10-01\n    until: 2022-01-01\n", "JF-W002", ""),
        ("needs: {permit: true}", "needs: {permit: true, points: true}", "JF-W003", "no points"),
        ("      points: true\n", "", "JF-W003", "or another route"),
        ("      permit_years: 7\n", "", "JF-W004", "permit_years"),
        ('    cite: "S38; S40"\n', "", "JF-W005", "certain without a source"),
        (
            "needs: {permit: true}",
            'needs: {permit: true, measures: ["2018"]}',
            "JF-W006",
            "points: true",
        ),
        ("    route: permit\n", "    route: permits\n", "JF-P013", "write 'permit'"),
        ("      permit_years: 3\n", "      permit_year: 3\n", "JF-P010", "permit_years"),
    ],
)
def test_a_faulty_file_says_where_and_what(
    tmp_path: Path, change: str, to: str, code: str, words: str
) -> None:
    text = FILE.read_text("utf-8")
    assert change in text
    faulty = tmp_path / "entitlements.yaml"
    faulty.write_text(text.replace(change, to, 1), "utf-8")
    with pytest.raises(PolicyError) as error:
        read_entitlements(faulty)
    assert [fault.code for fault in error.value.faults] == [code], str(error.value)
    assert words in str(error.value)
    assert error.value.faults[0].place.line > 1
