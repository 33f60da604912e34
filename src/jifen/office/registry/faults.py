"""What the registry refuses, in words."""

from jifen.policy.text import Text


class RegistryFault(Exception):
    """An act that cannot be done; `place` names the field. Nothing was changed."""

    def __init__(self, code: str, words: Text, place: str = "") -> None:
        super().__init__(f"{code}: {words.en}")
        self.code, self.words, self.place = code, words, place


class NoSuchUnit(Exception):
    """There is none, or it is not the asker's to know."""
