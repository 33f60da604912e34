"""Every worked case of the dossiers, from the data beside the policies."""

from decimal import Decimal

import pytest

from jifen.cities import CityOrId, load
from jifen.cities.worked_cases import WorkedCase, load_cases
from jifen.scoring import assess
from jifen.scoring.selected_people import select_people_of_case
from tests.measures import EXAMPLES, VERSIONS, name_parameter

MEASURES: list[tuple[CityOrId, str]] = [*VERSIONS, *EXAMPLES]
CASES = [(city, version, case) for city, version in MEASURES for case in load_cases(city, version)]


@pytest.mark.parametrize(("city", "version", "case"), CASES, ids=name_parameter)
def test_the_worked_case_gives_what_the_dossier_says(
    city: CityOrId, version: str, case: WorkedCase
) -> None:
    policy = load(city, version)
    if case.people:
        outcome = select_people_of_case(policy, case)
        assert {key: outcome[key] for key in case.expect} == case.expect
        return
    result = assess(policy, case.facts, case.on, readings=case.readings)
    for key, expected in case.expect.items():
        if key == "lines":
            found = {ident: result.points(result.line(ident).scaled_low) for ident in expected}
            assert found == {ident: Decimal(points) for ident, points in expected.items()}
        elif key == "bounds":
            assert list(result.bounds) == [Decimal(end) for end in expected]
        elif key == "total":
            assert result.total == (None if expected is None else Decimal(expected)), result.missing
        else:
            assert getattr(result, key) is expected, (key, result.total, result.missing)


@pytest.mark.parametrize(("city", "version"), VERSIONS)
def test_every_version_has_worked_cases(city: str, version: str) -> None:
    assert len(load_cases(city, version)) >= 3
