"""A sample case for every placeholder of messages, for previews and tests. Nobody's data."""

from collections.abc import Mapping

from jifen.office.messages.editions import list_placeholders_of_kind
from jifen.policy.text import Text

_EVERYWHERE: Mapping[str, Text] = {
    **{
        name: Text(day, day)
        for name, day in (
            ("until", "2026-12-21"),
            ("due_on", "2027-01-08"),
            ("settle_by", "2027-03-31"),
            ("grace", "2027-02-19"),
            ("lease", "2026-12-15"),
            ("on", "2026-12-01"),
        )
    },
    **{
        name: Text(number, number)
        for name, number in (
            ("number", "2026310115000123"),
            ("last", "2025310115000087"),
            ("days", "7"),
            ("open", "12"),
            ("soon", "3"),
            ("late", "1"),
            ("nobody", "2"),
            ("drafts", "2"),
            ("corrections", "1"),
            ("ending", "4"),
            ("decided", "3"),
        )
    },
    "left": Text("还有 7 天", "7 days left"),
    "item": Text("学历证书", "Certificate of education"),
    "unit": Text("示例科技有限公司", "Sample Technology Co., Ltd."),
    "points": Text("积分由 118 分变为 121 分", "121 points (118 before)"),
    "outcome": Text("已批准，办理期限 2027-01-08", "it was approved, the case is due 2027-01-08"),
    "of": Text("（2026310115000123）", " (2026310115000123)"),
    "when": Text("，期限 2026-12-21", ", due 2026-12-21"),
    "reason": Text("租赁备案已到期。", "the lease registration has ended."),
    "later": Text("逾期将重新计算。", "Later they begin anew."),
    "what": Text("审核学历", "Review of education"),
}
_OF_KIND: Mapping[tuple[str, str], Text] = {
    ("permit_ends", "what"): Text(
        "到期前将自动签注，无需办理。", "It will be endorsed automatically; nothing is needed."
    ),
    ("desk_digest", "what"): Text("待认定 8 件，复核 4 件", "To review: 8, second review: 4"),
    ("false_found", "when"): Text(
        "请在 2026-12-21 前登录陈述意见。", "sign in and answer until 2026-12-21."
    ),
}


def build_sample_params(kind: str) -> dict[str, dict[str, str]]:
    """A value in both languages for each placeholder of a kind."""
    words = {
        name: _OF_KIND.get((kind, name), _EVERYWHERE[name])
        for name in sorted(list_placeholders_of_kind(kind))
    }
    return {name: {"zh": text.zh, "en": text.en} for name, text in words.items()}
