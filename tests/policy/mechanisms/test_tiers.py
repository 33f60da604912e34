"""tiers: a rate that depends on how many units there are, for the part or for the whole."""

from datetime import date

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from jifen.policy.policy import Policy
from jifen.scoring import assess
from jifen.scoring.device import NotRepresentable, build_device_document
from jifen.scoring.population.scorer import score_population
from tests.policy.faults import MINIMAL, policy
from tests.policy.mechanisms.tools import codes, points, sound, vocabulary

STEPS = "steps: [{from: 0 months, each: 4}, {from: 48 months, each: 6}]"
WORK = f"tiers: {{of: insured_months, every: 12 months, count: marginal, {STEPS}}}"
WHOLE = WORK.replace("marginal", "whole").replace("48 months", "60 months")


@pytest.mark.parametrize(
    ("months", "marginal", "whole"),
    [(0, 0, 0), (11, 0, 0), (12, 4, 4), (59, 16, 16), (60, 22, 30), (71, 22, 30), (72, 28, 36)],
)
def test_a_tier_gives_for_its_part_or_for_the_whole(months: int, marginal: int, whole: int) -> None:
    """Dongguan's item 4 in both readings: four years at 4, then 6; from five years all at 6."""
    assert points(WORK, insured_months=months) == marginal
    assert points(WHOLE, insured_months=months) == whole


def test_a_cap_and_what_does_not_apply() -> None:
    assert points(WORK.replace("steps:", "most: 20, steps:"), insured_months=72) == 20
    assert points(WORK, insured_months=None) == 0


def test_below_the_first_tier_there_is_nothing() -> None:
    late = WORK.replace("from: 0 months", "from: 24 months")
    assert [points(late, insured_months=n) for n in (23, 24, 35, 36, 48, 60)] == [0, 0, 0, 4, 8, 14]


@given(st.integers(0, 720), st.integers(0, 720))
def test_between_its_breaks_points_only_rise(one: int, other: int) -> None:
    score = sound(WORK).compile_score(1)
    low, high = sorted((one, other))
    assert score({"insured_months": low}) <= score({"insured_months": high})


def test_the_words_say_which_part() -> None:
    for text, en, zh in (
        (WORK, "the part from 48 months on, every full 12 months: 6 points", "以上的部分"),
        (WHOLE, "from 60 months on, all of it by every full 12 months: 6 points", "全部按"),
    ):
        assert en in sound(text).describe_rule(vocabulary(), "en")
        assert zh in sound(text).describe_rule(vocabulary(), "zh")


@pytest.mark.parametrize(
    ("old", "new", "code"),
    [
        ("from: 48 months", "from: 0 months", "JF-P026"),
        ("from: 48 months", "from: 4 years", "JF-P031"),
        ("from: 48 months", "from: 4.5 months", "JF-P026"),
        ("every: 12 months", "every: 0 months", "JF-P014"),
        ("of: insured_months", "of: tax", "JF-P028"),
        ("count: marginal", "count: margin", "JF-P013"),
    ],
)
def test_faulty_tiers_are_told(old: str, new: str, code: str) -> None:
    assert code in codes(WORK.replace(old, new))


def _measure(mechanism: str) -> Policy:
    lines = f"  - id: work\n    label: {{zh: 工作, en: Work}}\n    group: basic\n    {mechanism}\n"
    added = f"indicators:\n{lines}    confidence: likely\n"
    return policy(MINIMAL.replace("indicators:\n", added, 1))


@pytest.mark.parametrize("mechanism", [WORK, WHOLE, WHOLE.replace("each: 6", "each: -6")])
def test_the_compiled_loop_gives_what_one_person_gets(mechanism: str) -> None:
    measure, on = _measure(mechanism), date(2024, 6, 1)
    months = [*range(721), None]
    table = pa.table({"insured_months": pa.array(months, pa.int32())})
    assume = {fact_id: ... for fact_id in measure.rules_on(on).used if fact_id != "insured_months"}
    scored = score_population(measure, table, on=on, lines=True, assume=assume)
    ends = ("points_work", "points_work_least", "points_work_most")
    columns = [scored[name].to_pylist() for name in ends if name in scored.column_names]
    for row, known in enumerate(months):
        result = assess(measure, {} if known is None else {"insured_months": known}, on)
        bounds = next(line for line in result.lines if line.indicator.id == "work").bounds
        told = [column[row] for column in columns]
        assert tuple(told[-2:]) == bounds, known


def test_a_measure_with_tiers_is_left_to_the_site() -> None:
    measure = _measure(WORK)
    with pytest.raises(NotRepresentable):
        build_device_document(measure.rules_on(date(2024, 6, 1)), date(2024, 6, 1))
