"""Findings of the checks of the doctor, in both languages."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal

from jifen.policy.catalogue import Catalogue
from jifen.policy.text import Text

FindingState = Literal["good", "unset", "warning", "fault"]
WORDS = Catalogue("jifen.office.operate.doctor")


@dataclass(frozen=True, slots=True)
class DoctorFinding:
    """What one check found. `unset`: what it would look at is not set up, which is allowed;
    `warning`: the site works, and somebody should act; `fault`: it does not work."""

    check: str
    state: FindingState
    words: Text

    @property
    def is_fault(self) -> bool:
        """Whether the site cannot work so."""
        return self.state == "fault"


Check = Callable[[], DoctorFinding]


def build_finding(check: str, state: FindingState, kind: str, /, **values: Any) -> DoctorFinding:
    """A finding with the words of the catalogue, under `check.kind`."""
    return DoctorFinding(check, state, WORDS.format_phrase(f"{check}.{kind}", **values))
