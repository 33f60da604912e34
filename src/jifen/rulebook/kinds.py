"""The kinds of files that a city has, told apart by what stands in them, then by their names."""

from dataclasses import dataclass

from jifen.policy.source import Node
from jifen.policy.text import Text


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of file: its id, its words, the keys by which it is known, and its usual name."""

    id: str
    label: Text
    keys: frozenset[str]
    name: str


def _kind(ident: str, zh: str, en: str, keys: str, name: str) -> Kind:
    return Kind(ident, Text(zh, en), frozenset(keys.split()), name)


KINDS = (
    _kind("city", "城市", "the city", "prefix versions", "city.yaml"),
    _kind("facts", "事实", "facts", "sections facts", "facts.yaml"),
    _kind("series", "历年数据", "dated figures", "series", "series.yaml"),
    _kind("sources", "来源", "sources", "sources", "sources.yaml"),
    _kind("points", "办法", "a measure", "indicators groups", ""),
    _kind("cases", "示例", "worked cases", "given cases", ".cases.yaml"),
    _kind(
        "entitlement_cases",
        "权益示例",
        "worked cases of entitlements",
        "language cases",
        "entitlements.cases.yaml",
    ),
    _kind("reform", "改革文件", "a reform", "reform change", ".reform.yaml"),
    _kind("process", "办理流程", "the procedure", "processes", "process.yaml"),
    _kind("lists", "名单规则", "rules of lists", "rules lapses", "lists.yaml"),
    _kind("permit", "居住证规则", "rules of the permit", "rules", "permit.yaml"),
    _kind("moves", "可做的事", "moves", "moves", "moves.yaml"),
    _kind("entitlements", "权益", "entitlements", "entitlements", "entitlements.yaml"),
    _kind("margins", "人口边际", "margins of a population", "margins scores", "margins.yaml"),
    _kind(
        "assumptions",
        "未来年份的假设",
        "assumptions for the years ahead",
        "assumptions facts",
        "assumptions.yaml",
    ),
)
BY_ID = {kind.id: kind for kind in KINDS}
_BY_LENGTH = sorted(KINDS, key=lambda kind: -len(kind.name))


def kind_of(name: str, node: Node | None) -> Kind | None:
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
