"""What is refused about accounts and roles, in words."""

from jifen.policy.text import Text


class RoleFault(Exception):
    """A role that cannot be given or ended, in words."""

    def __init__(self, code: str, words: Text, place: str = "") -> None:
        super().__init__(f"{code}: {words.en}")
        self.code, self.words, self.place = code, words, place
