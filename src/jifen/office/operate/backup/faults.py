"""Why a backup is not written or not restored, in both languages."""

from typing import Any

from jifen.office.operate.words import say
from jifen.policy.catalogue import Catalogue
from jifen.policy.text import Lang

BACKUP = Catalogue("jifen.office.operate.backup")


class BackupFault(Exception):
    """What was found, what was expected, what to do. Nothing was changed."""

    def __init__(self, code: str, kind: str, /, **values: Any) -> None:
        self.code = code
        self.words = BACKUP.fault_words(code, kind, **values)
        super().__init__(self.to_sentence("en"))

    def to_sentence(self, lang: Lang) -> str:
        """The sentence with its code."""
        words = self.words
        found, expected, remedy = words.found(lang), words.expected(lang), words.remedy(lang)
        return say(
            "backup.faults.expected",
            code=self.code,
            found=found,
            expected=expected,
            remedy=remedy,
        )(lang)
