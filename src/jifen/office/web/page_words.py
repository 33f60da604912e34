"""The words of pages in languages other than Chinese, in which the templates are written.

`words/<language>/<folder>.yaml` gives, for each Chinese sentence of the templates, what it is in
that language. Where one Chinese word stands for several words, the entry is a mapping from the
sense, which the template names as `t("期限", sense="due")`, to the word; `default` is the sense
of a template that names none. A sentence without an entry is shown in Chinese; a test finds it.
"""

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Protocol

import yaml

from jifen.policy.text import Lang

FOLDER = Path(__file__).parent / "words"
DEFAULT = "default"
Translations = Mapping[tuple[str, str], str]
"""What a Chinese sentence is in a language, by the sentence and its sense."""


class Translate(Protocol):
    """The `t` of a language."""

    def __call__(self, words: str, sense: str = DEFAULT) -> str: ...


def build_translate(lang: Lang) -> Translate:
    """The `t` of a language: the words themselves for Chinese."""
    if lang == "zh":
        return lambda words, sense=DEFAULT: words
    translations = read_translations(lang)
    return lambda words, sense=DEFAULT: translations.get((words, sense), words)


@cache
def read_translations(lang: Lang) -> Translations:
    """All that the files of a language give."""
    return {
        (words, sense): translation
        for place in sorted((FOLDER / lang).glob("*.yaml"))
        for words, entry in read_words_file(place).items()
        for sense, translation in _list_senses(entry).items()
    }


def read_words_file(place: Path) -> dict[str, str | dict[str, str]]:
    """One file, as it stands: each sentence with its translation or its senses."""
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    content: dict[str, str | dict[str, str]] = yaml.load(
        place.read_text(encoding="utf-8"), Loader=loader
    )
    return content


def _list_senses(entry: str | dict[str, str]) -> dict[str, str]:
    return entry if isinstance(entry, dict) else {DEFAULT: entry}
