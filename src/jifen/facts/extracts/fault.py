"""What is wrong with a file that is read or written, said in both languages."""

from pathlib import Path
from typing import Any

from jifen.facts.words import say
from jifen.policy.catalogue import Catalogue
from jifen.policy.fault import hide_identity_numbers
from jifen.policy.text import EMPTY, Text

EXTRACTS = Catalogue("jifen.facts.extracts")


class FileFault(ValueError):
    """A file that cannot be read or written: which one, what was found, what to do."""

    def __init__(self, path: Path | str, words: Text) -> None:
        self._arguments = (path, words)
        self.words = say("extracts.fault.of_a_file", path=path, words=words)
        super().__init__(self.words.en)

    def __reduce__(self) -> tuple[Any, ...]:
        """A fault found on another machine comes back as itself."""
        return type(self), self._arguments


class ExtractFault(FileFault):
    """A table that cannot be read as it stands: its place, what was found, what was expected, what
    to do. `line` is the row as a spreadsheet counts it, 0 where the whole file is meant."""

    def __init__(
        self, code: str, kind: str, path: Path | str, line: int = 0, /, **values: Any
    ) -> None:
        self._given = (code, kind, path, line, values)
        self.code, self.line = code, line
        words = self.texts = EXTRACTS.fault_words(code, kind, **values)
        sentence = say(
            "extracts.fault.sentence",
            row=say("extracts.fault.row", line=line) if line else EMPTY,
            code=code,
            found=words.found,
            expected=words.expected,
            remedy=words.remedy,
        )
        super().__init__(
            path, Text(hide_identity_numbers(sentence.zh), hide_identity_numbers(sentence.en))
        )

    def __reduce__(self) -> tuple[Any, ...]:
        code, kind, path, line, values = self._given
        return _rebuild_fault, (type(self), (code, kind, path, line), values)


def _rebuild_fault(
    kind: type[ExtractFault], places: tuple[Any, ...], values: dict[str, Any]
) -> ExtractFault:
    return kind(*places, **values)
