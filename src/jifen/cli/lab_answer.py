"""An answer of the library as a command gives it: a page, tables, and words or JSON."""

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import typer

from jifen.cli.lab_reform import print_faults, print_labels

if TYPE_CHECKING:
    from jifen.lab.library import Result
    from jifen.lab.population.people import People
    from jifen.lab.proposals import CheckedRules


def write_answer(
    answer: "Result", html: Path | None, lang: str, output: Path | None = None, kind: str = ""
) -> None:
    """The page of `--html`, open in the language of `--lang`, and the tables of `-o`, each whole or
    not at all. Raises OSError."""
    from jifen.lab.output import write_tables, write_text

    if html:
        write_text(html, answer.to_html("en" if lang == "en" else "zh"))
    if output:
        write_tables(output, answer.tables, kind)


def print_answer(
    answer: "Result",
    people: "People",
    faults: float,
    lang: str,
    *,
    as_json: bool,
    checked: "CheckedRules | None" = None,
) -> None:
    """What the checks say, then the answer as JSON, or what must be known before and its words."""
    language: Any = "en" if lang == "en" else "zh"
    if checked:
        print_faults(checked, language)
    if as_json:
        document = {**answer.to_dict(), **(checked.to_dict(language) if checked else {})}
        typer.echo(json.dumps(document, ensure_ascii=False, indent=2))
        return
    print_labels(people, faults, lang, checked)
    typer.echo(answer.to_text(language))
