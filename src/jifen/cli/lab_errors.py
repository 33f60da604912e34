"""Faults of files and tables as sentences on standard error, with the contract's exit status."""

import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from jifen.cli.person import BAD_INPUT
from jifen.cli.words import say
from jifen.policy.fault import DocumentError

MOST_FAULTS = 20


@contextmanager
def report_errors(lang: str) -> Iterator[None]:
    """Ends the process with status 2 and clear words where the work inside fails; a request to
    end (SIGTERM) goes the way of Ctrl-C, so that no half file stays."""
    signal.signal(signal.SIGTERM, _raise_interrupt)
    try:
        _require_lab()
        yield
    except Exception as error:
        if not isinstance(error, _list_expected_errors()):
            raise
        for line in _describe_error(error, lang):
            print(line, file=sys.stderr)
        sys.exit(BAD_INPUT)


def _raise_interrupt(*_: Any) -> None:
    raise KeyboardInterrupt


def _require_lab() -> None:
    try:
        import numpy  # noqa: F401
        import pyarrow  # noqa: F401
    except ModuleNotFoundError as error:
        print(
            f"this command needs the lab ({error.name} is missing): pip install 'jifen[lab]'",
            file=sys.stderr,
        )
        sys.exit(BAD_INPUT)


def _list_expected_errors() -> tuple[type[Exception], ...]:
    from jifen.scoring.files.file_faults import FileFault
    from jifen.scoring.files.sample_check import Disagreement
    from jifen.scoring.population.columns import TableError
    from jifen.scoring.population.scorer import CellFaults
    from jifen.scoring.population.tables import TooWide

    return DocumentError, FileFault, TableError, CellFaults, Disagreement, TooWide


def _describe_error(error: Exception, lang: Any) -> list[str]:
    from jifen.scoring.files.file_faults import FileFault
    from jifen.scoring.population.columns import TableError
    from jifen.scoring.population.scorer import CellFaults
    from jifen.scoring.population.tables import TooWide

    if isinstance(error, DocumentError):
        return [error.to_text(lang)]
    if isinstance(error, TooWide):
        return [error.words(lang)]
    if isinstance(error, FileFault):
        return [error.words(lang)]
    if isinstance(error, TableError):
        return [fault(lang) for fault in error.faults]
    if isinstance(error, CellFaults):
        lines = [
            say(
                "lab_errors.row_and_column",
                row=f.row,
                column=f.column,
                words=f.fault.in_both_languages,
            )(lang)
            for f in error.faults[:MOST_FAULTS]
        ]
        more = len(error.faults) - len(lines)
        return [*lines, f"… +{more}"] if more else lines
    return [str(error)]
