"""Parquet in, scored Parquet out, against pyarrow reading and writing the same columns; and the
memory of a stream of 100 million people.
"""

import os
import subprocess
import sys
import tempfile
from pathlib import Path
from statistics import median

import pyarrow.parquet as pq

from benchmarks.population.kernel import COUNT, time_call
from benchmarks.population_data import ON, build_people
from jifen.cities import load
from jifen.scoring.files.stream import ScoringOrder, score_file

STREAM_PARTS = int(os.environ.get("JIFEN_BENCH_PARTS", "100"))
"""Parts of a million people: ten different ones, by links."""


def run() -> None:
    """The whole way, then the stream."""
    with tempfile.TemporaryDirectory() as name:
        _measure_file(Path(name))
        _measure_stream(Path(name))


def _measure_file(folder: Path) -> None:
    source, target, again = (
        folder / "people.parquet",
        folder / "scored.parquet",
        folder / "again.parquet",
    )
    pq.write_table(build_people(COUNT), source, compression="zstd")
    order = ScoringOrder(load("shanghai", "2018"), ON, source, target)
    names = pq.read_schema(source).names
    score_file(order)
    result = pq.read_table(target)

    def copy_with_pyarrow() -> None:
        pq.read_table(source, columns=names)
        pq.write_table(result, again, compression="zstd")

    copy_with_pyarrow()
    pairs = [(time_call(lambda: score_file(order)), time_call(copy_with_pyarrow)) for _ in range(7)]
    ours, arrow = (median(side) for side in zip(*pairs, strict=True))
    ratio = median(a / b for a, b in pairs)
    print(
        f"Parquet in, scored Parquet out, {COUNT / 1e6:.0f} M people: "
        f"{COUNT / ours / 1e6:.1f} M people/s; pyarrow alone {COUNT / arrow / 1e6:.1f} M/s"
        f"   ×{ratio:.2f}   (at most 1.25)"
    )


def _measure_stream(folder: Path) -> None:
    parts = folder / "parts"
    parts.mkdir()
    for number in range(min(STREAM_PARTS, 10)):
        pq.write_table(build_people(1_000_000, seed=100 + number), folder / f"{number}.parquet")
    for number in range(STREAM_PARTS):
        (parts / f"{number:04}.parquet").symlink_to(folder / f"{number % 10}.parquet")
    command = [str(Path(sys.executable).with_name("jifen")), "score", "shanghai", "--on"]
    command += [ON.isoformat(), str(parts), "-o", str(folder / "stream.parquet"), "--lines"]
    with subprocess.Popen(command, stderr=subprocess.DEVNULL) as process:
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    assert process.returncode == 0, process.returncode
    rows = pq.ParquetFile(folder / "stream.parquet").metadata.num_rows
    assert rows == STREAM_PARTS * 1_000_000, rows
    cpu = usage.ru_utime + usage.ru_stime
    print(
        f"stream of {rows / 1e6:.0f} M people in {STREAM_PARTS} parts, every contribution: "
        f"peak memory {usage.ru_maxrss / 2**20:.2f} GiB   (under 2), {cpu:.0f} core-seconds"
    )
