"""The file of approved templates of a public SMS gateway, and which of ours each stands for.

Public gateways send no free text: each text is approved beforehand as a template with variables.
"""

from dataclasses import dataclass
from functools import cache
from pathlib import Path

from jifen.office.messages.templates import load_templates
from jifen.policy.fault import PolicyError
from jifen.policy.shapes import IDENT, TEXT, Choice, Closed, Field, ListOf, MapOf, Sink, optional
from jifen.policy.source import decode_bytes, parse_yaml

ACTIVATION_CODE = "activation_code"
WHOLE_TEXT = "text"
"""A variable of this parameter gets the whole text."""
_TEMPLATE = Closed(
    "an approved SMS template",
    {
        "kind": Field(IDENT),
        "lang": optional(Choice(("zh", "en")), "zh"),
        "code": Field(TEXT, doc="the number under which the gateway approved it"),
        "variables": optional(MapOf(IDENT), {}, doc="variable of the template → our parameter"),
    },
)
_FILE = Closed(
    "the templates of an SMS gateway",
    {
        "language": Field(Choice(("1",))),
        "sign_name": Field(TEXT, doc="the approved signature, without 【】"),
        "templates": Field(ListOf(_TEMPLATE, 1)),
    },
)


@dataclass(frozen=True, slots=True)
class ApprovedTemplate:
    """A template of the gateway. `variables`: its variable → our parameter."""

    code: str
    variables: dict[str, str]


@dataclass(frozen=True, slots=True)
class ApprovedTemplates:
    """All templates of an account, by kind and language."""

    sign_name: str
    templates: dict[tuple[str, str], ApprovedTemplate]

    def find_template(self, kind: str, lang: str) -> ApprovedTemplate | None:
        """That of a kind; the Chinese one where there is none in the language."""
        return self.templates.get((kind, lang)) or self.templates.get((kind, "zh"))

    def list_missing_kinds(self) -> list[str]:
        """Kinds of messages that the gateway has no template for."""
        kinds = (*load_templates(), ACTIVATION_CODE)
        return [kind for kind in kinds if self.find_template(kind, "zh") is None]


@cache
def read_templates(path: str) -> ApprovedTemplates:
    """Read the file, once for each process. Raises OSError, PolicyError with every fault in it."""
    file = Path(path)
    text = decode_bytes(file.read_bytes(), file.name)
    sink = Sink(lines=text.splitlines())
    entry = _FILE.read(parse_yaml(text, file.name), sink)
    if sink.faults:
        raise PolicyError(sink.faults)
    templates = {
        (row["kind"], row["lang"]): ApprovedTemplate(row["code"], dict(row["variables"]))
        for row in entry["templates"]
    }
    return ApprovedTemplates(entry["sign_name"], templates)
