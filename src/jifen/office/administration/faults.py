"""What is refused to an administrator of a city, in words."""

from jifen.policy.text import Text


class AdministrationFault(Exception):
    """An act that cannot be done: what was found, what is to be done. Nothing was changed. `place`
    names the field that it is about, where there is one."""

    def __init__(self, code: str, words: Text, place: str = "") -> None:
        super().__init__(f"{code}: {words.en}")
        self.code, self.words, self.place = code, words, place
