"""The kinds of files that a city has, told apart by what stands in them, then by their names."""

from dataclasses import dataclass

from jifen.policy.source import Node
from jifen.policy.text import Text
from jifen.rulebook.words import say


@dataclass(frozen=True, slots=True)
class FileKind:
    """A kind of file: its id, its words, the keys by which it is known, and its usual name."""

    id: str
    label: Text
    keys: frozenset[str]
    name: str


def _declare_kind(ident: str, label: Text, keys: str, name: str) -> FileKind:
    return FileKind(ident, label, frozenset(keys.split()), name)


KINDS = (
    _declare_kind("city", say("file_kinds.the_city"), "prefix versions", "city.yaml"),
    _declare_kind("facts", say("file_kinds.facts"), "sections facts", "facts.yaml"),
    _declare_kind("series", say("file_kinds.dated_figures"), "series", "series.yaml"),
    _declare_kind("sources", say("file_kinds.sources"), "sources", "sources.yaml"),
    _declare_kind("points", say("file_kinds.a_measure"), "indicators groups", ""),
    _declare_kind("cases", say("file_kinds.worked_cases"), "given cases", ".cases.yaml"),
    _declare_kind(
        "entitlement_cases",
        say("file_kinds.worked_cases_of_entitlements"),
        "language cases",
        "entitlements.cases.yaml",
    ),
    _declare_kind("reform", say("file_kinds.a_reform"), "reform change", ".reform.yaml"),
    _declare_kind("process", say("file_kinds.the_procedure"), "processes", "process.yaml"),
    _declare_kind("lists", say("file_kinds.rules_of_lists"), "rules lapses", "lists.yaml"),
    _declare_kind("permit", say("file_kinds.rules_of_the_permit"), "rules", "permit.yaml"),
    _declare_kind("moves", say("file_kinds.moves"), "moves", "moves.yaml"),
    _declare_kind(
        "entitlements", say("file_kinds.entitlements"), "entitlements", "entitlements.yaml"
    ),
    _declare_kind(
        "margins", say("file_kinds.margins_of_a_population"), "margins scores", "margins.yaml"
    ),
    _declare_kind(
        "assumptions",
        say("file_kinds.assumptions_for_the_years_ahead"),
        "assumptions facts",
        "assumptions.yaml",
    ),
)
BY_ID = {kind.id: kind for kind in KINDS}
_BY_LENGTH = sorted(KINDS, key=lambda kind: -len(kind.name))


def find_kind(name: str, node: Node | None) -> FileKind | None:
    """The kind of a file; None where neither its keys nor its name say it. `node`: what stands in
    it (None where it cannot be read)."""
    if node is not None and isinstance(node.value, dict):
        keys = node.mapping.keys()
        if keys == BY_ID["sources"].keys:
            return BY_ID["sources"]
        known = [kind for kind in KINDS if kind.keys <= keys and kind.id != "sources"]
        if known:
            return max(known, key=lambda kind: len(kind.keys))
    named = next((kind for kind in _BY_LENGTH if kind.name and name.endswith(kind.name)), None)
    if named is None and name.startswith("points"):
        return BY_ID["points"]
    return named
