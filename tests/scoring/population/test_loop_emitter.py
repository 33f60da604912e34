"""The emitted loop: valid code for every measure, one loop for several, results past the caches."""

from datetime import date

import llvmlite.binding as llvm
import numpy as np
import pytest

from jifen.cities import load
from jifen.policy.policy import Policy, Reform
from jifen.policy.source import parse_yaml
from jifen.policy.text import Text
from jifen.scoring.population.kernel import Column, Kernel, order_columns
from jifen.scoring.population.lanes import LANES
from jifen.scoring.population.loop_emitter import Emitter, points_dtype
from jifen.scoring.population.program import Program, build_program, build_programs
from tests.measures import VERSIONS, a_day

POLICY, ON = load("shanghai", "2018"), date(2025, 6, 1)
PEOPLE = 3 * LANES + 17


def reformed(**change: str) -> Policy:
    nodes = {path.replace("__", "."): parse_yaml(value, "x") for path, value in change.items()}
    return POLICY.apply_reform(Reform("try", Text("", ""), nodes))


WIDE = reformed(indicators__entrepreneur__condition__points="700")
LOWER = reformed(indicators__education__choice__points__master="50")


def codes_of(program: Program, people: int = PEOPLE) -> list[Column]:
    """People with random codes on every axis of a program, in the order of its columns; few have a
    record that takes points away."""
    draw = np.random.default_rng(7)
    columns = {
        ident: draw.integers(0, axis.size, people, dtype=axis.dtype)
        for ident, axis in program.axes.items()
    }
    for ident, axis in program.axes.items():
        if axis.fact.type == "count":
            columns[ident][draw.random(people) < 0.9] = 0
    return list(order_columns(program, columns))


def scored(
    programs: tuple[Program, ...], *, lines: bool = True, streaming: bool = False
) -> list[list[Column]]:
    """All that a kernel writes of them."""
    kernel = Kernel(programs, lines=lines, streaming=streaming)
    outputs = kernel.allocate_outputs(PEOPLE)
    limits = [program.threshold_on(ON) for program in programs]
    kernel.score(codes_of(programs[0]), outputs, limits, 1)
    return outputs


@pytest.mark.parametrize(("city", "version"), VERSIONS)
def test_every_measure_becomes_valid_code_that_stores_each_result_once(
    city: str, version: str
) -> None:
    policy = load(city, version)
    program = build_program(policy.rules_on(a_day(policy)))
    for lines in (True, False):
        text = str(Emitter((program,), lines=lines, streaming=False).emit_module())
        llvm.parse_assembly(text).verify()
        assert text.count("store ") == 2 + (len(program.points) if lines else 0)
        assert "nontemporal" not in text


def test_results_past_the_caches_are_the_same_results() -> None:
    program = build_program(POLICY.rules_on(ON))
    text = str(Emitter((program,), lines=True, streaming=True).emit_module())
    assert text.count("!nontemporal") == text.count("store ") == 2 + len(program.points)
    for plain, streamed in zip(
        scored((program,))[0], scored((program,), streaming=True)[0], strict=True
    ):
        assert np.array_equal(plain, streamed)


def test_two_measures_in_one_loop_load_each_column_once() -> None:
    pair = build_programs((POLICY.rules_on(ON), LOWER.rules_on(ON)))
    one, both = (
        str(Emitter(programs, lines=False, streaming=False).emit_module())
        for programs in (pair[:1], pair)
    )
    vectors = f"load <{LANES} x "
    assert both.count(vectors) == one.count(vectors) > 0
    assert both.count("store ") == 2 * one.count("store ") == 4


def test_two_measures_in_one_loop_score_as_each_alone() -> None:
    pair = build_programs((POLICY.rules_on(ON), LOWER.rules_on(ON)))
    together = scored(pair)
    assert not np.array_equal(together[0][0], together[1][0])
    for program, found in zip(pair, together, strict=True):
        for alone, shared in zip(scored((program,))[0], found, strict=True):
            assert np.array_equal(alone, shared)


def test_the_points_of_an_indicator_have_the_narrowest_column_that_holds_them() -> None:
    def widths(policy: Policy) -> set[str]:
        return {str(points_dtype(table)) for table in build_program(policy.rules_on(ON)).points}

    assert "uint8" in widths(POLICY)
    assert "int16" in widths(WIDE) - {"uint8"}
    loss = {"precision": "1", "indicators__entrepreneur__condition__points": "9000.5"}
    assert "int32" in widths(reformed(**loss))


def test_without_points_of_indicators_total_and_flags_are_the_same() -> None:
    program = build_program(WIDE.rules_on(ON))
    full, short = scored((program,))[0], scored((program,), lines=False)[0]
    assert (len(full), len(short)) == (2 + len(program.points), 2)
    assert np.array_equal(full[0], short[0])
    assert np.array_equal(full[1], short[1])
