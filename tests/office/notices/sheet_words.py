"""A small paper, and the words on a sheet."""

from typing import Any

from pypdfium2 import PdfDocument

CONTENT: dict[str, Any] = {
    "title": "上海市居住证积分通知书",
    "subtitle": "Notice",
    "date": "2026-11-26",
    "on": "2026 年 11 月 26 日",
    "city": "上海市",
    "office": "浦东新区",
    "head": [["持有人", "王小明"]],
    "table": None,
    "paragraphs": ["一", "二"],
    "by": "系统",
    "sandbox": False,
}


def read_words(pdf: bytes) -> str:
    """Everything that is written on it."""
    with PdfDocument(pdf) as document:
        return "".join(page.get_textpage().get_text_range() for page in document)
