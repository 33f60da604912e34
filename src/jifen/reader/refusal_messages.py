"""What is said of a file that was not read: what was found, what was expected, what to do."""

from collections.abc import Callable

from jifen.policy.text import Text
from jifen.reader.faults import ReasonValues, RefusalReason, RefusedFile

_WORDS: dict[RefusalReason, Callable[[ReasonValues], Text]] = {
    RefusalReason.PIXELS: lambda given: Text(
        f"图片超过 {_format_millions(given)} 百万像素。请降低分辨率后上传。",
        f"The picture has more than {_format_millions(given)} million pixels: make it smaller.",
    ),
    RefusalReason.NO_PAGE: lambda _: Text("PDF 没有页面。", "The PDF has no page."),
    RefusalReason.PAGES: lambda given: Text(
        f"PDF 有 {given['pages']} 页，最多 {given['most']} 页。请只上传需要的页面。",
        f"The PDF has {given['pages']} pages; at most {given['most']}.",
    ),
    RefusalReason.NO_SUCH_PAGE: lambda given: Text(
        f"没有第 {given['page']} 页，此文件共 {given['pages']} 页。请选择其中一页。",
        f"There is no page {given['page']}: the file has {given['pages']}. Choose one of them.",
    ),
    RefusalReason.PASSWORD: lambda _: Text(
        "PDF 有密码保护。请去掉密码后上传。",
        "The PDF is protected by a password: remove it and upload the file again.",
    ),
    RefusalReason.ACTIVE: lambda given: Text(
        f"PDF 含有可执行内容或附件（{given['name']}）。请“打印”为普通 PDF 后上传。",
        f"The PDF holds active content or attachments ({given['name']}): print it to a plain PDF.",
    ),
    RefusalReason.NESTED: lambda given: Text(
        f"PDF 第 {given['page']} 页的图形层层嵌套，无法显示。请把文件“打印”为普通 PDF 后上传。",
        f"Page {given['page']} of the PDF draws shapes within shapes without end: print the file "
        "to a plain PDF.",
    ),
    RefusalReason.NOT_A_WORKBOOK: lambda _: Text(
        "不是 .xlsx 工作簿（可能是旧的 .xls、加密文件或改了名的文件）。请另存为 .xlsx。",
        "Not an .xlsx workbook (an old .xls, encrypted, or renamed): save it as .xlsx.",
    ),
    RefusalReason.MACROS: lambda _: Text(
        "工作簿含有宏。请另存为不含宏的 .xlsx。",
        "The workbook holds macros: save it as .xlsx without them.",
    ),
    RefusalReason.UNPACKED: lambda _: Text(
        "工作簿展开后过大。请删去图片后重试。",
        "Too large when unpacked: remove pictures and try again.",
    ),
    RefusalReason.ENTRIES: lambda given: Text(
        f"工作簿由太多部分组成（最多 {given['most']} 个）。请把表格复制到新的工作簿后重试。",
        f"The workbook has too many parts (at most {given['most']}): copy the table into a new "
        "one.",
    ),
    RefusalReason.FAR_CELL: lambda given: Text(
        f"单元格 {given['cell']} 有内容，从 A1 到这里超过 {given['most']} 个单元格。"
        "请删去表格以外的内容，或分成几个文件。",
        f"Cell {given['cell']} has content, and from A1 to it there are more than {given['most']} "
        "cells: remove what stands outside of the table, or split the file.",
    ),
    RefusalReason.TEXT: lambda _: Text(
        "工作簿中的文字过多。请分成几个文件。",
        "The workbook holds too much text: split the file.",
    ),
}


def explain_refusal(fault: RefusedFile, damaged: Text) -> Text:
    """The words of a fault. `damaged`: those for a file that is cut off or broken, which depend on
    where it comes from."""
    if fault.reason is RefusalReason.DAMAGED:
        return damaged
    try:
        return _WORDS[fault.reason](fault.given)
    except (KeyError, TypeError):  # the last four have no place in the file
        return _LIMITS.get(fault.reason, _LIMITS[RefusalReason.CRASHED])


_LIMITS = {
    RefusalReason.TOO_SLOW: Text(
        "打开此文件用时过长，已停止。请“打印”或另存为新的文件后重试。",
        "Opening the file takes too long, and was stopped: print or save it as a new file.",
    ),
    RefusalReason.MEMORY: Text(
        "打开此文件需要的内存过多，已停止。请缩小或分成几个文件后重试。",
        "Opening the file takes too much memory, and was stopped: make it smaller, or split it.",
    ),
    RefusalReason.CRASHED: Text(
        "此文件无法安全打开，可能已损坏。请重新导出、扫描或拍照后再试。",
        "The file cannot be opened safely; it may be damaged: export, scan or photograph it again.",
    ),
    RefusalReason.BUSY: Text(
        "现在打开文件的人较多，您的文件没有问题。请稍后再试。",
        "Many files are being opened just now; yours is not at fault. Try again in a moment.",
    ),
}


def _format_millions(given: ReasonValues) -> int:
    return int(given["most"]) // 1_000_000
