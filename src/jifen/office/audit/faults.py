"""The words of what is wrong with the log."""

from dataclasses import dataclass
from typing import Any

from jifen.office.audit.words import say
from jifen.policy.catalogue import Catalogue, FaultWords
from jifen.policy.text import Text

AUDIT = Catalogue("jifen.office.audit")


@dataclass(frozen=True, slots=True)
class LogFault:
    """Where the log, or a file of a digest, is not what was recorded. `number`: of the entry that
    it is about; 0 where it is about none."""

    number: int
    code: str
    words: FaultWords

    @property
    def why(self) -> str:
        """What was found, in English."""
        return self.words.found.en

    @property
    def explanation(self) -> Text:
        """All of it: what was found, what was expected, what to do."""
        found, expected, remedy = self.words.found, self.words.expected, self.words.remedy
        return say("faults.expected", code=self.code, found=found, expected=expected, remedy=remedy)

    @property
    def in_both_languages(self) -> str:
        """The same, a line in each language."""
        return f"{self.explanation.zh}\n{self.explanation.en}"


def build_log_fault(code: str, kind: str, number: int = 0, /, **values: Any) -> LogFault:
    """A finding with its words."""
    return LogFault(number, code, AUDIT.fault_words(code, kind, **values))
