"""People in a store of objects and in folders that hold a column, as on this machine."""

import json
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from typing import Any
from urllib.parse import quote
from urllib.request import Request, urlopen

import boto3
import pyarrow as pa
import pyarrow.csv as pa_csv
import pyarrow.parquet as pq
import pytest
from moto.server import ThreadedMotoServer
from typer.testing import CliRunner

from jifen.cities import load
from jifen.cli.app import app
from jifen.lab.people import draw_people, load_margins
from jifen.scoring.files.file_faults import FileFault
from jifen.scoring.files.inputs import open_people
from jifen.scoring.files.locations import list_folder, read_address
from tests.people.changed_policies import ON
from tests.people.tables import build_table

RUNNER = CliRunner()
BUCKET = "people"
POLICY = load("shanghai", "2018")


@pytest.fixture
def store(monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    """A client of a server that speaks S3, to which the variables of AWS point."""
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    monkeypatch.setenv("AWS_ENDPOINT_URL", f"http://{host}:{port}")
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "jifen")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "a-secret-of-the-tests")
    from jifen.scoring.files import locations

    locations._connect_filesystem.cache_clear()
    client = boto3.client("s3", endpoint_url=f"http://{host}:{port}", region_name="us-east-1")
    with urlopen(Request(f"http://{host}:{port}/moto-api/reset", method="POST")):
        pass
    client.create_bucket(Bucket=BUCKET)
    yield client
    server.stop()
    locations._connect_filesystem.cache_clear()


@pytest.fixture(scope="module")
def parts(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Three parts of a population."""
    folder = tmp_path_factory.mktemp("parts")
    table = build_table(POLICY.rules_on(ON), 900, 9, unknown=0.003, conduct=False)
    for number in range(3):
        pq.write_table(table.slice(number * 300, 300), folder / f"{number}.parquet")
    return folder


@pytest.fixture(scope="module")
def by_district(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """People in a folder for each district, which is no column of the files; `whole.parquet`."""
    folder = tmp_path_factory.mktemp("hive")
    table = draw_people(load_margins("shanghai"), 600, 4, unknown=0.002)
    names = table.column("district").to_pylist()
    kept = sorted(set(names))[:3]
    rows = [n for n, name in enumerate(names) if name in kept]
    table = table.take(pa.array(sorted(rows, key=lambda n: names[n])))
    pq.write_table(table, folder / "whole.parquet")
    for name in kept:
        place = folder / "parts" / f"district={quote(name)}"
        place.mkdir(parents=True)
        some = table.filter(pa.compute.equal(table.column("district").cast(pa.string()), name))
        pq.write_table(some.drop_columns(["district"]), place / "part-0.parquet")
    (folder / "parts" / "_SUCCESS").write_text("", encoding="utf-8")
    return folder


def run(*words: str | Path, code: int = 0) -> Any:
    done = RUNNER.invoke(app, [*map(str, words), "--on", str(ON)])
    assert done.exit_code == code, (done.output, done.stderr, done.exception)
    return done


def put_folder(store: Any, folder: Path, under: str) -> None:
    for file in folder.rglob("*"):
        if file.is_file():
            store.upload_file(str(file), BUCKET, f"{under}/{file.relative_to(folder).as_posix()}")


def test_an_address_survives_being_a_path() -> None:
    assert read_address(Path("s3://bucket/a/b.parquet")) == "s3://bucket/a/b.parquet"
    assert read_address(Path("file:///tmp/x")) == "file:///tmp/x"
    assert read_address(Path("/tmp/x")) is None
    assert read_address(Path("a/b")) is None


def test_a_partition_is_a_group(by_district: Path) -> None:
    words = ("lab", "run", "shanghai")
    told = [
        json.loads(run(*words, by_district / place, "--by", "district", "--json").stdout)
        for place in ("parts", "whole.parquet")
    ]
    assert len(told[0]["groups"]["district"]) == 3
    assert told[0] == told[1]


def test_a_partition_that_is_a_fact_counts(by_district: Path, tmp_path: Path) -> None:
    """The folders may be called by a fact, or its label, with answers or their labels."""
    table = pq.read_table(by_district / "whole.parquet")
    pq.write_table(table, tmp_path / "whole.parquet")
    labels = {"college": "大专、高职", "bachelor_with_degree": "bachelor_with_degree"}
    education = table.column("education").cast(pa.string()).to_pylist()
    rows = [n for answer in labels for n, told in enumerate(education) if told == answer]
    pq.write_table(table.take(pa.array(rows)), tmp_path / "whole.parquet")
    for answer, label in labels.items():
        place = tmp_path / "parts" / f"学历学位={label}"
        place.mkdir(parents=True)
        some = table.take(pa.array([n for n, told in enumerate(education) if told == answer]))
        pq.write_table(some.drop_columns(["education"]), place / "p.parquet")
    for name in ("parts", "whole.parquet"):
        run("score", "shanghai", tmp_path / name, "-o", tmp_path / f"{name}.out.parquet")
    parted, whole = (
        pq.read_table(tmp_path / f"{name}.out.parquet") for name in ("parts", "whole.parquet")
    )
    assert whole.num_rows > 20
    key = [("total_least", "ascending"), ("total_most", "ascending")]
    columns = ["total_least", "total_most", "reached"]
    assert parted.sort_by(key).select(columns) == whole.sort_by(key).select(columns)


def test_folders_without_a_column_are_not_read(by_district: Path) -> None:
    (by_district / "parts" / "old").mkdir(exist_ok=True)
    pq.write_table(pa.table({"a": [1]}), by_district / "parts" / "old" / "p.parquet")
    assert len(list_folder(by_district / "parts", (".parquet",))) == 3


def test_folders_with_other_columns_are_refused(by_district: Path, tmp_path: Path) -> None:
    for name in ("district=a", "origin=b"):
        (tmp_path / name).mkdir()
        pq.write_table(pa.table({"age": [30]}), tmp_path / name / "p.parquet")
    with pytest.raises(FileFault, match="district"):
        open_people(tmp_path)


def test_a_folder_of_a_store_is_scored_into_the_store(
    store: Any, parts: Path, tmp_path: Path
) -> None:
    put_folder(store, parts, "in")
    run("score", "shanghai", parts, "-o", tmp_path / "here.parquet", "--lines")
    run(
        "score",
        "shanghai",
        f"s3://{BUCKET}/in",
        "-o",
        f"s3://{BUCKET}/out/there.parquet",
        "--lines",
    )
    store.download_file(BUCKET, "out/there.parquet", str(tmp_path / "there.parquet"))
    assert (tmp_path / "there.parquet").read_bytes() == (tmp_path / "here.parquet").read_bytes()


def test_the_lab_reads_partitions_text_and_mappings_of_a_store(
    store: Any, by_district: Path, parts: Path, tmp_path: Path
) -> None:
    put_folder(store, by_district / "parts", "hive")
    words = ("lab", "run", "shanghai")
    more = ("--by", "district", "--json")
    there = json.loads(run(*words, f"s3://{BUCKET}/hive", *more).stdout)
    assert there == json.loads(run(*words, by_district / "parts", *more).stdout)
    pa_csv.write_csv(pq.read_table(parts / "0.parquet"), tmp_path / "people.csv")
    store.upload_file(str(tmp_path / "people.csv"), BUCKET, "people.csv")
    told = [
        json.loads(run(*words, place, "--json").stdout)
        for place in (f"s3://{BUCKET}/people.csv", tmp_path / "people.csv")
    ]
    assert told[0] == told[1]


def test_a_cluster_reached_by_its_address_scores_a_folder_of_a_store(
    store: Any, parts: Path, tmp_path: Path
) -> None:
    """Workers read their parts from the store themselves."""
    distributed: Any = import_module("distributed")

    put_folder(store, parts, "in")
    run("score", "shanghai", parts, "-o", tmp_path / "here.parquet")
    options: Any = {"dashboard_address": ":0", "silence_logs": 50, "threads_per_worker": 1}
    with distributed.LocalCluster(n_workers=2, processes=True, **options) as cluster:
        address = cluster.scheduler_address
        assert address.startswith("tcp://")
        source = f"s3://{BUCKET}/in"
        run("score", "shanghai", source, "-o", tmp_path / "there.parquet", "--cluster", address)
        told = run("lab", "run", "shanghai", source, "--json", "--exact", "--cluster", address)
    assert (tmp_path / "there.parquet").read_bytes() == (tmp_path / "here.parquet").read_bytes()
    alone = run("lab", "run", "shanghai", parts, "--json", "--exact")
    assert json.loads(told.stdout)["reached"] == json.loads(alone.stdout)["reached"]


@pytest.mark.parametrize("place", ["gopher://host/people.parquet", f"s3://{BUCKET}/none/"])
def test_what_cannot_be_reached_is_told_in_words(store: Any, place: str, tmp_path: Path) -> None:
    done = run("score", "shanghai", place, "-o", tmp_path / "o.parquet", "--lang", "en", code=2)
    words = " ".join(done.stderr.split())
    assert "cannot be reached" in words or "there is no such file" in words.lower()
    assert place.rstrip("/") in words


def test_a_result_in_a_store_cannot_be_resumed(store: Any, parts: Path) -> None:
    target = f"s3://{BUCKET}/out.parquet"
    done = run("score", "shanghai", parts, "-o", target, "--resume", "--lang", "en", code=2)
    assert "--resume does not go with a result in a store" in done.stderr


def test_a_run_that_fails_puts_no_result_into_the_store(
    store: Any, parts: Path, tmp_path: Path
) -> None:
    pq.write_table(pa.table({"age": ["x"]}), tmp_path / "odd.parquet")
    run("score", "shanghai", tmp_path / "odd.parquet", "-o", f"s3://{BUCKET}/o.parquet", code=2)
    assert "Contents" not in store.list_objects_v2(Bucket=BUCKET)
    table = pq.read_table(parts / "0.parquet")
    place = table.column_names.index("education")
    wrong = table.set_column(place, "education", pa.array(["x"] * table.num_rows))
    pq.write_table(wrong, tmp_path / "wrong.parquet")
    run("score", "shanghai", tmp_path / "wrong.parquet", "-o", f"s3://{BUCKET}/o.parquet", code=2)
    listed = [one["Key"] for one in store.list_objects_v2(Bucket=BUCKET)["Contents"]]
    assert listed == ["o.faults.parquet"]  # what could not be used, and no result
