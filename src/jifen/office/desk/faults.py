"""What a desk refuses, in words for whoever asked."""

from jifen.office.casework.faults import CaseFault
from jifen.policy.text import Text

NOT_AVAILABLE = CaseFault(
    "JF-K100",
    Text(
        "此人目前不在岗，或不能办理此环节。请选择其他人。",
        "This person is away, or cannot work in this gate. Choose somebody else.",
    ),
    "to",
)
NOTHING_LEFT = CaseFault(
    "JF-K101",
    Text(
        "此队列中没有可以接手的案件：都已办结，或正由他人办理。",
        "No case of this queue can be taken: all are done, or somebody has them in hand.",
    ),
)
BAD_ABSENCE = CaseFault(
    "JF-K102",
    Text(
        "请填写开始和结束日期，结束日期不早于开始日期和今天。",
        "Give the first and the last day; the last is not before the first, nor before today.",
    ),
    "until",
)
EMPTY_WORDS = CaseFault(
    "JF-K103", Text("没有填写内容。请写明后再提交。", "Nothing was written. Write it, then send.")
)
BAD_NAME = CaseFault(
    "JF-K104",
    Text(
        "请填写名称（不超过 40 字）；每人最多保存 20 个视图。",
        "Give a name of at most 40 characters; at most 20 views are kept for each person.",
    ),
    "name",
)
UNKNOWN_COLLEAGUE = CaseFault(
    "JF-K105",
    Text(
        "提到的人不能查看此案件。请选择能办理此案件的同事。",
        "This person may not see the case. Choose a colleague who works on it.",
    ),
    "mention",
)
NO_THREAD = CaseFault(
    "JF-K106",
    Text(
        "案件已办结，或受理部门没有就此项提问，不能再发送。",
        "The case is over, or the office did not ask about this item: nothing can be sent.",
    ),
)
NO_SUCH_ITEM = CaseFault(
    "JF-K107",
    Text(
        "没有这一项。请从列出的事实和材料中选择。",
        "There is no such item. Choose one of the facts and documents listed.",
    ),
    "item",
)
