"""Polars: one lazy selection over the same narrow columns, all threads."""

from typing import Any

import polars as pl
import pyarrow as pa
from numpy.typing import NDArray

EDUCATION = {"none": 0, "college": 50, "bachelor": 60, "bachelor_with_degree": 90}
EDUCATION |= {"master": 100, "doctor": 110}
TITLE = {"none": 0, "level_5": 15, "level_4": 30, "level_3": 60, "level_2": 100, "level_1": 140}
TITLE |= {"junior": 0, "intermediate": 100, "senior": 140}
AWARD = {"none": 0, "special": 30, "comprehensive": 60, "provincial": 110}


def prepare(table: pa.Table) -> pl.LazyFrame:
    """A frame; answers are categories."""
    frame = pl.from_arrow(table)
    assert isinstance(frame, pl.DataFrame)
    return frame.lazy()


def run(frame: pl.LazyFrame) -> tuple[NDArray[Any], NDArray[Any]]:
    """Totals and whether the line is reached."""
    total = _total().alias("total")
    eligible = pl.col("permit_valid") & pl.col("employed_and_insured")
    eligible = eligible & (pl.col("insured_months_last_12") >= 6) & ~pl.col("serious_crime")
    scored = frame.select(total, eligible.alias("open"))
    scored = scored.with_columns(reached=pl.col("open") & (pl.col("total") >= 120))
    result = scored.select("total", "reached").collect()
    return result["total"].to_numpy(), result["reached"].to_numpy()


def _points(column: str, points: dict[str, int]) -> pl.Expr:
    # comparing categories is several times faster here than replace_strict
    chosen: Any = pl
    for answer, value in points.items():
        chosen = chosen.when(pl.col(column) == answer).then(pl.lit(value, pl.Int16))
    found: pl.Expr = chosen.otherwise(pl.lit(0, pl.Int16))
    return found


def _step(condition: pl.Expr, points: int) -> pl.Expr:
    return pl.when(condition).then(pl.lit(points, pl.Int16)).otherwise(pl.lit(0, pl.Int16))


def _units(column: str, every: int, each: int) -> pl.Expr:
    return (pl.col(column) // every).cast(pl.Int16) * pl.lit(each, pl.Int16)


def _total() -> pl.Expr:
    age = pl.col("age").cast(pl.Int16)
    by_age = pl.when(age > 60).then(0).when(age >= 56).then(5)
    points = by_age.otherwise(pl.min_horizontal(pl.lit(30, pl.Int16), 117 - 2 * age))
    counts = (pl.col("study_mode") == "full_time") | (pl.col("study_place") != "elsewhere")
    education = pl.when(counts).then(_points("education", EDUCATION)).otherwise(0)
    title = _points("title", TITLE)
    title = (
        pl.when((title >= 100) & (pl.col("base_1x_months_last_12") < 6)).then(0).otherwise(title)
    )
    points = points + pl.max_horizontal(education, title) + _units("insured_months", 12, 3)
    points = points + _step(pl.col("entrepreneur"), 120)
    points = points + _step(pl.col("startup_intermediary"), 120)
    points = points + _step(pl.col("shortage_major"), 30) + _step(pl.col("fresh_graduate"), 10)
    tax = pl.min_horizontal(pl.lit(120, pl.Int16), _units("average_annual_tax", 100_000, 10))
    jobs = pl.min_horizontal(pl.lit(120, pl.Int16), _units("average_local_staff", 10, 10))
    points = points + pl.max_horizontal(tax, jobs)
    base: Any = pl.when(pl.col("base_3x_months_last_36") >= 24).then(120)
    base = base.when(pl.col("base_2x_months_last_48") >= 36).then(100)
    base = base.when(pl.col("base_1x_months_last_48") >= 36).then(50)
    points = points + base.when(pl.col("base_08x_months_last_48") >= 36).then(25).otherwise(0)
    service = pl.when(pl.col("public_service_months") >= 60)
    points = points + service.then(_units("public_service_months", 12, 4)).otherwise(0)
    starts = pl.when(pl.col("outer_suburb_area") == "lingang").then(12).otherwise(60)
    years = pl.min_horizontal(pl.lit(20, pl.Int16), _units("outer_suburb_months", 12, 2))
    points = points + pl.when(pl.col("outer_suburb_months") >= starts).then(years).otherwise(0)
    spouse = pl.min_horizontal(pl.lit(40, pl.Int16), _units("spouse_local_months", 12, 4))
    points = points + _points("award", AWARD) + spouse
    for column, each in (
        ("false_material_count_3y", 150),
        ("detention_count_5y", 50),
        ("ordinary_crime_count_5y", 150),
    ):
        points = points - pl.col(column).cast(pl.Int16) * each
    return pl.max_horizontal(points, pl.lit(0, pl.Int16))
