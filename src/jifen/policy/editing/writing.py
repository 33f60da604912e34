"""A document or a change as YAML that is read back as the same texts."""

from typing import Any

import yaml

from jifen.policy.editing.change import Change
from jifen.policy.source import NULLS
from jifen.policy.text import Text

_STR = "tag:yaml.org,2002:str"


class _Writer(yaml.SafeDumper):
    """Scalars are texts, as they are when they are read: nothing is quoted because YAML could take
    it for a number or a date."""

    yaml_implicit_resolvers: dict[str, Any] = {}  # noqa: RUF012 - as its base declares it


def _text(writer: yaml.SafeDumper, value: str) -> yaml.ScalarNode:
    return writer.represent_scalar(_STR, value, style="'" if value in NULLS else None)


def _null(writer: yaml.SafeDumper, value: None) -> yaml.ScalarNode:
    del value
    return writer.represent_scalar(_STR, "null")


_Writer.add_representer(str, _text)
_Writer.add_representer(type(None), _null)


def write_document(document: Any) -> str:
    """A plain document as YAML."""
    text: str = yaml.dump(document, Dumper=_Writer, allow_unicode=True, sort_keys=False, width=110)
    return text


def write_reform(ident: str, label: Text, policy: str, change: Change) -> str:
    """The reform file of a change, as `jifen lab reform` reads it: with the same hash."""
    return write_document(
        {
            "language": "1",
            "reform": ident,
            "label": {"zh": label.zh, "en": label.en},
            "policy": policy,
            "change": dict(sorted(change.items())),
        }
    )
