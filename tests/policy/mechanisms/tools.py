"""A mechanism on its own: read from YAML over a small vocabulary, scored, put into words."""

from pathlib import Path
from typing import Any

from jifen.policy.linker import PolicyLinker
from jifen.policy.mechanisms import MECHANISMS, Mechanism
from jifen.policy.shapes import Sink
from jifen.policy.source import parse_yaml
from jifen.policy.vocabulary import Vocabulary
from jifen.policy.vocabulary_reader import read_vocabulary

FACTS = """
city: anywhere
sections: [{id: all, label: {zh: 全部, en: All}}]
facts:
  - {id: age, type: years, unit: years_of_age, label: {zh: 年龄, en: Age}}
  - {id: insured_months, type: months, label: {zh: 参保月数, en: Insured months}}
  - {id: tax, type: yuan, label: {zh: 纳税, en: Tax}}
  - {id: ratio, type: ratio, most: 10, label: {zh: 基数倍数, en: Base ratio}}
  - {id: records, type: count, unit: records, most: 20, label: {zh: 记录, en: Records}}
  - {id: certified, type: bool, label: {zh: 认定, en: Certified}}
  - id: level
    type: choice
    label: {zh: 等级, en: Level}
    choices:
      - {id: none, label: {zh: 没有, en: None}}
      - {id: middle, label: {zh: 中级, en: Middle}}
      - {id: senior, label: {zh: 高级, en: Senior}}
"""


def vocabulary() -> Vocabulary:
    sink = Sink()
    read = read_vocabulary(parse_yaml(FACTS), sink)
    assert sink.faults == []
    return read


def build(text: str, precision: int = 0) -> tuple[Mechanism | None, Sink]:
    """Read `key: {…}`; the sink holds what was wrong."""
    sink = Sink()
    node = parse_yaml(text, Path("mechanism.yaml").name)
    [(key, inner)] = node.mapping.items()
    link = PolicyLinker(vocabulary(), sink, precision, frozenset())
    entry = MECHANISMS[key].shape.read(inner, sink)
    return MECHANISMS[key].build(entry, link) if entry else None, sink


def sound(text: str, precision: int = 0) -> Mechanism:
    mechanism, sink = build(text, precision)
    assert mechanism is not None
    assert sink.faults == []
    return mechanism


def points(text: str, precision: int = 0, **facts: Any) -> int:
    """Points in the smallest unit."""
    return sound(text, precision).compile_score(10**precision)(facts)


def codes(text: str, precision: int = 0) -> list[str]:
    return [fault.code for fault in build(text, precision)[1].faults]
