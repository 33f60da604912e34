"""Every figure of a weighted table is recomputed here from the points of each person."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from typer.testing import CliRunner

from jifen.cli.app import app
from jifen.scoring.population.scorer import score_population
from tests.people.changed_policies import ON, SHANGHAI
from tests.people.tables import build_table

RUNNER = CliRunner()
HEAD = 'language: "1"\nlabel: {zh: 试, en: Try}\npolicy: shanghai-points\n'
LESS = f"{HEAD}reform: less\nchange: {{indicators.education.choice.points.master: 60}}\n"
LINES = (
    f"{HEAD}sweep: lines\nvary: [{{id: line, label: {{zh: 线, en: Line}}, "
    "paths: [decision.lines.0.points], values: [100, 120]}]\n"
)
WEIGHTS = np.random.default_rng(11).choice([0.0, 0.25, 1.0, 2.5, 7.125], 800)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """People of whom some facts are unknown, one with an unusable value; a reform, a sweep."""
    folder = tmp_path_factory.mktemp("weights")
    table = build_table(SHANGHAI.rules_on(ON), len(WEIGHTS), 5, unknown=0.02, conduct=False)
    education = table.column("education").to_pylist()
    education[7] = "batchelor"
    table = table.set_column(
        table.column_names.index("education"), "education", pa.array(education)
    )
    pq.write_table(table.append_column("w", pa.array(WEIGHTS)), folder / "people.parquet")
    (folder / "less.yaml").write_text(LESS, encoding="utf-8")
    (folder / "lines.yaml").write_text(LINES, encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def persons(folder: Path) -> Callable[[Any], dict[str, np.ndarray[Any, Any]]]:
    """The points of each person under a policy, as arrays."""
    table = pq.read_table(folder / "people.parquet")

    def scored(policy: Any) -> dict[str, np.ndarray[Any, Any]]:
        out = score_population(policy, table, on=ON, lines=True, keep=["education"])
        found = {n: np.array(out.column(n).to_pylist(), object) for n in out.column_names}
        faulty = np.array([v is None for v in found["total_least"]])
        return found | {"usable": ~faulty}

    return scored


def told(*words: str | Path) -> dict[str, Any]:
    done = RUNNER.invoke(
        app, [*map(str, words), "--on", str(ON), "--json", "--weight", "w", "--exact"]
    )
    assert done.exit_code == 0, (done.stderr, done.exception)
    assert "800 行代表" in done.stderr
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def weight_of(mask: Any) -> float:
    return round(float(WEIGHTS[np.asarray(mask, bool)].sum()), 6)


def median(totals: Any, weights: Any) -> float:
    """The least total that at least half of the weight does not exceed."""
    order = np.argsort(totals, kind="stable")
    running = np.cumsum(weights[order])
    return float(totals[order][np.searchsorted(running, running[-1] / 2)])


def test_run(folder: Path, persons: Any) -> None:
    found, people = (
        told("lab", "run", "shanghai", folder / "people.parquet", "--by", "education"),
        persons(SHANGHAI),
    )
    usable, reached = people["usable"], people["reached"]
    known = usable & np.array([v is not None for v in people["total"]])
    # everything that a total hangs on may be known while a condition is open: known is stricter
    assert found["people"] == weight_of(np.ones(800))
    assert found["faulty"] == weight_of(~usable)
    assert found["reached"] == {
        "surely": weight_of(usable & (reached == True)),  # noqa: E712 - an array of objects
        "perhaps": weight_of(usable & (reached == None)),  # noqa: E711
    }
    assert found["not_reached"] == weight_of(usable & (reached == False))  # noqa: E712
    for row in found["groups"]["education"]:
        label = row["group"]
        mine = usable & np.array([_label(v) == label for v in people["education"]])
        assert row["people"] == weight_of(mine), label
        assert row["reached"]["surely"] == weight_of(mine & (reached == True))  # noqa: E712
    facts = _known(folder, usable)
    assert found["known"] == weight_of(facts)
    totals, weights = people["total"][facts].astype(float), WEIGHTS[facts]
    assert found["mean"] == pytest.approx(np.average(totals, weights=weights), abs=1e-4)
    assert found["median"] == median(totals, weights)
    assert known[facts].all()
    for indicator in found["indicators"]:
        points = people[f"points_{indicator['id']}"][facts].astype(float)
        assert indicator["mean"] == pytest.approx(np.average(points, weights=weights), abs=1e-4)
        assert indicator["people"] == round(float(weights[points != 0].sum()), 6)


def _label(ident: str | None) -> str:
    fact = SHANGHAI.vocabulary["education"]
    return "unknown" if ident is None else fact.option_label(ident).en


def _known(folder: Path, usable: Any) -> Any:
    """Of whom every fact that the rules read is known."""
    from jifen.scoring.population.program import build_program

    table = pq.read_table(folder / "people.parquet")
    facts = build_program(SHANGHAI.rules_on(ON)).facts
    known = np.array(usable)
    for ident in facts:
        column = table.column(ident).to_pylist()
        aside = f"{ident}_not_applicable"
        flags = table.column(aside).to_pylist() if aside in table.column_names else [None] * 800
        known &= np.array([v is not None or bool(f) for v, f in zip(column, flags, strict=True)])
    return known


@pytest.mark.parametrize("admit", [50, 300, 10_000])
def test_quota(folder: Path, persons: Any, admit: int) -> None:
    people = persons(SHANGHAI)
    found = told("lab", "quota", "shanghai", folder / "people.parquet", "--admit", str(admit))
    usable = people["usable"]
    yes = usable & (people["eligible"] == True) & (people["vetoed"] == False)  # noqa: E712
    no = ~usable | (people["eligible"] == False) | (people["vetoed"] == True)  # noqa: E712
    least = np.array([-1e9 if v is None else float(v) for v in people["total_least"]])
    most = np.array([-1e9 if v is None else float(v) for v in people["total_most"]])
    line = found["line"]
    assert found["admitted"]["least"] == weight_of(yes & (least >= line))
    assert found["admitted"]["most"] == weight_of(~no & (most >= line)) <= admit
    lower = [total for total in set(most[~no]) if total < line]
    if lower:
        assert weight_of(~no & (most >= max(lower))) > admit
        assert found["next"]["line"] == max(lower)
    else:
        assert found["next"] is None


def test_reform(folder: Path, persons: Any) -> None:
    from jifen.lab.reforms import load_reform

    before, after = persons(SHANGHAI), persons(load_reform(folder / "less.yaml", SHANGHAI))
    words = ("lab", "reform", "shanghai", folder / "people.parquet", "--reform")
    [one] = told(*words, folder / "less.yaml", "--by", "education")["reforms"]
    everybody, usable = one["everybody"], before["usable"]
    assert everybody["people"] == weight_of(usable)
    for name, (first, second) in {"loses": (True, False), "stays_in": (True, True)}.items():
        mask = usable & (before["reached"] == first) & (after["reached"] == second)
        assert everybody[name] == weight_of(mask)
    known = _known(folder, usable)
    totals = zip(known, after["total"], before["total"], strict=True)
    fewer = [bool(k) and b < a for k, b, a in totals]
    assert everybody["fewer"] == weight_of(fewer)
    means = np.average(after["total"][known].astype(float), weights=WEIGHTS[known])
    assert everybody["mean_after"] == pytest.approx(means, abs=1e-3)


def test_sweep_and_compare(folder: Path, persons: Any) -> None:
    people = persons(SHANGHAI)
    found = told("lab", "sweep", "shanghai", folder / "people.parquet", folder / "lines.yaml")
    yes = people["usable"] & (people["eligible"] == True) & (people["vetoed"] == False)  # noqa: E712
    least = np.array([-1e9 if v is None else float(v) for v in people["total_least"]])
    for variant, line in zip(found["variants"], (100, 120), strict=True):
        assert variant["reached"]["surely"] == weight_of(yes & (least >= line))
    both = told("lab", "compare", folder / "people.parquet", "shanghai@2018", "shanghai@2018")
    surely = people["usable"] & (people["reached"] == True)  # noqa: E712
    assert both["reach_both"]["least"] == [[weight_of(surely)] * 2] * 2


def test_weights_of_one_are_people(folder: Path) -> None:
    table = pq.read_table(folder / "people.parquet").drop_columns(["w"])
    ones = table.append_column("w", pa.array(np.ones(len(WEIGHTS))))
    pq.write_table(ones, folder / "ones.parquet")
    words = ["lab", "run", "shanghai", str(folder / "ones.parquet"), "--on", str(ON), "--json"]
    plain = RUNNER.invoke(app, words)
    weighted = RUNNER.invoke(app, [*words, "--weight", "w"])
    assert json.loads(plain.stdout) == json.loads(weighted.stdout)


@pytest.mark.parametrize(
    ("value", "shown"), [(-1.0, "-1.0"), (None, "None"), (float("nan"), "nan"), ("x", "x")]
)
def test_a_weight_that_is_none_is_refused_with_its_row(
    folder: Path, tmp_path: Path, value: object, shown: str
) -> None:
    table = pq.read_table(folder / "people.parquet").drop_columns(["w"]).slice(0, 3)
    kind = pa.string() if isinstance(value, str) else pa.float64()
    cells = pa.array(["1", value, "2"] if isinstance(value, str) else [1.0, value, 2.0], kind)
    pq.write_table(table.append_column("w", cells), tmp_path / "p.parquet")
    words = ["lab", "run", "shanghai", str(tmp_path / "p.parquet"), "--on", str(ON), "--lang", "en"]
    done = RUNNER.invoke(app, [*words, "--weight", "w"])
    assert done.exit_code == 2
    assert f"row 2: the weight '{shown}' in 'w' must be a number from 0 on" in done.stderr
    other = RUNNER.invoke(app, [*words, "--weight", "v"])
    assert (other.exit_code, "has no column 'v'" in other.stderr) == (2, True)


def test_packed_people_keep_their_weights(folder: Path, tmp_path: Path) -> None:
    packed = str(tmp_path / "p")
    words = [
        "lab",
        "pack",
        "shanghai",
        str(folder / "people.parquet"),
        "--on",
        str(ON),
        "-o",
        packed,
    ]
    assert RUNNER.invoke(app, [*words, "--weight", "w"]).exit_code == 0
    found = told("lab", "run", "shanghai", packed)
    assert found == told("lab", "run", "shanghai", folder / "people.parquet")
    done = RUNNER.invoke(app, ["lab", "run", "shanghai", packed, "--on", str(ON), "--weight", "v"])
    assert (done.exit_code, "没有权重列“v”" in done.stderr) == (2, True)


def _project(people: Path, *more: str) -> dict[str, Any]:
    words = ["lab", "years", "shanghai", str(people), "--on", str(ON), "--years", "4"]
    done = RUNNER.invoke(app, [*words, "--by", "education", "--json", "--exact", *more])
    assert done.exit_code == 0, (done.stderr, done.exception)
    document: dict[str, Any] = json.loads(done.stdout)
    return document


def _write_weights(folder: Path, name: str, weights: Any) -> Path:
    table = pq.read_table(folder / "people.parquet").drop_columns(["w"])
    pq.write_table(table.append_column("w", pa.array(weights, pa.float64())), folder / name)
    return folder / name


def test_years_ahead_count_by_weight(folder: Path) -> None:
    """The first year is that of a run, newcomers keep the mean weight, and sums hold each year."""
    people = folder / "people.parquet"
    document = _project(people, "--weight", "w")
    [policy] = document["policies"]
    first = policy["years"][0]
    now = told("lab", "run", "shanghai", people)
    assert first["reached"] == now["reached"]
    assert first["known"] == now["known"]
    assert first["mean_total"] == pytest.approx(now["mean"], abs=1e-4)
    assert document["people"] == weight_of(np.ones(800))
    for number, year in enumerate(policy["years"]):
        groups = [group["years"][number] for group in policy["groups"]]
        assert sum(g["people"] for g in groups) == pytest.approx(year["people"], abs=1e-3)
        surely = sum(g["reached"]["surely"] for g in groups)
        assert surely == pytest.approx(year["reached"]["surely"], abs=1e-3)
    lost = sum(year["lost"] for year in policy["years"])
    assert sum(row["people"] for row in policy["why_lost"]) == pytest.approx(lost, abs=1e-3)
    cohort = policy["first"]
    assert cohort["under_the_line"] == pytest.approx(
        sum(cohort["reached_in_year"]) + cohort["left_before"] + cohort["never"], abs=1e-3
    )


def test_years_ahead_with_even_weights_are_those_of_people(folder: Path) -> None:
    """Weights of one change nothing, weights of two double every number of people."""
    plain = _project(folder / "people.parquet")
    ones = _write_weights(folder, "even.parquet", np.ones(len(WEIGHTS)))
    assert _project(ones, "--weight", "w") == plain
    twos = _write_weights(folder, "twos.parquet", np.full(len(WEIGHTS), 2.0))
    [doubled], [counted] = _project(twos, "--weight", "w")["policies"], plain["policies"]
    for row, other in zip(counted["years"], doubled["years"], strict=True):
        assert other["people"] == 2 * row["people"]
        assert other["reached"]["surely"] == 2 * row["reached"]["surely"]
        assert other["mean_total"] == pytest.approx(row["mean_total"])


def test_newcomers_who_stand_for_nobody_are_refused(folder: Path) -> None:
    people = _write_weights(folder, "nobody.parquet", np.zeros(len(WEIGHTS)))
    words = ["lab", "years", "shanghai", str(people), "--on", str(ON), "--weight", "w"]
    done = RUNNER.invoke(app, [*words, "--lang", "en"])
    assert done.exit_code == 2
    assert "every row that newcomers could resemble has the weight 0 in 'w'" in done.stderr


def test_near_counts_by_weight(folder: Path, tmp_path: Path) -> None:
    """Each number is the weight of the rows that the planner marks."""
    from jifen.planning.near_threshold import count_within_one_move

    people = folder / "people.parquet"
    words = ["lab", "near", "shanghai@2018", str(people), "--on", str(ON), "--json"]
    document = json.loads(RUNNER.invoke(app, [*words, "--weight", "w"]).stdout)
    rows = count_within_one_move(SHANGHAI, pq.read_table(people), on=ON)
    assert rows.within_one_move > 0
    for move, mask in rows.rows.items():
        assert document["by_move"][move] == weight_of(mask), move
    within = np.logical_or.reduce(list(rows.rows.values()))
    assert document["within_one_move"] == weight_of(within)
    now = told("lab", "run", "shanghai", people)
    assert document["reached"] == now["reached"]
    assert (document["people"], document["faulty"]) == (now["people"], now["faulty"])
    packed = str(tmp_path / "near.packed")
    pack = ["lab", "pack", "shanghai", str(people), "--on", str(ON), "-o", packed, "--weight", "w"]
    assert RUNNER.invoke(app, pack).exit_code == 0
    assert json.loads(RUNNER.invoke(app, [*words[:3], packed, *words[4:]]).stdout) == document
    other = RUNNER.invoke(app, [*words, "--weight", "v", "--lang", "en"])
    assert (other.exit_code, "there is no column 'v'" in other.stderr) == (2, True)


@pytest.mark.parametrize(
    "words",
    [
        "run shanghai {} --by education",
        "quota shanghai {} --admit 300",
        "compare {} shanghai@2018 shanghai@2018",
        "reform shanghai {} --reform {less}",
        "sweep shanghai {} {lines}",
    ],
)
def test_weights_on_a_cluster_are_those_of_one_machine(
    folder: Path, tmp_path: Path, words: str
) -> None:
    table = pq.read_table(folder / "people.parquet")
    for number in range(4):
        pq.write_table(table.slice(number * 200, 200), tmp_path / f"{number}.parquet")
    less, lines = folder / "less.yaml", folder / "lines.yaml"
    asked = ["lab", *words.format(tmp_path, less=less, lines=lines).split()]
    asked += ["--on", str(ON), "--weight", "w", "--json"]
    here = RUNNER.invoke(app, asked)
    there = RUNNER.invoke(app, [*asked, "--cluster", "local:2"])
    assert (here.exit_code, there.exit_code) == (0, 0), (here.output, there.output)
    assert _rounded(json.loads(there.stdout)) == _rounded(json.loads(here.stdout))


def _rounded(value: Any) -> Any:
    """Sums of fractions in another order differ in their last digits."""
    if isinstance(value, dict):
        return {key: _rounded(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_rounded(item) for item in value]
    return round(value, 4) if isinstance(value, float) else value


def test_groups_may_be_a_further_column_of_the_file(folder: Path, persons: Any) -> None:
    """A column that is no fact (a district) groups a run, a reform and a sweep: by the values of
    the file, called by the words that are known for them."""
    table = pq.read_table(folder / "people.parquet")
    districts = np.array(["center", "suburbs"])[np.arange(len(WEIGHTS)) % 2]
    people = folder / "districts.parquet"
    pq.write_table(table.append_column("district", pa.array(districts)), people)
    scored = persons(SHANGHAI)
    reached = scored["usable"] & (scored["reached"] == True)  # noqa: E712 - an array of objects
    run = told("lab", "run", "shanghai", people, "--by", "district")
    rows = {row["group_id"]: row for row in run["groups"]["district"]}
    assert {row["group"] for row in rows.values()} == {"Central urban area", "Suburbs"}
    for name in ("center", "suburbs"):
        assert rows[name]["reached"]["surely"] == weight_of(reached & (districts == name))
    less = ("lab", "reform", "shanghai", people, "--reform", folder / "less.yaml")
    [reform] = told(*less, "--by", "district")["reforms"]
    assert "district" in json.dumps(reform["groups"])
    swept = told("lab", "sweep", "shanghai", people, folder / "lines.yaml", "--by", "district")
    assert swept["group_ids"] == {"Central urban area": "center", "Suburbs": "suburbs"}
    assert all(set(swept["group_ids"]) == set(row["groups"]) for row in swept["variants"])
