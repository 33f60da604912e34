"""The kinds of files that a city has, told apart by what stands in them, then by their names."""

from dataclasses import dataclass

from jifen.policy.source import Node
from jifen.policy.text import Text


@dataclass(frozen=True, slots=True)
class FileKind:
    """A kind of file: its id, its words, the keys by which it is known, and its usual name."""

    id: str
    label: Text
    keys: frozenset[str]
    name: str


def _declare_kind(ident: str, zh: str, en: str, keys: str, name: str) -> FileKind:
    return FileKind(ident, Text(zh, en), frozenset(keys.split()), name)


KINDS = (
    _declare_kind("city", "城市", "the city", "prefix versions", "city.yaml"),
    _declare_kind("facts", "事实", "facts", "sections facts", "facts.yaml"),
    _declare_kind("series", "历年数据", "dated figures", "series", "series.yaml"),
    _declare_kind("sources", "来源", "sources", "sources", "sources.yaml"),
    _declare_kind("points", "办法", "a measure", "indicators groups", ""),
    _declare_kind("cases", "示例", "worked cases", "given cases", ".cases.yaml"),
    _declare_kind(
        "entitlement_cases",
        "权益示例",
        "worked cases of entitlements",
        "language cases",
        "entitlements.cases.yaml",
    ),
    _declare_kind("reform", "改革文件", "a reform", "reform change", ".reform.yaml"),
    _declare_kind("process", "办理流程", "the procedure", "processes", "process.yaml"),
    _declare_kind("lists", "名单规则", "rules of lists", "rules lapses", "lists.yaml"),
    _declare_kind("permit", "居住证规则", "rules of the permit", "rules", "permit.yaml"),
    _declare_kind("moves", "可做的事", "moves", "moves", "moves.yaml"),
    _declare_kind("entitlements", "权益", "entitlements", "entitlements", "entitlements.yaml"),
    _declare_kind(
        "margins", "人口边际", "margins of a population", "margins scores", "margins.yaml"
    ),
    _declare_kind(
        "assumptions",
        "未来年份的假设",
        "assumptions for the years ahead",
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
