"""What `jifen verify` says of the signature of a public consultation."""

from typing import Any

from jifen.cli.words import say
from jifen.policy.text import Lang, Text
from jifen.statements.consultation import ConsultationVerdict

_STATES = {
    "genuine": say("consultation_verdict.states_genuine"),
    "other_bytes": say("consultation_verdict.states_other_bytes"),
    "forged": say("consultation_verdict.states_forged"),
    "unknown_key": say("consultation_verdict.states_unknown_key"),
}
_LABELS = {
    "title": say("consultation_verdict.labels_title"),
    "city": say("consultation_verdict.labels_city"),
    "consultation": say("consultation_verdict.labels_consultation"),
    "revision": say("consultation_verdict.labels_revision"),
    "policy_hash": say("consultation_verdict.labels_policy_hash"),
    "opened_on": say("consultation_verdict.labels_opened_on"),
    "last_day": say("consultation_verdict.labels_last_day"),
    "answered_on": say("consultation_verdict.labels_answered_on"),
    "comments": say("consultation_verdict.labels_comments"),
    "sha256": Text("SHA-256", "SHA-256"),
}
_BYTES = say("consultation_verdict.bytes")
_NO_BYTES = say("consultation_verdict.no_bytes")


def consultation_to_dict(verdict: ConsultationVerdict, *, compared: bool) -> dict[str, Any]:
    """For a program; `bytes_compared`: whether a file was at hand."""
    document: dict[str, Any] = {"state": verdict.state, "bytes_compared": compared}
    if verdict.consultation:
        document |= {name: getattr(verdict.consultation, name) for name in _LABELS}
    return document


def format_consultation(document: dict[str, Any], lang: Lang) -> str:
    """For a person."""
    rows = [_STATES[document["state"]](lang)]
    rows += [
        f"  {label(lang)}: {document[name]}"
        for name, label in _LABELS.items()
        if document.get(name) not in (None, "")
    ]
    if document["state"] == "genuine":
        rows.append(f"  {(_BYTES if document['bytes_compared'] else _NO_BYTES)(lang)}")
    return "\n".join(rows)
