"""Faults of a text that is no facts file at all (encoding, syntax), said in Chinese as well.

The reader of documents speaks English, to authors of policies; a visitor's file is read by
somebody else.
"""

import re
from dataclasses import replace

from jifen.facts.fault import ChineseFault
from jifen.policy.fault import DocumentError, Fault
from jifen.policy.text import Lang

_TWICE = re.compile(r"the key '(?P<key>.*)' a second time \(first in line (?P<line>\d+)\)")
# code → found, expected, what to do
_CHINESE = {
    "JF-P001": (
        "无法解析的内容",
        "格式正确的 YAML",
        "检查此处的括号、引号和缩进（用空格，不用制表符）",
    ),
    "JF-P002": ("不是 UTF-8 编码的内容", "UTF-8 编码的文本", "在编辑器中另存为 UTF-8 编码"),
    "JF-P003": ("过大的文件", "不超过 2 MB 的文件", "确认没有选错文件，一个人的资料只有几千字节"),
    "JF-P004": ("嵌套过深的内容", "不超过 40 层", "检查括号和缩进"),
    "JF-P005": ("重复的键", "每个键只出现一次", "删去其中一个，或合并为一个"),
    "JF-P006": ("YAML 的锚点或别名（& 或 *）", "直接写出的值", "在用到的地方直接写出该值"),
}


def translate_faults(error: DocumentError, lang: Lang) -> DocumentError:
    """The same faults at the same places, in the language of the reader."""
    if lang == "en":
        return error
    return DocumentError(_translate_fault(fault) for fault in error.faults)


def _translate_fault(fault: Fault) -> Fault:
    if fault.code not in _CHINESE:
        return fault
    found, expected, remedy = _CHINESE[fault.code]
    twice = _TWICE.match(fault.found)
    if twice:
        found = f"键“{twice['key']}”重复出现（第一次在第 {twice['line']} 行）"
    return ChineseFault.from_fault(replace(fault, found=found, expected=expected, remedy=remedy))
