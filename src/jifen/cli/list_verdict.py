"""What `jifen verify` says of the signature of a published list."""

from typing import Any

from jifen.policy.text import Lang, Text
from jifen.statements.list_statement import ListVerdict

_STATES = {
    "genuine": Text("签名真实", "genuine"),
    "other_bytes": Text(
        "签名真实，但给出的文件不是签名的那份名单：不要采信",
        "genuine, but the file is not the list that was signed: do not rely on it",
    ),
    "forged": Text("签名不对：不要采信", "the signature is wrong: do not rely on it"),
    "unknown_key": Text(
        "签名的公钥不在列表中：请下载新的公钥列表",
        "signed with a key that is not on the list: download a newer list",
    ),
}
_LABELS = {
    "list": Text("名单", "list"),
    "kind": Text("种类", "kind"),
    "on": Text("公布日", "published on"),
    "until": Text("公示到", "public until"),
    "people": Text("人数", "people"),
    "sha256": Text("SHA-256", "SHA-256"),
}
_KINDS = {
    "publicity": Text("公示名单", "publicity list"),
    "formal": Text("正式名单", "formal list"),
}
_BYTES = Text("名单文件与签名一致", "the file is the list that was signed")
_NO_BYTES = Text(
    "没有核对名单文件：请用 --list 给出名单文件",
    "the bytes of the list were not compared: give the file with --list",
)


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
