"""A made-up city with nothing but what a city must have: its index, its facts, one measure with a
few worked cases. No procedure, permit rules, lists, entitlements, moves, margins."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

_POLICY = Path(__file__).parents[1] / "policy"
CITY = """\
id: sample
label: {zh: 示例市, en: Sample}
about: {zh: 只作示例。, en: An example only.}
prefix: XY
policy: sample-points
versions:
  - {version: "2020", file: points-2020.yaml, from: 2020-01-01}
"""
CASES = """\
on: 2023-08-01
given:
  birth_date: 1983-01-01
  insured_months: 61
  insured_months_last_12: 12
  base_ratio: 2.5
  education: college
  permit_valid: true
  serious_crime: false
  detention_dates: []
cases:
  - id: C1
    label: {zh: 全部已知, en: All is known}
    expect: {total: 75, reached: true, vetoed: false, lines: {insurance: 15, education: 10}}
  - id: C2
    label: {zh: 学历未知, en: Education is open}
    facts: {education: absent}
    expect: {total: null, bounds: [65, 85], reached: true}
"""


def write_small_city(folder: Path, *, line: str = "60") -> Path:
    """The files of the city in a folder of its own; `line`: the points to be reached."""
    folder.mkdir(parents=True)
    policy = (_POLICY / "minimal.yaml").read_text("utf-8")
    policy = policy.replace("until: 2024-12-31", "until: null")
    policy = policy.replace("points: 60, confidence", f"points: {line}, confidence")
    (folder / "city.yaml").write_text(CITY, "utf-8")
    (folder / "facts.yaml").write_text((_POLICY / "facts.yaml").read_text("utf-8"), "utf-8")
    (folder / "points-2020.yaml").write_text(policy, "utf-8")
    (folder / "points-2020.cases.yaml").write_text(CASES, "utf-8")
    return folder


@contextmanager
def small_city_among_the_others(folder: Path, *, line: str = "60") -> Iterator[Path]:
    """The small city beside the shipped ones, as long as the block lasts."""
    own = write_small_city(folder / "sample", line=line)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("JIFEN_CITIES", str(folder))
        yield own


OPTIONAL = sorted(path.name for path in (Path(__file__).parent / "optional_files").iterdir())
"""The files that a city may have beside those that it must have."""


def add_optional(folder: Path, *names: str) -> None:
    """Put optional files into the folder of the small city."""
    for name in names:
        text = (Path(__file__).parent / "optional_files" / name).read_text("utf-8")
        (folder / name).write_text(text, "utf-8")


PERSON = {
    "birth_date": "1983-01-01",
    "insured_months": 61,
    "insured_months_last_12": 12,
    "base_ratio": 2.5,
    "education": "college",
    "permit_valid": True,
    "serious_crime": False,
    "detention_dates": [],
}
ROWS = """\
age,insured_months,insured_months_last_12,base_ratio,education,permit_valid,serious_crime,detention_count_5y
40,61,12,2.5,college,true,false,0
40,61,12,2.5,,true,false,0
"""
