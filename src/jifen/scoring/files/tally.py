"""Counts of a run so far, and its summary at the end."""

from dataclasses import dataclass, field
from pathlib import Path

from jifen.facts.extracts.fault import EXTRACTS
from jifen.facts.extracts.rows import SkippedRows
from jifen.facts.fault import FactFault
from jifen.policy.fault import shorten_text
from jifen.scoring.files.inputs import FilePart
from jifen.scoring.files.jobs import ScoredPart
from jifen.scoring.population.coding import CellFault

_NO_ROW = -1


@dataclass(frozen=True, slots=True)
class RunSummary:
    """What was done: who surely reaches the line, who could, settled not (`perhaps`); whose total
    is not definite (`unknown`), and rows that cannot be used."""

    people: int
    reached: int
    perhaps: int
    unknown: int
    faulty_rows: int
    faults: int
    faults_file: Path | None
    checked: int
    contradictions: int = 0
    """Totals that contradict one another, in rows that are scored as they are."""
    left_out: SkippedRows = field(default_factory=SkippedRows)
    """Rows that are nobody: titles, blank rows, totals, and rows of another width."""
    repeated: int = 0
    """Rows of a person who has an earlier row; each is scored."""
    day_numbers: int = 0
    """Days that were written as numbers of a spreadsheet."""
    misfits: int = 0
    """Cells of columns that are carried through, of another kind than those before."""

    @property
    def scored(self) -> int:
        """How many rows have a result."""
        return self.people - self.faulty_rows


@dataclass(slots=True)
class RunTally:
    """Counts of the parts so far."""

    people: int = 0
    reached: int = 0
    perhaps: int = 0
    unknown: int = 0
    faulty: int = 0
    faults: int = 0
    contradictions: int = 0
    day_numbers: int = 0
    misfits: int = 0
    left_out: SkippedRows = field(default_factory=SkippedRows)

    def add_part(self, part: FilePart, scored: ScoredPart) -> None:
        """Count a part."""
        self.people += scored.table.num_rows
        self.reached += scored.reached
        self.perhaps += scored.perhaps
        self.unknown += scored.unknown
        self.faulty += scored.faulty
        self.faults += len(scored.faults)
        self.contradictions += scored.contradicting
        self.day_numbers += scored.day_numbers
        if part.left_out:
            self.left_out.add(part.left_out)

    def summarize(self, faults_file: Path | None, checked: int, repeated: int) -> RunSummary:
        """The summary at the end of a run."""
        return RunSummary(
            self.people,
            self.reached,
            self.perhaps,
            self.unknown,
            self.faulty,
            self.faults,
            faults_file,
            checked,
            self.contradictions,
            self.left_out,
            repeated,
            self.day_numbers,
            self.misfits,
        )


def list_ragged_row_faults(part: FilePart, width: int) -> list[CellFault]:
    """Rows of a part that are nobody because they have other cells than the header."""
    ragged = part.left_out.ragged if part.left_out else []
    return [
        CellFault(
            _NO_ROW, "", shorten_text(row.text, 40), _ragged_row_fault(row.cells, width), row.line
        )
        for row in ragged
    ]


def list_misfit_faults(part: FilePart, kept_columns: tuple[str, ...]) -> list[CellFault]:
    """Cells of columns that are carried through, which are left empty in the result."""
    return [
        CellFault(
            misfit.row,
            misfit.column,
            shorten_text(misfit.value, 40),
            _misfit_fault(misfit.value, misfit.kind),
            misfit.line,
        )
        for misfit in part.misfits
        if misfit.column in kept_columns
    ]


def _ragged_row_fault(cells: int, width: int) -> FactFault:
    words = EXTRACTS.fault_words("JF-F074", "ragged", cells=cells, columns=width)
    return FactFault("JF-F074", "", words.found, words.expected, words.remedy)


def _misfit_fault(value: str, kind: object) -> FactFault:
    words = EXTRACTS.fault_words("JF-F078", "kept", value=shorten_text(value, 40), kind=kind)
    return FactFault("JF-F078", "", words.found, words.expected, words.remedy)
