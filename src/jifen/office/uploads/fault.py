"""An upload that cannot be taken."""

from jifen.policy.text import Text


class UploadFault(ValueError):
    """What was found, what was expected, what to do; never the content."""

    def __init__(self, code: str, words: Text) -> None:
        super().__init__(f"{code}: {words.en}")
        self.code, self.words = code, words

    @property
    def is_busy(self) -> bool:
        """Whether the file may be tried again as it is, in a moment."""
        return self.code == "JF-U016"
