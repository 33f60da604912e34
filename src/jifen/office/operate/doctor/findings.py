"""What a check of the doctor says, in both languages."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal

from jifen.policy.catalogue import Catalogue
from jifen.policy.text import Text

State = Literal["good", "unset", "warning", "fault"]
WORDS = Catalogue("jifen.office.operate.doctor")


@dataclass(frozen=True, slots=True)
class Finding:
    """What one check found. `unset`: what it would look at is not set up, which is allowed;
    `warning`: the site works, and somebody should act; `fault`: it does not work."""

    check: str
    state: State
    words: Text

    @property
    def is_fault(self) -> bool:
        """Whether the site cannot work so."""
        return self.state == "fault"


Check = Callable[[], Finding]


def say(check: str, state: State, kind: str, /, **values: Any) -> Finding:
    """A finding with the words of the catalogue, under `check.kind`."""
    return Finding(check, state, WORDS.format_phrase(f"{check}.{kind}", **values))
