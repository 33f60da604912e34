"""JSON Schemas of every kind of file of a city, from the shapes by which the files are read; with
the ids of one folder, an editor completes facts, groups, sources and series too."""

import json
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any

from jifen.drafts import write_whole
from jifen.entitlements.schema import ENTITLEMENTS
from jifen.entitlements.worked_cases import CASES as ENTITLEMENT_CASES
from jifen.lists.rules_schema import LISTS_SCHEMA
from jifen.permits.permit_schema import PERMIT_SCHEMA
from jifen.planning.moves_schema import MOVES_SCHEMA
from jifen.policy.common_facts import PREFIX, read_common_facts
from jifen.policy.document import CASES, CITY, POLICY, SERIES_FILE, SOURCES_FILE
from jifen.policy.fault import DocumentError
from jifen.policy.reform import REFORM
from jifen.policy.repetition import write_out_repeats
from jifen.policy.shapes import Closed, Schema, Shape, Sink
from jifen.policy.source import Node, decode_bytes, parse_yaml
from jifen.policy.vocabulary_reader import VOCABULARY
from jifen.process.schema import PROCESSES

DRAFT = "https://json-schema.org/draft/2020-12/schema"
FOLDER = ".jifen"
"""Where the schemas of a folder are written, below it."""


def _margins_shape() -> Shape:
    from jifen.lab.people.margins_schema import MARGINS  # noqa: PLC0415 - needs jifen[lab]

    return MARGINS


def _assumptions_shape() -> Shape:
    from jifen.lab.years.assumptions_schema import ASSUMPTIONS  # noqa: PLC0415 - needs jifen[lab]

    return ASSUMPTIONS


SHAPES: dict[str, tuple[str, Callable[[], Shape]]] = {
    "city": ("city.yaml", lambda: CITY),
    "facts": ("facts.yaml", lambda: VOCABULARY),
    "series": ("series.yaml", lambda: SERIES_FILE),
    "sources": ("sources.yaml", lambda: SOURCES_FILE),
    "points": ("points-*.yaml", lambda: POLICY),
    "cases": ("points-*.cases.yaml", lambda: CASES),
    "process": ("process.yaml", lambda: PROCESSES),
    "permit": ("permit.yaml", lambda: PERMIT_SCHEMA),
    "moves": ("moves.yaml", lambda: MOVES_SCHEMA),
    "lists": ("lists.yaml", lambda: LISTS_SCHEMA),
    "entitlements": ("entitlements.yaml", lambda: ENTITLEMENTS),
    "entitlements.cases": ("entitlements.cases.yaml", lambda: ENTITLEMENT_CASES),
    "reform": ("*.reform.yaml", lambda: REFORM),
    "margins": ("margins.yaml", _margins_shape),
    "assumptions": ("assumptions.yaml", _assumptions_shape),
}
"""A kind of file: the names of its files, and its shape."""

_OF_POINTS = {
    "of": "fact",
    "count": "fact",
    "fact": "fact",
    "expect_non_decreasing_in": "fact",
    "group": "group",
    "parent": "group",
    "sources": "source",
    "series": "series",
}
NAMES: dict[str, dict[str, str]] = {
    "facts": {"asked_after": "fact", "from": "fact", "section": "section", "fact": "fact",
              "at_most": "fact", "use": "common"},
    "series": {"sources": "source"},
    "points": _OF_POINTS,
    "process": {"facts": "fact", "lasting": "fact", "with_employer": "fact"},
    "moves": {"fact": "fact", "with": "fact", "start": "fact", "insured_by": "fact",
              "sources": "source"},
    "margins": {"sources": "source"},
    "assumptions": {"facts": "fact", "sources": "source"},
}  # fmt: skip
"""Kind of file → key → what its value, or each item of it, is the id of."""
_FACTS_AS_KEYS = {"cases": ("given", "facts"), "moves": ("set",)}
"""Kind of file → keys whose value is a mapping from facts."""


def build_schema(kind: str, folder: Path | None = None) -> Schema:
    """The JSON Schema of a kind of file; of a folder, with its ids. Raises KeyError for a kind that
    there is not."""
    _, shape = SHAPES[kind]
    title = "policy" if kind == "points" else kind
    known = {} if folder is None else _collect_ids(folder, kind)
    body = _add_known_ids(shape().to_schema(), kind, {"common": _list_common_facts()} | known)
    return {"$schema": DRAFT, "title": f"Jifen {title}", **body}


def write_schemas(folder: Path) -> list[Path]:
    """Write the schema of every kind with the ids of a folder, into `.jifen` below it. Raises
    OSError."""
    place = folder / FOLDER
    place.mkdir(exist_ok=True)
    written = []
    for kind in SHAPES:
        path = place / f"{kind}.schema.json"
        text = json.dumps(build_schema(kind, folder), ensure_ascii=False, indent=1)
        write_whole(path, f"{text}\n".encode())
        written.append(path)
    return written


def editor_settings(folder: str = ".") -> dict[str, Any]:
    """The settings of VS Code (with its YAML extension) for the schemas of a folder."""
    at = "" if folder == "." else f"{folder}/"
    return {
        "yaml.schemas": {
            f"./{at}{FOLDER}/{kind}.schema.json": _list_globs(kind, at) for kind in SHAPES
        }
    }


def _list_globs(kind: str, at: str) -> list[str]:
    name, _ = SHAPES[kind]
    globs = [f"{at}{name}"]
    # a file of worked cases has the name of its measure in front
    return [*globs, f"!{at}{SHAPES['cases'][0]}"] if kind == "points" else globs


def _list_common_facts() -> list[str]:
    return [f"{PREFIX}{ident}" for ident in read_common_facts()]


def _add_known_ids(schema: Any, kind: str, known: Mapping[str, list[str]]) -> Any:
    """A schema in which every key that names something has its ids, where they are known."""
    if isinstance(schema, list):
        return [_add_known_ids(inner, kind, known) for inner in schema]
    if not isinstance(schema, dict):
        return schema
    out = {key: _add_known_ids(inner, kind, known) for key, inner in schema.items()}
    names, mappings = NAMES.get(kind, {}), _FACTS_AS_KEYS.get(kind, ())
    for key, inner in out.get("properties", {}).items():
        if key in names and known.get(names[key]):
            out["properties"][key] = _restrict_to_ids(inner, known[names[key]])
        if key in mappings and known.get("fact"):
            out["properties"][key] = inner | {"propertyNames": {"enum": known["fact"]}}
    return out


def _restrict_to_ids(schema: Schema, ids: list[str]) -> Schema:
    """A value, or each item of a list, that is one of the ids; other values stay as they are."""
    if _is_word(schema):
        return {"enum": ids} | {k: v for k, v in schema.items() if k == "description"}
    if schema.get("type") == "array" and _is_word(schema["items"]):
        return schema | {"items": {"enum": ids}}
    if "anyOf" in schema:
        return schema | {"anyOf": [_restrict_to_ids(inner, ids) for inner in schema["anyOf"]]}
    return schema


def _is_word(schema: Schema) -> bool:
    kind = schema.get("type", "")
    return (kind == "string" or "string" in kind) and schema.get("format") is None


def _collect_ids(folder: Path, kind: str) -> dict[str, list[str]]:
    """The ids of a folder by what they name; of files that cannot be read none."""
    facts = _parse_file(folder / "facts.yaml", VOCABULARY)
    series = _parse_file(folder / "series.yaml")
    measures = [
        _parse_file(path, POLICY)
        for path in sorted(folder.glob("points*.y*ml"))
        if ".cases." not in path.name
    ]
    derived = [ident for document in measures for ident in _list_ids(document, "derived")]
    own = [_parse_file(path) for path in sorted(folder.glob(SHAPES[kind][0]))]
    listed = [_parse_file(folder / "sources.yaml"), *(measures if kind == "points" else own)]
    if kind == "series":
        listed += [item for document in own for item in _list_items(document, "series")]
    every = ["*"] if kind == "process" else []
    return {
        "fact": _deduplicate([*_list_fact_ids(facts), *derived, *every]),
        "section": _deduplicate(_list_ids(facts, "sections")),
        "group": _deduplicate(i for document in measures for i in _list_ids(document, "groups")),
        "series": _deduplicate(_list_ids(series, "series")),
        "source": _deduplicate(i for document in listed for i in _list_ids(document, "sources")),
    }


def _parse_file(path: Path, shape: Closed | None = None) -> Node | None:
    """A file as a tree, with its repeated elements written out where its shape is given."""
    try:
        node = parse_yaml(decode_bytes(path.read_bytes(), path.name), path.name)
    except (OSError, DocumentError):
        return None
    return node if shape is None else write_out_repeats(node, shape, Sink())


def _list_items(node: Node | None, key: str) -> list[Node]:
    child = node.mapping.get(key) if node else None
    return child.items if child else []


def _list_ids(node: Node | None, key: str) -> list[str]:
    """The ids in a list of a document; an item that is a word is an id itself."""
    ids = [item.mapping.get("id", item) for item in _list_items(node, key)]
    return [ident.value for ident in ids if isinstance(ident.value, str)]


def _list_fact_ids(node: Node | None) -> list[str]:
    """The ids of facts, those of shared ones too."""
    ids = []
    for item in _list_items(node, "facts"):
        named = item.mapping.get("id") or item.mapping.get("use")
        if named is not None and isinstance(named.value, str):
            ids.append(named.value.removeprefix(PREFIX))
    return ids


def _deduplicate(ids: Iterable[str]) -> list[str]:
    return list(dict.fromkeys(ids))
