"""OpenFisca: a variable for every fact and for every indicator, vectorised formulas.

Answers are enumerations, encoded before, as its guide has it. The system is built once; a run sets
the inputs of a simulation and asks for total and verdict.
"""

from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray
from openfisca_core.entities import build_entity
from openfisca_core.indexed_enums import Enum
from openfisca_core.periods import DateUnit
from openfisca_core.simulations import SimulationBuilder
from openfisca_core.taxbenefitsystems import TaxBenefitSystem
from openfisca_core.variables import Variable

from benchmarks.peers import numpy_shanghai, polars_shanghai

MONTH = "2025-06"
PERSON = build_entity(key="person", plural="persons", label="a person", is_person=True)
Inputs = dict[str, NDArray[Any]]


def _points_by_answer(answers: Any, table: dict[str, int]) -> Any:
    """Points by answer: one comparison for each answer that gives any."""
    every = answers.possible_values
    given = {answer: points for answer, points in table.items() if points}
    conditions = [answers == every[answer] for answer in given]
    return np.select(conditions, list(given.values()), 0)


def _is_answer(answers: Any, answer: str) -> Any:
    return answers == answers.possible_values[answer]


def _fact_variable(name: str, kind: Any) -> type[Variable]:
    declared = {"entity": PERSON, "definition_period": DateUnit.MONTH, "label": name}
    if isinstance(kind, type) and issubclass(kind, Enum):
        answers: Any = kind
        declared |= {"possible_values": answers, "default_value": next(iter(answers))}
        kind = Enum
    return type(name, (Variable,), declared | {"value_type": kind})


def _formula_variable(name: str, kind: type, work: Any) -> type[Variable]:
    def formula(person: Any, period: Any) -> Any:
        return work(lambda fact: person(fact, period))

    declared = {"value_type": kind, "entity": PERSON, "definition_period": DateUnit.MONTH}
    return type(name, (Variable,), declared | {"label": name, "formula": formula})


def _contribution_base_points(v: Any) -> Any:
    held = (
        v("base_3x_months_last_36") >= 24,
        v("base_2x_months_last_48") >= 36,
        v("base_1x_months_last_48") >= 36,
        v("base_08x_months_last_48") >= 36,
    )
    return np.select(held, (120, 100, 50, 25), 0)


def _age_points(v: Any) -> Any:
    age = v("age")
    return np.where(age > 60, 0, np.where(age >= 56, 5, np.minimum(30, 117 - 2 * age)))


def _title_points(v: Any) -> Any:
    points = _points_by_answer(v("title"), polars_shanghai.TITLE)
    return np.where((points >= 100) & (v("base_1x_months_last_12") < 6), 0, points)


def _outer_suburb_points(v: Any) -> Any:
    months = v("outer_suburb_months")
    starts = np.where(_is_answer(v("outer_suburb_area"), "lingang"), 12, 60)
    return np.where(months >= starts, np.minimum(20, months // 12 * 2), 0)


def _public_service_points(v: Any) -> Any:
    months = v("public_service_months")
    return np.where(months >= 60, months // 12 * 4, 0)


INDICATORS: dict[str, Any] = {
    "p_age": _age_points,
    "p_education": lambda v: np.where(
        _is_answer(v("study_mode"), "full_time") | ~_is_answer(v("study_place"), "elsewhere"),
        _points_by_answer(v("education"), polars_shanghai.EDUCATION),
        0,
    ),
    "p_title": _title_points,
    "p_insurance": lambda v: v("insured_months") // 12 * 3,
    "p_entrepreneur": lambda v: v("entrepreneur") * 120,
    "p_intermediary": lambda v: v("startup_intermediary") * 120,
    "p_shortage": lambda v: v("shortage_major") * 30,
    "p_tax": lambda v: np.minimum(120, v("average_annual_tax") // 100_000 * 10),
    "p_jobs": lambda v: np.minimum(120, (v("average_local_staff") // 10 * 10).astype(np.int32)),
    "p_base": _contribution_base_points,
    "p_service": _public_service_points,
    "p_suburb": _outer_suburb_points,
    "p_graduate": lambda v: v("fresh_graduate") * 10,
    "p_award": lambda v: _points_by_answer(v("award"), polars_shanghai.AWARD),
    "p_spouse": lambda v: np.minimum(40, v("spouse_local_months") // 12 * 4),
    "p_false": lambda v: v("false_material_count_3y") * -150,
    "p_detention": lambda v: v("detention_count_5y") * -50,
    "p_crime": lambda v: v("ordinary_crime_count_5y") * -150,
}
_SUMMED = [name for name in INDICATORS if name not in ("p_education", "p_title", "p_tax", "p_jobs")]


def _total(v: Any) -> Any:
    total = np.maximum(v("p_education"), v("p_title")) + np.maximum(v("p_tax"), v("p_jobs"))
    for name in _SUMMED:
        total = total + v(name)
    return np.maximum(0, total)


def _reached(v: Any) -> Any:
    eligible = v("permit_valid") & v("employed_and_insured") & (v("insured_months_last_12") >= 6)
    return eligible & ~v("serious_crime") & (v("total") >= 120)


def _typed(name: str, column: Any, kind: Any, table: pa.Table) -> tuple[Any, Any]:
    """A fact in the types that OpenFisca keeps: bool, float32, int32, or an encoded answer."""
    if pa.types.is_dictionary(kind):
        answers = table.column(name).chunk(0).dictionary.to_pylist()
        every = Enum(name, {answer: answer for answer in answers})
        return every, every.encode(column.astype(np.int16))
    if column.dtype.kind == "b":
        return bool, column
    return (
        (float, column.astype(np.float32))
        if column.dtype.kind == "f"
        else (int, column.astype(np.int32))
    )


def prepare(table: pa.Table) -> tuple[TaxBenefitSystem, Inputs]:
    """The system, and the inputs in the types that it keeps."""
    plain = numpy_shanghai.prepare(table)
    system = TaxBenefitSystem([PERSON])
    typed: Inputs = {}
    for name, column in plain.items():
        kind, typed[name] = _typed(name, column, table.schema.field(name).type, table)
        system.add_variable(_fact_variable(name, kind))
    for name, work in INDICATORS.items():
        system.add_variable(_formula_variable(name, int, work))
    system.add_variable(_formula_variable("total", int, _total))
    system.add_variable(_formula_variable("reached", bool, _reached))
    return system, typed


def run(prepared: tuple[TaxBenefitSystem, Inputs]) -> tuple[NDArray[Any], NDArray[Any]]:
    """A simulation of everybody."""
    system, inputs = prepared
    simulation = SimulationBuilder().build_default_simulation(system, count=len(inputs["age"]))
    for name, column in inputs.items():
        simulation.set_input(name, MONTH, column)
    return simulation.calculate("total", MONTH), simulation.calculate("reached", MONTH)
