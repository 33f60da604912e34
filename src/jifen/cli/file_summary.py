"""What is said of a file once it was read: counts, and what could not be used."""

import sys
from typing import TYPE_CHECKING

from jifen.cli.words import say
from jifen.policy.text import EMPTY, Text, join_texts

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
    checked = (
        say("file_summary.of_them_scored_again", checked=summary.checked)
        if summary.checked
        else EMPTY
    )
    not_reached = summary.people - summary.reached - summary.perhaps - summary.faulty_rows
    return say(
        "file_summary.people_surely_reach_the_line",
        people=summary.people,
        reached=summary.reached,
        perhaps=summary.perhaps,
        not_reached=not_reached,
        unknown=summary.unknown,
        checked=checked,
    )


def describe_skipped_rows(skipped: "SkippedRows") -> list[Text]:
    """The rows of a table of text that are nobody."""
    parts: list[Text] = []
    if skipped.titles:
        parts.append(say("file_summary.title_rows", count=skipped.titles))
    if skipped.blank:
        parts.append(say("file_summary.blank_rows", count=skipped.blank))
    if skipped.totals:
        numbers = [str(line) for line in skipped.total_lines[:3]]
        parts.append(
            say(
                "file_summary.rows_of_totals_with_numbers",
                count=skipped.totals,
                numbers=Text("、".join(numbers), ", ".join(numbers)),
                more="……" if skipped.totals > len(numbers) else "",
            )
        )
    if skipped.ragged:
        parts.append(say("file_summary.ragged_rows", count=len(skipped.ragged)))
    return _join_skipped(parts)


def describe_skipped_counts(counts: "Mapping[str, int]") -> list[Text]:
    """The same from the counts of packed people."""
    parts: list[Text] = []
    if blank := counts.get("blank"):
        parts.append(say("file_summary.blank_rows", count=blank))
    if totals := counts.get("totals"):
        parts.append(say("file_summary.rows_of_totals", count=totals))
    if ragged := counts.get("ragged"):
        parts.append(say("file_summary.ragged_rows", count=ragged))
    return _join_skipped(parts)


def _join_skipped(parts: list[Text]) -> list[Text]:
    if not parts:
        return []
    return [
        say("file_summary.nobody_left_out", parts=join_texts(parts, say("file_summary.skipped")))
    ]


def _describe_unusable(summary: "RunSummary") -> list[Text]:
    lines = []
    if summary.faults:
        lines.append(
            say(
                "file_summary.values_in_rows_cannot",
                faulty_rows=summary.faulty_rows,
                faults=summary.faults,
                faults_file=summary.faults_file,
            )
        )
    if summary.contradictions:
        lines.append(
            say(
                "file_summary.totals_contradict_another",
                contradictions=summary.contradictions,
                faults_file=summary.faults_file,
            )
        )
    if summary.repeated:
        lines.append(
            say(
                "file_summary.rows_are_of_a_person",
                repeated=summary.repeated,
                faults_file=summary.faults_file,
            )
        )
    if summary.misfits:
        lines.append(
            say(
                "file_summary.cells_that_are_carried_through",
                misfits=summary.misfits,
                faults_file=summary.faults_file,
            )
        )
    if summary.day_numbers:
        lines.append(say("file_summary.days_are_numbers", day_numbers=summary.day_numbers))
    return lines
