"""The templates of messages, by edition, so that any text that was ever sent can be built again."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from jifen.office.messages.words import say
from jifen.policy.shapes import BILINGUAL, IDENT, Choice, Closed, Field, ListOf, Sink
from jifen.policy.source import decode_bytes, parse_yaml
from jifen.policy.text import Lang, Text

LEGAL = "legal"
GROUPS = (LEGAL, "service", "digest")
SENDER = say("templates.sender")
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
class MessageTemplate:
    """A kind of message with every edition of its words."""

    kind: str
    group: str
    editions: tuple[Text, ...]


@cache
def load_templates() -> Mapping[str, MessageTemplate]:
    """All, by kind. Raises ValueError where the file has faults."""
    path = Path(__file__).with_name("templates.yaml")
    sink, text = Sink(), decode_bytes(path.read_bytes(), path.name)
    entries = ListOf(_TEMPLATE, 1).read(parse_yaml(text, path.name), sink)
    if sink.faults:
        raise ValueError(str(sink.faults[0]))
    return {
        e["kind"]: MessageTemplate(e["kind"], e["group"], tuple(e["editions"])) for e in entries
    }


def get_edition(kind: str) -> int:
    """The edition in use, counted from 1."""
    return len(load_templates()[kind].editions)


def get_group(kind: str) -> str:
    """legal, service or digest."""
    return load_templates()[kind].group


def render_text(kind: str, edition: int, lang: Lang, params: Mapping[str, Any]) -> str:
    """The words as they were, or will be, sent. A parameter may be {"zh": …, "en": …}."""
    return (
        load_templates()[kind].editions[edition - 1](lang).format(**choose_language(params, lang))
    )


def choose_language(params: Mapping[str, Any], lang: Lang) -> dict[str, str]:
    """Parameters as texts of one language."""
    return {
        name: str(value.get(lang, "") if isinstance(value, Mapping) else value)
        for name, value in params.items()
    }
