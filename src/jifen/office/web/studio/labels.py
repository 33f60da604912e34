"""What the keys of a measure are called in the table of the studio."""

from jifen.office.web.numbers import whole_number
from jifen.policy.mechanisms import MECHANISMS
from jifen.policy.text import Lang, Text

KEYS: dict[str, Text] = {
    "zh": Text("中文", "Chinese"),
    "en": Text("英文", "English"),
    "label": Text("名称", "Name"),
    "article": Text("条款", "Clause"),
    "clause": Text("条款", "Clause"),
    "quote": Text("条文（原文）", "Words of the clause"),
    "points": Text("分值", "Points"),
    "from": Text("自（含）", "From"),
    "to": Text("至（含）", "To"),
    "over": Text("大于", "Above"),
    "under": Text("小于", "Below"),
    "until": Text("止（空为未定）", "Until (empty: open)"),
    "most": Text("上限（空为不设）", "Cap (empty: none)"),
    "least": Text("下限", "Least"),
    "each": Text("每单位分值", "Points each"),
    "every": Text("每满", "For every"),
    "starts_at": Text("起计于（空为从头）", "Starts at (empty: at once)"),
    "when": Text("条件", "Condition"),
    "while": Text("期间须", "While"),
    "of": Text("依据", "Of"),
    "fact": Text("依据", "Fact"),
    "count": Text("记录数", "Records"),
    "effect": Text("后果", "Effect"),
    "combine": Text("合计方式", "How they add up"),
    "group": Text("所属类别", "Group"),
    "rises": Text("递增", "Rises"),
    "side": Text("方向", "Side"),
    "pivot": Text("基准", "Pivot"),
    "year": Text("年度", "Year"),
    "people": Text("人数", "People"),
    "remedy": Text("未满足时的指引", "What to do where it is not met"),
    "floor": Text("最低总分（空为不设）", "Lowest total (empty: none)"),
    "first": Text("首先", "First"),
    "half": Text("不足一单位", "For a rest"),
    "amount": Text("数额", "Amount"),
    "per_unit": Text("按单位", "Per unit"),
    "scale": Text("分段", "Bands"),
    "choice": Text("按选项", "By answer"),
    "condition": Text("条件", "Condition"),
    "each_record": Text("按记录", "Per record"),
    "accrual": Text("累进", "Accrual"),
    "tiers": Text("分级累计", "Rates by tier"),
    "option": Text("情形", "Answer"),
    "bands": Text("分段", "Bands"),
    "steps": Text("档次", "Tiers"),
    "parts": Text("组成部分", "Parts"),
    "lines": Text("分数线", "The line"),
    "quotas": Text("名额", "Quotas"),
    "deferred": Text("视同缴费的缓缴月份", "Deferred months that count"),
    "mode": Text("方式", "Mode"),
    "by": Text("乘以", "Times"),
    "places": Text("小数位", "Decimal places"),
    "round": Text("取整", "Rounding"),
    "per": Text("每", "Per"),
    "unit": Text("单位", "Unit"),
    "value": Text("值", "Value"),
    "choices": Text("选项", "Answers"),
    "question": Text("表单上的问题", "Question on the form"),
}
WORDS: dict[str, Text] = {
    "sum": Text("相加", "added up"),
    "best_of": Text("取最高", "the best counts"),
    "below": Text("低于基准时", "below the pivot"),
    "above": Text("高于基准时", "above the pivot"),
    "refuse": Text("一票否决", "refused"),
    "warn": Text("仅提示", "a warning only"),
}
"""Words of closed sets."""


def key_label(path: str, lang: Lang) -> str:
    """The name of the last key of a path, with the one around it where it stands inside another
    mechanism (`per_unit.each`)."""
    steps = [step for step in path.split(".") if whole_number(step) is None]
    names = [KEYS[step](lang) if step in KEYS else step for step in steps]
    return " · ".join(names)


_ELEMENTS = ("groups", "indicators", "conditions", "facts")
_ONLY_IF = Text("前提（空为无）", "Only if (empty: always)")


def cell_label(path: str, lang: Lang) -> str:
    """The name of a cell inside its card: without the element that it belongs to, and without its
    mechanism."""
    steps = path.split(".")
    if steps[0] not in _ELEMENTS:
        return key_label(path, lang) if len(steps) == 1 else key_label(steps[-1], lang)
    inner = steps[2:]
    if inner == ["when"] and steps[0] == "indicators":
        return _ONLY_IF(lang)
    return key_label(
        ".".join(inner[1:] if len(inner) > 1 and inner[0] in MECHANISMS else inner), lang
    )


def word_label(word: str, lang: Lang) -> str:
    """The name of a word of a closed set."""
    return WORDS[word](lang) if word in WORDS else word
