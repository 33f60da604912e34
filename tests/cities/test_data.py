"""The shipped data: complete, consistent, dated, cited."""

import re
from dataclasses import replace
from datetime import date, timedelta
from itertools import pairwise
from pathlib import Path

import pytest

from jifen.cities import find_city, index, load, refuse_same_prefix
from jifen.cities.city_files import load_shared_sources
from jifen.policy.fault import PolicyError
from jifen.policy.model import Basis, Rules
from tests.measures import VERSIONS, days

# The contract's ids: they are never renamed, and none may go missing.
SHANGHAI = [
    "contributions",
    "permit",
    "birth_date",
    "permit_valid",
    "employed_and_insured",
    "insured_months",
    "insured_months_last_12",
    "education",
    "study_mode",
    "study_place",
    "title",
    "base_1x_months_last_12",
    "base_08x_months_last_48",
    "base_1x_months_last_48",
    "base_2x_months_last_48",
    "base_3x_months_last_36",
    "entrepreneur",
    "startup_intermediary",
    "shortage_major",
    "fresh_graduate",
    "average_annual_tax",
    "average_local_staff",
    "public_service_months",
    "outer_suburb_months",
    "outer_suburb_area",
    "award",
    "spouse_local_months",
    "false_material_dates",
    "detention_dates",
    "ordinary_crime_dates",
    "serious_crime",
    "family_planning_breach",
    "age",
    "false_material_count_3y",
    "detention_count_5y",
    "ordinary_crime_count_5y",
]
CHENGDU = [
    "contributions",
    "permit",
    "birth_date",
    "permit_valid",
    "legal_residence",
    "employed_six_months",
    "pension_months",
    "medical_months",
    "pension_base_ratio",
    "permit_months",
    "permit_area",
    "area_months",
    "zone_group",
    "zone_months",
    "settlement_area",
    "star_talent",
    "qualification",
    "award",
    "veteran_merit",
    "volunteer_hours",
    "blood_ml_last_12",
    "charity_yuan_last_36",
    "bad_credit_dates",
    "detoxification_dates",
    "detention_dates",
    "criminal_record",
    "banned_organisation",
    "sex",
    "home",
    "home_years",
    "college",
    "talent_route",
    "layout_group",
    "layout_months",
    "moved_home_months",
    "moved_home_and_job_months",
    "shortage_occupation",
    "honour",
    "income_tax_last_year",
    "contest_award",
    "startup_with_five_staff",
    "incubator",
    "criminal_punishments",
    "family_planning_breach",
    "age",
    "bad_credit_count_3y",
    "detoxification_count",
    "detention_count",
]
BEIJING = [
    "birth_date",
    "age",
    "permit_valid",
    "retired",
    "criminal_record",
    "insured_run_months",
    "made_up_months",
    "insured_months",
    "own_home_months",
    "education",
    "study_overlap_months",
    "outer_home_years",
    "outer_home_and_work_years",
    "innovation_points",
    "tax_years",
    "honour",
    "tax_offences",
    "detentions",
]
BEIJING_LINES = [
    "employment",
    "own_home",
    "rented_home",
    "education",
    "study_overlap",
    "location",
    "innovation",
    "tax",
    "age",
    "honour",
    "tax_offences",
    "detentions",
]
CHOICES = {
    ("beijing", "education"): (
        "none college bachelor_one_paper bachelor master_one_paper master doctor_one_paper doctor"
    ),
    ("shanghai", "education"): "none college bachelor bachelor_with_degree master doctor",
    ("shanghai", "study_mode"): "full_time part_time",
    ("shanghai", "study_place"): "shanghai hukou_province elsewhere",
    ("shanghai", "title"): (
        "none level_5 level_4 level_3 level_2 level_1 junior intermediate senior"
    ),
    ("shanghai", "outer_suburb_area"): "lingang other",
    ("shanghai", "award"): "none special comprehensive provincial",
    ("chengdu", "zone_group"): "none central eastward southward northward westward",
    ("chengdu", "star_talent"): "none one two three",
    ("chengdu", "qualification"): (
        "none junior_title middle_title senior_title junior_worker middle_worker senior_worker "
        "technician senior_technician"
    ),
    ("chengdu", "award"): "none national provincial municipal county",
    ("chengdu", "veteran_merit"): "none first second third",
    ("chengdu", "sex"): "female male",
    ("chengdu", "home"): "none registered_rent own",
    ("chengdu", "layout_group"): "none eastward southward northward",
    ("chengdu", "honour"): "none national provincial municipal",
    ("chengdu", "contest_award"): "none national provincial municipal",
}


@pytest.mark.parametrize("version", ["2017", "2020"])
def test_the_lines_of_beijing_are_those_of_the_contract(version: str) -> None:
    policy = load("beijing", version)
    assert policy.id == "beijing-points"
    assert [i.id for i in policy.rules_on(policy.since).indicators] == BEIJING_LINES


@pytest.mark.parametrize(
    ("city", "ids"), [("shanghai", SHANGHAI), ("chengdu", CHENGDU), ("beijing", BEIJING)]
)
def test_every_fact_of_the_contract_is_known(city: str, ids: list[str]) -> None:
    vocabulary = load(city, index()[city].versions[-1].version).vocabulary
    assert [ident for ident in ids if ident not in vocabulary] == []


@pytest.mark.parametrize(("where", "words"), CHOICES.items(), ids=str)
def test_the_choices_are_those_of_the_contract(where: tuple[str, str], words: str) -> None:
    city, ident = where
    vocabulary = load(city, index()[city].versions[-1].version).vocabulary
    assert set(vocabulary[ident].ids) == set(words.split())


@pytest.mark.parametrize(("city", "version"), VERSIONS)
def test_the_index_of_the_city_agrees_with_the_policy_file(city: str, version: str) -> None:
    policy, listed = load(city, version), index()[city].find_version(version)
    assert (policy.id, policy.version, policy.city) == (index()[city].policy, version, city)
    assert (policy.since, policy.until) == (listed.since, listed.until)


def test_versions_do_not_overlap() -> None:
    for city in index().values():
        for earlier, later in pairwise(city.versions):
            assert earlier.until is not None
            assert earlier.until < later.since


def test_chengdu_has_no_rule_between_the_trial_and_the_second_measure() -> None:
    city = index()["chengdu"]
    assert city.version_on(date(2020, 1, 1)) is None
    assert city.version_on(date(2020, 8, 27)) is None
    assert city.version_on(date(2020, 8, 28)) is not None


def _bases(rules: Rules) -> list[Basis]:
    return [
        *(indicator.basis for indicator in rules.indicators),
        *(group.basis for group in rules.groups),
        *(requirement.basis for requirement in rules.requirements),
        *(caution.basis for caution in rules.cautions),
        *(line.basis for line in rules.decision.thresholds),
        *(months.basis for months in rules.contributions.deferred),
    ]


@pytest.mark.parametrize(("city", "version"), VERSIONS)
def test_what_is_certain_has_a_source(city: str, version: str) -> None:
    policy = load(city, version)
    for day in days(policy):
        for basis in _bases(policy.rules_on(day)):
            assert basis.confidence != "certain" or basis.sources, basis


@pytest.mark.parametrize(("city", "version"), VERSIONS)
def test_every_source_that_is_cited_is_listed(city: str, version: str) -> None:
    policy = load(city, version)
    listed = {source.id for source in policy.sources}
    cited = {o.id: o.basis.sources for o in policy.overlays}
    cited |= {s.id: s.basis.sources for s in policy.switches}
    for ident, sources in cited.items():
        assert set(sources) <= listed, ident


@pytest.mark.parametrize(("city", "version"), VERSIONS)
def test_every_point_on_which_sources_disagree_shows_both_readings(city: str, version: str) -> None:
    for switch in load(city, version).switches:
        assert len(switch.readings) >= 2
        assert switch.basis.confidence in ("likely", "unsure")


def test_the_average_wage_has_no_gap_and_no_double_month() -> None:
    for series in load("shanghai", "2018").series:
        for earlier, later in pairwise(series.steps):
            assert later.since == earlier.until + 1


def test_no_two_cities_have_numbers_that_begin_alike() -> None:
    assert {city.prefix for city in index().values()} >= {"SH", "CH", "BJ"}
    third = replace(find_city("chengdu"), id="changsha")
    with pytest.raises(PolicyError, match=r"the prefix CH of changsha and of chengdu"):
        refuse_same_prefix(index() | {"changsha": third})


@pytest.mark.parametrize(("city", "version"), VERSIONS)
def test_the_lines_cover_the_time_in_force(city: str, version: str) -> None:
    policy = load(city, version)
    decision = policy.rules_on(policy.since).decision
    lines = decision.thresholds
    if not decision.has_threshold:
        assert decision.mode == "rank"
        return
    assert lines[0].since <= policy.since
    for earlier, later in pairwise(lines):
        assert earlier.until is not None
        assert later.since == earlier.until + timedelta(days=1)
    assert lines[-1].until is None or lines[-1].until == policy.until


_ROOT = Path(__file__).parents[2] / "src" / "jifen"
_CHINESE = "\u4e00-\u9fff"
# A comma, colon, semicolon, question mark or bracket of Latin width beside a Chinese character.
_NARROW = re.compile(f"[{_CHINESE}][,;?!](?! )|[{_CHINESE}]:(?=[{_CHINESE}])|\\([{_CHINESE}]")


def test_chinese_words_stand_with_chinese_punctuation() -> None:
    for path in sorted((_ROOT / "cities").rglob("*.yaml")):
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
            code = line.split(" #")[0] if not line.lstrip().startswith("#") else ""
            for text in re.findall(r'zh: ("[^"]*"|[^,{}]*)', code):
                assert not _NARROW.search(text), f"{path.name}:{number}: {text}"


# The measures as they were read before their files took defaults, shared facts and shared sources.
HASHES = {
    "shanghai 2013": "sha256:c28f3e2d67db658aa962b4cc0b107ce361c59027a7dd38b3968a2fef8fd130b1",
    "shanghai 2015": "sha256:da7543955a9d272bf8b5b2f799e742abc1f4de94fa4feaa207c5c6c8e44d8e70",
    "shanghai 2018": "sha256:1bcc39d8a64bc946a0b2024971a3000fe1a37db75ed3a144abaaf2a086433b5c",
    "chengdu 2018": "sha256:ba875513f007972bf7f979024206275b05619df2b5ee73c15223ef680b16caa8",
    "chengdu 2020": "sha256:1a2d161b3ab2eb51ac4b2cc4f7c85244b964a443b8e2c6e5a0d0a64018d2c59b",
    "chengdu 2024": "sha256:4754207714358a1381a72881021d5f3db4e512e90312f9ddff8ac381baec66c3",
}


@pytest.mark.parametrize("name", HASHES)
def test_what_is_read_is_what_the_longer_files_said(name: str) -> None:
    assert load(*name.split()).hash == HASHES[name]


def test_every_source_that_is_shared_is_cited_by_two_versions_or_more() -> None:
    for city in index().values():
        cited = [s.id for version in city.versions for s in load(city.id, version.version).sources]
        for ident in load_shared_sources(city.folder):
            assert cited.count(ident) >= 2, (city.id, ident)
