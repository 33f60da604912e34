"""People kept ready give what `compare_reforms` gives, whatever a draft changes."""

import pytest

from jifen.cities import load
from jifen.lab.reforms import compare_reforms
from jifen.lab.reforms.serialization import reform_to_dict, reforms_to_tables
from jifen.lab.scoring import score_people
from jifen.lab.warm import WarmPeople
from jifen.scoring.population.program import build_programs
from tests.measures import WITH_LINE, a_day
from tests.people.changed_policies import Packed, change_policy

CHANGES: tuple[dict[str, str], ...] = (
    {"indicators__education__choice__points__bachelor_with_degree": "80"},
    {"indicators__education__choice__points__bachelor_with_degree": "300"},
    {"decision__lines__0__points": "105"},
    {"indicators__age": "null"},
    {"indicators__insurance_years__per_unit__each": "5", "indicators__title": "null"},
    {"indicators__contribution_base__first_of__steps__0__points": "60"},
    {"conditions__insured_six_months": "null"},
    {"groups__education_or_title__combine": "sum"},
    {"groups__basic__most": "90"},
    {"floor": "40"},
    {"indicators__contribution_base__first_of__steps__0__when": "base_3x_months_last_36 >= 30"},
    {"indicators__age__scale__bands__0__points": "33"},
)


@pytest.mark.parametrize("unknown", [0.0, 0.02])
def test_one_draft_after_another(packed: Packed, unknown: float) -> None:
    policy = load("shanghai", "2018")
    on = a_day(policy)
    people = packed("shanghai", "2018", 3_000, unknown=unknown)
    warm = WarmPeople(people, threads=2)
    groups = ["age:10", "education", "title"]
    for number, changes in enumerate((*CHANGES, CHANGES[0])):
        reform = change_policy(policy, **changes)
        kept = warm.compare_reform(policy, reform, on, groups=groups)
        [plain] = compare_reforms(people, policy, [reform], on, groups=groups)
        assert reform_to_dict(kept) == reform_to_dict(plain), number
        assert reforms_to_tables([kept]) == reforms_to_tables([plain]), number


@pytest.mark.parametrize(("city", "version"), WITH_LINE)
@pytest.mark.parametrize("unknown", [0.0, 0.02])
def test_totals_and_flags_of_every_measure_are_those_of_the_kernel(
    packed: Packed, city: str, version: str, unknown: float
) -> None:
    policy = load(city, version)
    on = a_day(policy)
    people = packed(city, version, 1_500, unknown=unknown)
    (program,) = build_programs((policy.rules_on(on),))
    [plain] = score_people(people, [program], on)
    kept, _ = WarmPeople(people).score_pair(program, program, on)
    assert kept.total.tolist() == plain.total.tolist()
    assert kept.flags.tolist() == plain.flags.tolist()
    assert kept.most.tolist() == plain.most.tolist()
