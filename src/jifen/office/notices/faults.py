"""What notices refuse, in words for whoever asked."""

from jifen.policy.text import Text


class NoticeFault(Exception):
    """An act that cannot be done: what to do. Nothing was changed."""

    def __init__(self, code: str, words: Text, place: str = "") -> None:
        super().__init__(f"{code}: {words.en}")
        self.code, self.words, self.place = code, words, place


class NoSuchNotice(Exception):
    """There is none, or it is not the asker's to know: the two look the same from outside."""
