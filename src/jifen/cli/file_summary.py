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


def _describe_scored(summary: "RunSummary") -> Text:
    checked_zh = f"，其中 {summary.checked:,} 人经逐项复核一致" if summary.checked else ""
    checked_en = f"; {summary.checked:,} of them scored again, the same" if summary.checked else ""
    not_reached = summary.people - summary.reached - summary.perhaps - summary.faulty_rows
    return Text(
        f"{summary.people:,} 人：确定达到 {summary.reached:,}，"
        f"可能达到而尚不能确定 {summary.perhaps:,}，"
        f"确定未达到 {not_reached:,}；{summary.unknown:,} 人的总分尚不能确定{checked_zh}",
        f"{summary.people:,} people: {summary.reached:,} surely reach the line, "
        f"{summary.perhaps:,} could and are not settled, {not_reached:,} surely do not; "
        f"{summary.unknown:,} without a definite total{checked_en}",
    )


def describe_skipped_rows(skipped: "SkippedRows") -> list[Text]:
    """The rows of a table of text that are nobody."""
    zh, en = list[str](), list[str]()
    if skipped.titles:
        zh.append(f"标题 {skipped.titles:,} 行")
        en.append(f"{skipped.titles:,} title rows")
    if skipped.blank:
        zh.append(f"空行 {skipped.blank:,} 行")
        en.append(f"{skipped.blank:,} blank rows")
    if skipped.totals:
        shown = "、".join(map(str, skipped.total_lines[:3]))
        more = "……" if skipped.totals > len(skipped.total_lines[:3]) else ""
        zh.append(f"合计 {skipped.totals:,} 行（第 {shown}{more} 行）")
        en.append(f"{skipped.totals:,} rows of totals (row {shown.replace('、', ', ')}{more})")
    if skipped.ragged:
        zh.append(f"列数与表头不同 {len(skipped.ragged):,} 行")
        en.append(f"{len(skipped.ragged):,} rows with other cells than the header")
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
    nonzero = [(words, counts[name]) for name, words in named.items() if counts.get(name)]
    if not nonzero:
        return []
    zh = "，".join(words.zh.format(f"{count:,}") for words, count in nonzero)
    en = ", ".join(words.en.format(f"{count:,}") for words, count in nonzero)
    return [Text(f"不是人员、没有计入：{zh}", f"nobody, left out: {en}")]


def _describe_unusable(summary: "RunSummary") -> list[Text]:
    lines = []
    if summary.faults:
        lines.append(
            Text(
                f"{summary.faulty_rows:,} 行有 {summary.faults:,} 个无法使用的值，"
                f"见 {summary.faults_file}",
                f"{summary.faults:,} values in {summary.faulty_rows:,} rows cannot be used: "
                f"see {summary.faults_file}",
            )
        )
    if summary.contradictions:
        lines.append(
            Text(
                f"{summary.contradictions:,} 处合计互相矛盾，仍按所填计算，"
                f"见 {summary.faults_file}",
                f"{summary.contradictions:,} totals contradict another, and are scored as they "
                f"are: see {summary.faults_file}",
            )
        )
    if summary.repeated:
        lines.append(
            Text(
                f"{summary.repeated:,} 行是重复的人员，每行都已计分，见 {summary.faults_file}",
                f"{summary.repeated:,} rows are of a person with an earlier row; each is scored: "
                f"see {summary.faults_file}",
            )
        )
    if summary.misfits:
        lines.append(
            Text(
                f"{summary.misfits:,} 个原样带出的值与该列前面的不同类，结果中留空，"
                f"见 {summary.faults_file}",
                f"{summary.misfits:,} cells that are carried through are of another kind than "
                f"those above, and empty in the result: see {summary.faults_file}",
            )
        )
    if summary.day_numbers:
        lines.append(
            Text(
                f"{summary.day_numbers:,} 个日期是电子表格的序号，按 1900 日期系统读取"
                "（映射文件可写 day_numbers: 1904）",
                f"{summary.day_numbers:,} days are numbers of a spreadsheet, read in its 1900 "
                "system (a mapping may say day_numbers: 1904)",
            )
        )
    return lines
