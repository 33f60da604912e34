"""The texts of messages: any that was ever sent can be built again."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from jifen.policy.shapes import BILINGUAL, IDENT, Choice, Closed, Field, ListOf, Sink
from jifen.policy.source import decode_bytes, parse_yaml
from jifen.policy.text import Lang, Text

LEGAL = "legal"
GROUPS = (LEGAL, "service", "digest")
SIGNED = Text("【居住证积分】", "[Residence points] ")
_TEMPLATE = Closed(
    "a message",
    {
        "kind": Field(IDENT),
        "group": Field(Choice(GROUPS)),
        "editions": Field(ListOf(BILINGUAL, 1), doc="never changed once used; new ones follow"),
    },
    "kind",
)


@dataclass(frozen=True, slots=True)
class Template:
    """A kind of message with every edition of its words."""

    kind: str
    group: str
    editions: tuple[Text, ...]


@cache
def templates() -> Mapping[str, Template]:
    """All, by kind. Raises ValueError where the file has faults."""
    path = Path(__file__).with_name("templates.yaml")
    sink, text = Sink(), decode_bytes(path.read_bytes(), path.name)
    entries = ListOf(_TEMPLATE, 1).read(parse_yaml(text, path.name), sink)
    if sink.faults:
        raise ValueError(str(sink.faults[0]))
    return {e["kind"]: Template(e["kind"], e["group"], tuple(e["editions"])) for e in entries}


def edition_of(kind: str) -> int:
    """The edition in use, counted from 1."""
    return len(templates()[kind].editions)


def group_of(kind: str) -> str:
    """legal, service or digest."""
    return templates()[kind].group


def text_of(kind: str, edition: int, lang: Lang, params: Mapping[str, Any]) -> str:
    """The words as they were, or will be, sent. A parameter may be {"zh": …, "en": …}."""
    said = {
        name: value.get(lang, "") if isinstance(value, Mapping) else value
        for name, value in params.items()
    }
    return templates()[kind].editions[edition - 1](lang).format(**said)
