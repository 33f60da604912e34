"""What `jifen verify` says of the signature of a published list."""

from typing import Any

from jifen.cli.words import say
from jifen.policy.text import Lang, Text
from jifen.statements.list_statement import ListVerdict

_STATES = {
    "genuine": say("list_verdict.states_genuine"),
    "other_bytes": say("list_verdict.states_other_bytes"),
    "forged": say("list_verdict.states_forged"),
    "unknown_key": say("list_verdict.states_unknown_key"),
}
_LABELS = {
    "list": say("list_verdict.labels_list"),
    "kind": say("list_verdict.labels_kind"),
    "on": say("list_verdict.labels_on"),
    "until": say("list_verdict.labels_until"),
    "people": say("list_verdict.labels_people"),
    "sha256": Text("SHA-256", "SHA-256"),
}
_KINDS = {
    "publicity": say("list_verdict.kinds_publicity"),
    "formal": say("list_verdict.kinds_formal"),
}
_BYTES = say("list_verdict.bytes")
_NO_BYTES = say("list_verdict.no_bytes")


def verdict_to_dict(verdict: ListVerdict, *, compared: bool) -> dict[str, Any]:
    """For a program; `bytes_compared`: whether a file was at hand."""
    document: dict[str, Any] = {"state": verdict.state, "bytes_compared": compared}
    if verdict.listed:
        document |= {name: getattr(verdict.listed, name) for name in (*_LABELS, "city")}
    return document


def format_verdict(document: dict[str, Any], lang: Lang) -> str:
    """For a person."""
    rows = [_STATES[document["state"]](lang)]
    for name, label in _LABELS.items():
        if document.get(name):
            value = _KINDS[document[name]](lang) if document[name] in _KINDS else document[name]
            rows.append(f"  {label(lang)}: {value}")
    if document["state"] == "genuine":
        rows.append(f"  {(_BYTES if document['bytes_compared'] else _NO_BYTES)(lang)}")
    return "\n".join(rows)
