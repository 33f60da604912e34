"""NumPy, in blocks of 16,384 people so that temporaries stay in the caches: also the reference."""

from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

BLOCK = 1 << 14
Columns = dict[str, NDArray[Any]]
EDUCATION = np.array([0, 50, 60, 90, 100, 110], np.int16)
TITLE = np.array([0, 15, 30, 60, 100, 140, 0, 100, 140], np.int16)
AWARD = np.array([0, 30, 60, 110], np.int16)


def prepare(table: pa.Table) -> Columns:
    """Columns as arrays: choices as the numbers of their answers."""
    columns: Columns = {}
    for name in table.column_names:
        column = table.column(name).combine_chunks()
        if pa.types.is_dictionary(column.type):
            column = column.indices
        columns[name] = column.to_numpy(zero_copy_only=False)
    return columns


def run(columns: Columns) -> tuple[NDArray[Any], NDArray[Any]]:
    """Totals (int16) and whether the line is reached."""
    count = len(columns["age"])
    total, reached = np.empty(count, np.int16), np.empty(count, bool)
    for start in range(0, count, BLOCK):
        span = slice(start, start + BLOCK)
        total[span], reached[span] = score_block({name: c[span] for name, c in columns.items()})
    return total, reached


def score_block(v: Columns) -> tuple[NDArray[Any], NDArray[Any]]:
    """One block."""
    age = v["age"].astype(np.int16)
    total = np.where(age > 60, 0, np.where(age >= 56, 5, np.minimum(30, 117 - 2 * age)))
    counts = (v["study_mode"] == 0) | (v["study_place"] < 2)
    education = np.where(counts, EDUCATION[v["education"]], 0)
    title = TITLE[v["title"]]
    title = np.where((title >= 100) & (v["base_1x_months_last_12"] < 6), 0, title)
    total = total + np.maximum(education, title) + v["insured_months"] // 12 * 3
    total += v["entrepreneur"] * 120 + v["startup_intermediary"] * 120 + v["shortage_major"] * 30
    tax = np.minimum(120, v["average_annual_tax"] // 100_000 * 10)
    total += np.maximum(tax, np.minimum(120, v["average_local_staff"] // 10 * 10)).astype(np.int64)
    total += np.select(
        [
            v["base_3x_months_last_36"] >= 24,
            v["base_2x_months_last_48"] >= 36,
            v["base_1x_months_last_48"] >= 36,
            v["base_08x_months_last_48"] >= 36,
        ],
        [120, 100, 50, 25],
        0,
    )
    service, suburb = v["public_service_months"], v["outer_suburb_months"]
    total += np.where(service >= 60, service // 12 * 4, 0)
    starts = np.where(v["outer_suburb_area"] == 0, 12, 60)
    total += np.where(suburb >= starts, np.minimum(20, suburb // 12 * 2), 0)
    total += v["fresh_graduate"] * 10 + AWARD[v["award"]]
    total += np.minimum(40, v["spouse_local_months"] // 12 * 4)
    total = total.astype(np.int64)
    total -= v["false_material_count_3y"] * np.int64(150) + v["detention_count_5y"] * np.int64(50)
    total = np.maximum(0, total - v["ordinary_crime_count_5y"] * np.int64(150))
    eligible = v["permit_valid"] & v["employed_and_insured"] & (v["insured_months_last_12"] >= 6)
    return total.astype(np.int16), eligible & ~v["serious_crime"] & (total >= 120)
