"""What is refused of the words of a message, in words."""

from collections.abc import Sequence
from datetime import date

from jifen.office.administration.faults import AdministrationFault
from jifen.policy.text import Text

_LANGUAGE = {"zh": Text("中文", "Chinese"), "en": Text("英文", "English")}
NO_SUCH_TEXT = AdministrationFault(
    "JF-O040",
    Text(
        "没有这种消息或发送方式，请从列出的文本中选择。",
        "There is no such message or channel: choose one of those listed.",
    ),
)
NOTHING_NEW = AdministrationFault(
    "JF-O045",
    Text(
        "与当天有效的文本完全相同，没有改动。请修改后再保存。",
        "These are the words that hold on that day already: change them, then save.",
    ),
    "zh",
)
WAITS_ALREADY = AdministrationFault(
    "JF-O046",
    Text(
        "这份文本已提交，等待另一名管理员确认，不能再改。请先撤回或等待确认。",
        "These words wait to be confirmed and cannot be changed: take them back, or wait.",
    ),
)
NOTHING_WAITS = AdministrationFault(
    "JF-O047",
    Text(
        "没有这份草稿或待确认的文本，可能已由他人办理。请刷新页面。",
        "There is no such draft, and nothing waits under this number; somebody else may have "
        "decided it. Load the page again.",
    ),
)
SECOND_PERSON = AdministrationFault(
    "JF-O048",
    Text(
        "消息文本须由另一名管理员确认：起草者本人不能确认。",
        "Another administrator confirms the words of messages, not who wrote them.",
    ),
)
NO_REASON = AdministrationFault(
    "JF-O049",
    Text("请写明退回的理由。", "Write why it is returned."),
    "why",
)
NO_TEST = AdministrationFault(
    "JF-O050",
    Text(
        "站内信和群机器人没有测试发送，请看预览。",
        "No test is sent to an inbox or a group chat: look at the preview.",
    ),
)
NO_OWN_ADDRESS = {
    "sms": AdministrationFault(
        "JF-O051",
        Text(
            "您的账号没有手机号码，不能发送测试短信。请先在账号中填写。",
            "Your account has no telephone number to send a test to: add it to your account.",
        ),
    ),
    "email": AdministrationFault(
        "JF-O051",
        Text(
            "您的账号没有电子邮件地址，不能发送测试邮件。请先在账号中填写。",
            "Your account has no e-mail address to send a test to: add it to your account.",
        ),
    ),
}
TOO_MANY_TESTS = AdministrationFault(
    "JF-O052",
    Text(
        "这份文本已测试发送 10 次，不再发送。请看预览。",
        "These words were sent as a test 10 times, and are not sent again: look at the preview.",
    ),
)


def build_empty(lang: str) -> AdministrationFault:
    """Words of a language that are left out."""
    name = _LANGUAGE[lang]
    words = Text(f"请填写{name.zh}文本。", f"The {name.en} words are empty: write them.")
    return AdministrationFault("JF-O041", words, lang)


def build_too_long(lang: str, length: int, most: int) -> AdministrationFault:
    """Words that do not fit."""
    name = _LANGUAGE[lang]
    words = Text(
        f"{name.zh}文本有 {length} 字，最多 {most} 字，请缩短。",
        f"The {name.en} words have {length} letters; at most {most} fit. Shorten them.",
    )
    return AdministrationFault("JF-O041", words, lang)


def build_bad_braces(lang: str, shown: str) -> AdministrationFault:
    """Braces that do not match, or hold more than a name."""
    name = _LANGUAGE[lang]
    words = Text(
        f"{name.zh}文本的花括号有误（{shown[:40]}）。占位符写作 {{名称}}，例如 {{number}}；"
        "要显示花括号本身，请写两遍。",
        f"The braces of the {name.en} words are wrong ({shown[:40]}). A placeholder is a name in "
        "braces, such as {number}; to show a brace, write it twice.",
    )
    return AdministrationFault("JF-O042", words, lang)


def build_unknown_placeholder(lang: str, found: str, known: Sequence[str]) -> AdministrationFault:
    """A placeholder that this kind of message does not fill in."""
    name, listed = _LANGUAGE[lang], [f"{{{one}}}" for one in known]
    words = Text(
        f"{name.zh}文本中的占位符 {{{found[:40]}}} 不存在。这种消息可用的有："
        f"{'、'.join(listed) or '无'}。",
        f"The {name.en} words have an unknown placeholder {{{found[:40]}}}. This message fills in: "
        f"{', '.join(listed) or 'none'}.",
    )
    return AdministrationFault("JF-O043", words, lang)


def build_missing_placeholder(lang: str, name: str) -> AdministrationFault:
    """A placeholder that the words leave out."""
    label = _LANGUAGE[lang]
    words = Text(
        f"{label.zh}文本缺少占位符 {{{name}}}，收件人须看到这项内容，请补上。",
        f"The {label.en} words lack the placeholder {{{name}}}: whoever reads them is told it. Add "
        "it.",
    )
    return AdministrationFault("JF-O043", words, lang)


def build_bad_day(typed: str, today: date) -> AdministrationFault:
    """A first day that is none, has passed or is too far away."""
    found = typed[:20]
    words = Text(
        f"生效日期“{found}”应是 {today} 或以后一年内的日期，例如 {today}。",
        f"The first day, “{found}”, is to be {today} or a day of the year after, such as {today}.",
    )
    return AdministrationFault("JF-O044", words, "valid_from")


def build_not_sent(answer: str) -> AdministrationFault:
    """A test that the provider did not take."""
    words = Text(
        f"测试没有发出，对方答复：{answer[:60]}。请联系系统管理员检查发送设置。",
        f"The test was not sent; the provider answered: {answer[:60]}. Ask the administrator of "
        "the server to look at the settings.",
    )
    return AdministrationFault("JF-O053", words)
