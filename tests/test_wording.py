"""Phrases that an office would not use: none of them stands in the source any more."""

from pathlib import Path

import pytest

SOURCE = Path(__file__).parents[1] / "src" / "jifen"
TEXTS = {".py", ".html", ".json", ".yaml", ".j2", ".js", ".typ"}
REJECTED = {
    "打开的是": "积分达到 120 分的，可享受…",
    "已答 ": "目前可得 130 分",
    "已答部分": "目前可得",
    "未答的都没有": "其余各项均无",
    "读入": "导入",
    "评估日": "测算日期",
    "只等待": "仅靠等待…",
    "不能说": "无法判断",
    "可走的路": "可行方案",
    "有更好的可代替": "其余 6 个方案（均有更优选择）",
    "条号较可能": "条款序号待核实",
    "条号不确定": "条款序号待核实",
    "条款号未见": "条款序号待核实",
    "条款号较可能": "条款序号待核实",
    "起始日来源未见": "起始日期未查到",
    "文号未见": "文号未查到",
    "填写有误": "one sentence that says what to do",
    "现行办法全文": "规则逐条说明",
    "应为 12 位字母和数字": "查验码有误，请核对每一位",
    "what is told of whom": "a sentence with a subject and a verb",
    "those signed before still hold": "a sentence with a subject and a verb",
    "nobody-without-a-permit": "somebody without a permit",
}
"""What was seen on pages → how an office says it."""
OF_STORED_RESULTS = {
    ("条号较可能", "scoring/words.zh.json"),
    ("条号不确定", "scoring/words.zh.json"),
}
"""What results that are stored already say: it is read there, and shown nowhere anew."""


@pytest.fixture(scope="module")
def texts() -> dict[str, str]:
    """Every text of the source by its path; Python's docstrings and comments are English."""
    return {
        str(path.relative_to(SOURCE)): path.read_text("utf-8")
        for path in sorted(SOURCE.rglob("*"))
        if path.suffix in TEXTS
    }


@pytest.mark.parametrize("phrase", REJECTED)
def test_a_rejected_phrase_stands_nowhere(texts: dict[str, str], phrase: str) -> None:
    places = [
        name
        for name, text in texts.items()
        if phrase.lower() in text.lower() and (phrase, name) not in OF_STORED_RESULTS
    ]
    assert not places, f"write “{REJECTED[phrase]}” instead"
