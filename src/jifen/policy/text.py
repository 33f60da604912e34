"""Words in the two languages of every label."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal
from unicodedata import east_asian_width

Lang = Literal["zh", "en"]


@dataclass(frozen=True, slots=True)
class Text:
    """The same words in Simplified Chinese and in English."""

    zh: str
    en: str

    def __call__(self, lang: Lang = "zh") -> str:
        return self.en if lang == "en" else self.zh


EMPTY = Text("", "")


def join_texts(texts: Iterable[Text], between: Text = EMPTY) -> Text:
    """Texts one after the other, with another between each two."""
    every = list(texts)
    return Text(
        between.zh.join(text.zh for text in every), between.en.join(text.en for text in every)
    )


def capitalize_text(text: Text) -> Text:
    """A text that begins a sentence: English with a capital letter."""
    return Text(text.zh, text.en[:1].upper() + text.en[1:])


def display_width(text: str) -> int:
    """Columns that a text takes in a terminal: Chinese characters take two."""
    return sum(2 if east_asian_width(character) in "WF" else 1 for character in text)


def pad_to_width(text: str, columns: int) -> str:
    """A text filled up to so many columns."""
    return text + " " * max(columns - display_width(text), 0)
