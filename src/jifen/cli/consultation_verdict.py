"""What `jifen verify` says of the signature of a public consultation."""

from typing import Any

from jifen.policy.text import Lang, Text
from jifen.statements.consultation import ConsultationVerdict

_STATES = {
    "genuine": Text("签名真实", "genuine"),
    "other_bytes": Text(
        "签名真实，但给出的文件不是签名的那份意见和答复：不要采信",
        "genuine, but the file is not the comments and answers that were signed: do not rely on it",
    ),
    "forged": Text("签名不对：不要采信", "the signature is wrong: do not rely on it"),
    "unknown_key": Text(
        "签名的公钥不在列表中：请下载新的公钥列表",
        "signed with a key that is not on the list: download a newer list",
    ),
}
_LABELS = {
    "title": Text("草案", "draft"),
    "city": Text("城市", "city"),
    "consultation": Text("征求意见编号", "consultation"),
    "revision": Text("稿次", "revision"),
    "policy_hash": Text("规则哈希", "hash of the rules"),
    "opened_on": Text("开始", "opened on"),
    "last_day": Text("截止", "last day"),
    "answered_on": Text("签发日期", "answers signed on"),
    "comments": Text("意见条数", "comments"),
    "sha256": Text("SHA-256", "SHA-256"),
}
_BYTES = Text("意见和答复文件与签名一致", "the file is the comments and answers that were signed")
_NO_BYTES = Text(
    "没有核对意见和答复文件：请用 --consultation 给出下载的 JSON 文件",
    "the comments and answers were not compared: give the downloaded JSON file with --consultation",
)


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
