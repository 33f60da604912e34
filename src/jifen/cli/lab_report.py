"""The page that `--html` writes, open in the language of `--lang`."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from jifen.lab.report import Report


def write_report(path: Path, report: "Report", lang: str) -> None:
    """Write the page whole or not at all. Raises OSError."""
    from jifen.lab.output import write_text
    from jifen.lab.report import render_report

    write_text(path, render_report(report, "en" if lang == "en" else "zh"))


def write_reform_report(path: Path, lang: str, *given: Any) -> None:
    """The page of reforms: people, policy, reforms, results, day, checks."""
    from jifen.lab.reports.reform import build_report

    write_report(path, build_report(*given), lang)
