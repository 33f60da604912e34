"""What cannot be read as a statement, a list of keys or a list of what was revoked."""

from jifen.policy.text import Text


class StatementFault(Exception):
    """What was found and what to do; `code` is stable."""

    def __init__(self, code: str, words: Text) -> None:
        super().__init__(f"{code}: {words.en}")
        self.code, self.words = code, words
