"""JSON Schemas: every kind of file, every key described; every shipped file fits."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import jsonschema_rs
import pytest
import yaml
from typer.testing import CliRunner

from jifen.cities import ROOT, index
from jifen.cli.app import app
from jifen.lab.people.margins_file import HERE as MARGINS
from jifen.lab.years.assumptions_file import SHIPPED as ASSUMPTIONS
from jifen.rulebook.file_kinds import KINDS, find_kind
from jifen.rulebook.schemas import NAMES, SHAPES, build_schema, editor_settings, write_schemas
from tests.people.small_city import write_small_city


class Yaml12(yaml.CSafeLoader):
    """YAML as editors read it: `on` is a word, a day is text."""


Yaml12.yaml_implicit_resolvers = {
    first: [
        (tag, pattern)
        for tag, pattern in found
        if tag not in ("tag:yaml.org,2002:timestamp", "tag:yaml.org,2002:bool")
    ]
    for first, found in yaml.SafeLoader.yaml_implicit_resolvers.items()
}
Yaml12.add_implicit_resolver(
    "tag:yaml.org,2002:bool", re.compile("^(?:true|false|True|False)$"), list("tfTF")
)


def content(path: Path) -> Any:
    return yaml.load(path.read_text("utf-8"), Loader=Yaml12)


def fits(value: Any, schema: Any) -> None:
    jsonschema_rs.validator_for(schema).validate(value)


def kind(path: Path) -> str:
    found = find_kind(path.name, None)
    assert found
    return "entitlements.cases" if found.id == "entitlement_cases" else found.id


FILES = [path for city in index().values() for path in sorted(city.folder.glob("*.yaml"))]
TEMPLATES = sorted((ROOT.parent / "rulebook" / "template").iterdir())


@pytest.mark.parametrize("path", [*FILES], ids=lambda path: f"{path.parent.name}/{path.name}")
def test_a_shipped_file_fits_its_schema_and_that_of_its_folder(path: Path) -> None:
    for folder in (None, path.parent):
        schema = build_schema(kind(path), folder)
        jsonschema_rs.meta.validate(schema)
        errors = jsonschema_rs.validator_for(schema).iter_errors(content(path))
        assert [(error.instance_path, error.message[:200]) for error in errors] == []


@pytest.mark.parametrize("place", [MARGINS, ASSUMPTIONS], ids=["margins", "assumptions"])
def test_files_of_the_lab_fit_too(place: Path) -> None:
    for path in place.glob("*.yaml"):
        fits(content(path), build_schema(place.name))


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: path.name)
def test_a_template_fits_but_for_its_names(path: Path) -> None:
    text = path.read_text("utf-8").replace("CITY_ID", "xian").replace("CITY_PREFIX", "XA")
    fits(yaml.load(text, Loader=Yaml12), build_schema(kind(path)))


def properties(schema: Any, path: str = "") -> Iterator[tuple[str, Any]]:
    if isinstance(schema, list):
        for inner in schema:
            yield from properties(inner, path)
    elif isinstance(schema, dict):
        for key, inner in schema.get("properties", {}).items():
            yield f"{path}.{key}", inner
        for key, inner in schema.items():
            yield from properties(inner, f"{path}.{key}")


@pytest.mark.parametrize("name", SHAPES)
def test_every_key_has_a_description(name: str) -> None:
    bare = [path for path, inner in properties(build_schema(name)) if not inner.get("description")]
    assert bare == []


def test_every_kind_that_is_checked_has_a_schema() -> None:
    kinds = {"entitlements.cases" if one.id == "entitlement_cases" else one.id for one in KINDS}
    assert kinds == set(SHAPES)


@pytest.mark.parametrize("name", NAMES)
def test_every_key_that_names_something_stands_in_the_schema(name: str) -> None:
    keys = {path.rsplit(".", 1)[-1] for path, _ in properties(build_schema(name))}
    assert NAMES[name].keys() <= keys


def enums(schema: Any, key: str) -> list[list[str]]:
    found = [inner for path, inner in properties(schema) if path.endswith(f".{key}")]
    return [one.get("enum") or one.get("items", {}).get("enum") or [] for one in found]


def test_the_ids_of_a_folder_are_completed_and_others_refused(tmp_path: Path) -> None:
    folder = write_small_city(tmp_path / "my city")
    schema = build_schema("points", folder)
    assert ["basic", "deductions"] in enums(schema, "group")
    assert any("insured_months" in one for one in enums(schema, "of"))
    assert any(one == ["S1"] for one in enums(schema, "sources"))
    measure = content(folder / "points-2020.yaml")
    fits(measure, schema)
    measure["indicators"][0]["scale"]["of"] = "agee"
    fits(measure, build_schema("points"))  # without a folder nobody knows the facts
    with pytest.raises(jsonschema_rs.ValidationError, match="agee"):
        fits(measure, schema)


def test_a_mistyped_key_and_a_missing_one_are_refused() -> None:
    measure = content(ROOT / "shanghai" / "points-2018.yaml")
    fits(measure, build_schema("points"))
    with pytest.raises(jsonschema_rs.ValidationError, match="lable"):
        fits(measure | {"lable": 1}, build_schema("points"))
    del measure["title"]
    with pytest.raises(jsonschema_rs.ValidationError, match="title"):
        fits(measure, build_schema("points"))


def test_the_schemas_of_a_folder_are_written_whole(tmp_path: Path) -> None:
    folder = write_small_city(tmp_path / "城 市")
    written = write_schemas(folder)
    assert {path.name.removesuffix(".schema.json") for path in written} == set(SHAPES)
    for path in written:
        jsonschema_rs.meta.validate(json.loads(path.read_text("utf-8")))
    for name in editor_settings()["yaml.schemas"]:
        assert (folder / name).is_file()


def run(*arguments: object) -> Any:
    return CliRunner().invoke(app, ["policy", "schema", *map(str, arguments)])


def test_the_command_prints_and_writes(tmp_path: Path) -> None:
    folder = write_small_city(tmp_path / "small")
    assert json.loads(run().stdout) == build_schema("points")
    assert build_schema("points")["title"] == "Jifen policy"
    assert json.loads(run("--kind", "permit").stdout) == build_schema("permit")
    one = run("--kind", "points", "--folder", folder)
    assert json.loads(one.stdout) == build_schema("points", folder)
    assert not (folder / ".jifen").exists()
    every = run("--folder", folder)
    assert every.exit_code == 0
    assert "yaml.schemas" in every.stdout
    assert (folder / ".jifen" / "process.schema.json").is_file()
    refused = run("--kind", "pints")
    assert refused.exit_code == 2
    assert "'pints' is not a kind of file" in refused.stderr
    nowhere = run("--folder", tmp_path / "nowhere")
    assert nowhere.exit_code == 2
    assert "JF-X004" in nowhere.stderr
