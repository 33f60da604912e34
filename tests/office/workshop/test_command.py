"""`jifen studio`: people of a register are registered with what is known of them; a name that is no
city, a day that is none and a file that is not there end the command in words."""

from pathlib import Path

import pytest
from typer.testing import CliRunner

from jifen.cli.app import app
from jifen.lab.people import generate_batches, load_margins
from jifen.lab.people.draw import schema_of
from jifen.office.audit.models import Entry
from jifen.office.workshop.models import Population

pytestmark = pytest.mark.django_db
HOW = ("--name", "2026 年申请人", "--source", "受理系统导出", "--as-of", "2026-06-30")


@pytest.fixture
def people(tmp_path: Path) -> Path:
    """A table of three hundred people."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    margins = load_margins("shanghai")
    table = pa.Table.from_batches(generate_batches(margins, 300, 7), schema_of(margins, 7))
    path = tmp_path / "people.parquet"
    pq.write_table(table, path)
    return path


def _register(*words: str) -> tuple[int, str]:
    result = CliRunner().invoke(app, ["studio", "register", *words])
    return result.exit_code, result.output


def test_people_are_registered_with_source_day_and_hash(people: Path) -> None:
    status, printed = _register("shanghai", str(people), *HOW, "--office", "beijing")
    assert status == 0, printed
    row = Population.objects.get()
    assert printed.split() == ["300", "people", row.hash]
    assert (row.city, row.people_of, row.label) == ("beijing", "shanghai", "register")
    assert (row.source, f"{row.as_of}", row.state) == ("受理系统导出", "2026-06-30", "ready")
    assert Entry.objects.get(act="studio.population_registered").actor == "system"


def test_what_cannot_be_registered_is_refused(people: Path, tmp_path: Path) -> None:
    status, printed = _register("nowhere", str(people), *HOW)
    assert (status, printed) == (2, "'nowhere' is no city; see `jifen cities`\n")
    status, printed = _register("shanghai", str(tmp_path / "missing.csv"), *HOW)
    assert status == 2
    assert "missing.csv" in printed
    status, printed = _register("shanghai", str(people), *HOW[:4], "--as-of", "soon")
    assert status == 2
    assert "'soon' is not a date" in printed
    assert not Population.objects.exists()
