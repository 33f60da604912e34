"""What is said of a file once it was read: counts, and what could not be used."""

import sys
from typing import TYPE_CHECKING

from jifen.policy.text import Text

if TYPE_CHECKING:
    from collections.abc import Mapping

    from jifen.facts.extracts.rows import SkippedRows
    from jifen.scoring.files.tally import RunSummary


def print_summary(summary: "RunSummary", lang: str) -> None:
    """On standard error: what was done, and what could not be."""
    lines = [
        _describe_scored(summary),
        *describe_skipped_rows(summary.left_out),
        *_describe_unusable(summary),
    ]
    for line in lines:
        print(line("en" if lang == "en" else "zh"), file=sys.stderr)


def _describe_scored(s: "RunSummary") -> Text:
    checked_zh = f"，其中 {s.checked:,} 人经逐项复核一致" if s.checked else ""
    checked_en = f"; {s.checked:,} of them scored again, the same" if s.checked else ""
    not_reached = s.people - s.reached - s.perhaps - s.faulty_rows
    return Text(
        f"{s.people:,} 人：确定达到 {s.reached:,}，可能达到而尚不能确定 {s.perhaps:,}，"
        f"确定未达到 {not_reached:,}；{s.unknown:,} 人的总分尚不能确定{checked_zh}",
        f"{s.people:,} people: {s.reached:,} surely reach the line, {s.perhaps:,} could and are "
        f"not settled, {not_reached:,} surely do not; {s.unknown:,} without a definite total"
        + checked_en,
    )


def describe_skipped_rows(out: "SkippedRows") -> list[Text]:
    """The rows of a table of text that are nobody."""
    zh, en = list[str](), list[str]()
    if out.titles:
        zh.append(f"标题 {out.titles:,} 行")
        en.append(f"{out.titles:,} title rows")
    if out.blank:
        zh.append(f"空行 {out.blank:,} 行")
        en.append(f"{out.blank:,} blank rows")
    if out.totals:
        shown = "、".join(map(str, out.total_lines[:3]))
        more = "……" if out.totals > len(out.total_lines[:3]) else ""
        zh.append(f"合计 {out.totals:,} 行（第 {shown}{more} 行）")
        en.append(f"{out.totals:,} rows of totals (row {shown.replace('、', ', ')}{more})")
    if out.ragged:
        zh.append(f"列数与表头不同 {len(out.ragged):,} 行")
        en.append(f"{len(out.ragged):,} rows with other cells than the header")
    if not zh:
        return []
    return [Text(f"不是人员、没有计入：{'，'.join(zh)}", f"nobody, left out: {', '.join(en)}")]


def describe_skipped_counts(counts: "Mapping[str, int]") -> list[Text]:
    """The same from the counts of packed people."""
    named = {
        "blank": Text("空行 {} 行", "{} blank rows"),
        "totals": Text("合计 {} 行", "{} rows of totals"),
        "ragged": Text("列数与表头不同 {} 行", "{} rows with other cells than the header"),
    }
    there = [(words, counts[name]) for name, words in named.items() if counts.get(name)]
    if not there:
        return []
    zh = "，".join(words.zh.format(f"{count:,}") for words, count in there)
    en = ", ".join(words.en.format(f"{count:,}") for words, count in there)
    return [Text(f"不是人员、没有计入：{zh}", f"nobody, left out: {en}")]


def _describe_unusable(s: "RunSummary") -> list[Text]:
    lines = []
    if s.faults:
        lines.append(
            Text(
                f"{s.faulty_rows:,} 行有 {s.faults:,} 个无法使用的值，见 {s.faults_file}",
                f"{s.faults:,} values in {s.faulty_rows:,} rows cannot be used: "
                f"see {s.faults_file}",
            )
        )
    if s.contradictions:
        lines.append(
            Text(
                f"{s.contradictions:,} 处合计互相矛盾，仍按所填计算，见 {s.faults_file}",
                f"{s.contradictions:,} totals contradict another, and are scored as they are: "
                f"see {s.faults_file}",
            )
        )
    if s.repeated:
        lines.append(
            Text(
                f"{s.repeated:,} 行是重复的人员，每行都已计分，见 {s.faults_file}",
                f"{s.repeated:,} rows are of a person with an earlier row; each is scored: "
                f"see {s.faults_file}",
            )
        )
    if s.misfits:
        lines.append(
            Text(
                f"{s.misfits:,} 个原样带出的值与该列前面的不同类，结果中留空，见 {s.faults_file}",
                f"{s.misfits:,} cells that are carried through are of another kind than those "
                f"above, and empty in the result: see {s.faults_file}",
            )
        )
    if s.day_numbers:
        lines.append(
            Text(
                f"{s.day_numbers:,} 个日期是电子表格的序号，按 1900 日期系统读取"
                "（映射文件可写 day_numbers: 1904）",
                f"{s.day_numbers:,} days are numbers of a spreadsheet, read in its 1900 system "
                "(a mapping may say day_numbers: 1904)",
            )
        )
    return lines
