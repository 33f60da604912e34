"""Which columns of a table are read, and what is said of those that are not there."""

from datetime import date
from typing import Any

import pytest

from jifen.policy.policy import Policy
from jifen.scoring.population.columns import ColumnPlan, TableError, plan_columns
from jifen.scoring.population.program import build_program
from tests.policy.faults import HERE, policy

ON = date(2023, 8, 1)
NAMES = [
    "age",
    "insured_months",
    "insured_months_last_12",
    "base_ratio",
    "education",
    "permit_valid",
    "serious_crime",
    "detention_count_5y",
]


def full() -> Policy:
    return policy((HERE / "printed" / "full.yaml").read_text("utf-8"))


def plan(names: list[str], **how: Any) -> ColumnPlan:
    options: dict[str, Any] = {"assumed": {}, "keep": None, "results": ("total",), **how}
    return plan_columns(build_program(full().rules_on(ON)), names, **options)


def refused(names: list[str], **how: Any) -> list[tuple[str, str]]:
    with pytest.raises(TableError) as error:
        plan(names, **how)
    said = [(fault("zh"), fault("en")) for fault in error.value.faults]
    assert str(error.value) == "\n".join(en for _, en in said)
    return said


def test_columns_are_read_by_their_names_and_the_others_are_kept() -> None:
    found = plan(["person", *NAMES, "age_not_applicable", "note"])
    assert found.sources == {name: (name,) for name in found.sources}
    assert set(found.sources) == set(NAMES)
    assert found.kept == ("person", "note")
    assert plan([*NAMES, "person", "note"], keep=["note"]).kept == ("note",)
    assert plan([*NAMES, "person"], keep=[]).kept == ()


def test_a_column_of_the_city_comes_first_and_a_birth_date_gives_the_age() -> None:
    assert plan(["sample.age", *NAMES]).sources["age"] == ("sample.age",)
    assert plan(["other.age", *NAMES]).sources["age"] == ("age",)
    without = [name for name in NAMES if name != "age"]
    assert plan([*without, "birth_date"]).sources["age"] == ("birth_date",)
    assert plan([*NAMES, "birth_date"]).sources["age"] == ("age", "birth_date")


def test_what_is_assumed_needs_no_column() -> None:
    without = [name for name in NAMES if name != "education"]
    found = plan(without, assumed={"education": "college"})
    assert (found.sources["education"], found.assumed) == ((), {"education": "college"})
    assert plan(NAMES, assumed={"education": "college"}).sources["education"] == ("education",)


def test_a_missing_column_is_named_with_what_it_is_for() -> None:
    [(zh, en)] = refused([name for name in NAMES if name != "base_ratio"] + ["base_rato"])
    assert en == (
        "the column 'base_ratio' is missing (Base ratio); it is needed for: Contribution base. Is "
        "it the column 'base_rato'? Add it, or say what holds for everybody: --assume "
        "base_ratio=… (or =unknown)"
    )
    assert zh == (
        "缺少 base_ratio 列（基数倍数），用于：缴费基数。是否就是 base_rato 列？请补上此列，"
        "或以 --assume base_ratio=… 说明人人相同的值（=unknown 表示未知）。"
    )
    [(zh, en)] = refused([name for name in NAMES if name != "age"])
    assert en.startswith(
        "the column 'age' (or 'birth_date') is missing (Age); it is needed for: Age, Permit, "
        "Permit valid. Add it"
    )
    assert zh.startswith(
        "缺少 age 列（或 birth_date 列）（年龄），用于：年龄、持证、居住证有效。请补上"
    )


def test_all_that_is_wrong_with_a_table_is_said_at_once() -> None:
    said = refused(
        [*NAMES, "note", "note", "total"],
        assumed={"agee": 3, "zzzz": 1},
        keep=["total", "notes", "xxxx"],
    )
    assert [en for _, en in said] == [
        "the column 'note' is there twice: rename one",
        "--assume: there is no fact 'agee'; did you mean 'age'?",
        "--assume: there is no fact 'zzzz'",
        "no column 'notes' to keep; did you mean 'note'?",
        "no column 'xxxx' to keep",
        "the column 'total' has the name of a result: rename it, or choose what to keep (--keep)",
    ]
    assert [zh for zh, _ in said] == [
        "note 列出现了不止一次，请改名或删去。",
        "--assume：没有 agee 这一事实，可能是 age。",
        "--assume：没有 zzzz 这一事实。",
        "要保留的 notes 列不存在，可能是 note。",
        "要保留的 xxxx 列不存在。",
        "原有的 total 列与结果列同名：请改名，或用 --keep 只保留需要的列。",
    ]
