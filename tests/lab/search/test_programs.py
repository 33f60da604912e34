"""A program put together from tables is the one that the measure itself would give."""

from random import Random

import numpy as np
import pytest

from jifen.lab.scoring import score_people
from jifen.lab.search.programs import VariantPrograms
from jifen.lab.search.space import Space, space_of
from jifen.policy.fault import PolicyError
from jifen.scoring.population.program import Program, build_programs
from tests.lab.search.briefs import FIGURES, POINTS, brief, document, read_text
from tests.people.changed_policies import ON, SHANGHAI, Packed

ANY = {"people": 100}


def _space(figures: list[str]) -> Space:
    return space_of(SHANGHAI, brief(figures, ANY), ON)


def _flags(people: object, program: Program) -> np.ndarray[tuple[int, ...], np.dtype[np.uint8]]:
    [scored] = score_people(people, [program], ON)  # type: ignore[arg-type]
    return scored.flags


def test_every_choice_gives_everybody_what_the_measure_gives(packed: Packed) -> None:
    people = packed("shanghai", "2018", 3_000, unknown=0.05)
    space, random = _space(list(FIGURES)), Random(3)
    programs = VariantPrograms(space, ON)
    for _ in range(25):
        choice = tuple(random.randrange(len(figure.values)) for figure in space.figures)
        [whole] = build_programs((space.apply_choice(choice, "a-try").rules_on(ON),))
        mine = programs.build_program(choice)
        assert mine.threshold_on(ON) == whole.threshold_on(ON)
        assert np.array_equal(_flags(people, mine), _flags(people, whole)), choice
        [first], [second] = score_people(people, [mine], ON), score_people(people, [whole], ON)
        assert np.array_equal(first.total, second.total), choice


def test_the_extremes_lie_around_every_choice() -> None:
    space, random = _space(list(FIGURES)), Random(5)
    programs = VariantPrograms(space, ON)
    lowest, highest = programs.extremes
    for _ in range(50):
        choice = tuple(random.randrange(len(figure.values)) for figure in space.figures)
        program = programs.build_program(choice)
        assert lowest.least <= program.least <= program.most <= highest.most
        for low, table, high in zip(lowest.points, program.points, highest.points, strict=True):
            assert low.least <= table.least
            assert table.most <= high.most


@pytest.mark.parametrize(
    ("figure", "direction"),
    [
        ("doctor", 1),
        ("insurance", 1),
        ("line", -1),
        ("bonus_cap", 1),
        ("months", -1),
        ("detention", 1),
    ],
)
def test_a_figure_says_whether_it_brings_people_or_takes_them_away(
    figure: str, direction: int
) -> None:
    assert VariantPrograms(_space([figure, "bachelor"]), ON).directions[0] == direction


def test_values_that_go_up_and_down_have_no_direction() -> None:
    made = document(["bachelor"], ANY)
    made["vary"][0]["values"] = [70, 100, 80]
    space = space_of(SHANGHAI, read_text(str(made)), ON)
    assert VariantPrograms(space, ON).directions == (None,)


def test_figures_of_one_table_are_tried_in_every_combination() -> None:
    made = document(["insurance", "bachelor"], ANY)
    made["vary"].append(
        {
            "id": "every",
            "label": {"zh": "e", "en": "e"},
            "paths": ["indicators.insurance_years.per_unit.every"],
            "values": ["12 months", "24 months"],
        }
    )
    text = str(made).replace("'every'", "'every_months'", 1)
    space = space_of(SHANGHAI, read_text(text), ON)
    elements = VariantPrograms(space, ON).elements
    sizes = sorted((element.figures, len(element.programs)) for element in elements)
    assert [figures for figures, _ in sizes] == [(0, 2), (1,)]
    assert sizes[0][1] == len(space.figures[0].values) * len(space.figures[2].values)


def test_what_today_is_stands_among_the_values() -> None:
    made = document(["bachelor"], ANY)
    made["vary"][0]["values"] = [70, 80, 100]
    [figure] = space_of(SHANGHAI, read_text(str(made)), ON).figures
    assert figure.words == ("70", "80", "90", "100")
    assert figure.today == 2


def test_a_part_that_is_not_searched_is_refused_where_it_stands() -> None:
    made = document(["bachelor"], ANY)
    made["vary"][0]["paths"] = ["contributions.includes_filing_month"]
    made["vary"][0]["values"] = [True, False]
    with pytest.raises(PolicyError) as caught:
        VariantPrograms(space_of(SHANGHAI, read_text(str(made)), ON), ON)
    [fault] = caught.value.faults
    assert (fault.code, fault.found) == (
        "JF-L007",
        "the path 'contributions.includes_filing_month'",
    )
    assert fault.remedy == "compare changes of other parts with jifen lab reform"


def test_a_path_that_leads_nowhere_is_named() -> None:
    made = document(["bachelor"], ANY)
    made["vary"][0]["paths"] = [f"{POINTS}bachelor_with_degre"]
    with pytest.raises(PolicyError, match="bachelor_with_degre"):
        VariantPrograms(space_of(SHANGHAI, read_text(str(made)), ON), ON)


def test_too_many_combinations_of_one_table_are_refused() -> None:
    made = document(["insurance"], ANY)
    made["vary"][0] |= {"range": {"from": 1, "to": 60, "step": 1}}
    del made["vary"][0]["values"]
    made["vary"].append(
        {
            "id": "months",
            "label": {"zh": "e", "en": "e"},
            "paths": ["indicators.insurance_years.per_unit.every"],
            "values": [f"{n} months" for n in range(1, 62)],
        }
    )
    with pytest.raises(PolicyError) as caught:
        VariantPrograms(space_of(SHANGHAI, read_text(str(made)), ON), ON)
    [fault] = caught.value.faults
    assert fault.found == "3,660 combinations of the figures of 'indicators.insurance_years'"
    assert fault.expected == "at most 2,000 for an indicator"
