"""The words of faults: one file per package and language, keyed by code.

`faults.zh.yaml` and `faults.en.yaml` of a package hold, for each code and each kind of fault under
it, what was found, what was expected and what to do, with `{placeholders}`. A value for a
placeholder is a text in both languages, or a word that is the same in both. The files are read when
the first fault is told.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import Any, NamedTuple

import yaml

from jifen.policy.text import EMPTY, Lang, Text
from jifen.policy.words import say

LANGS: tuple[Lang, ...] = ("zh", "en")
_PARTS = ("found", "expected", "remedy")


@dataclass(frozen=True, slots=True)
class FaultWords:
    """What was found, what was expected, what to do, each in both languages."""

    found: Text
    expected: Text
    remedy: Text


@dataclass(frozen=True, slots=True)
class Catalogue:
    """The words of one package, such as `jifen.policy`."""

    package: str

    def fault_words(self, code: str, kind: str, /, **values: Any) -> FaultWords:
        """The words of a kind of fault. `hint`, where it is given and not empty, is the word that
        was perhaps meant: then what to do is to write it. Raises KeyError for a kind that is not
        in the files."""
        hint = values.pop("hint", "")
        return FaultWords(
            *(
                self.format_phrase("hint", word=hint)
                if part == "remedy" and hint
                else _fill_template(
                    lambda lang, part=part: self.find_entry(lang, code, kind)[part], values
                )
                for part in _PARTS
            )
        )

    def format_phrase(self, name: str, /, **values: Any) -> Text:
        """A part of sentences that several faults share."""
        return _fill_template(
            lambda lang: _read_catalogue(self.package, lang)["phrases"][name], values
        )

    def list_phrases(self, lang: Lang) -> Mapping[str, str]:
        """Every shared part of sentences in a language, with its placeholders."""
        phrases: Mapping[str, str] = _read_catalogue(self.package, lang)["phrases"]
        return phrases

    def find_entry(self, lang: Lang, code: str, kind: str) -> Mapping[str, str]:
        """The templates of a kind of fault in a language."""
        templates: Mapping[str, str] = _read_catalogue(self.package, lang)[code][kind]
        return templates

    def list_kinds(self, lang: Lang) -> dict[str, dict[str, Mapping[str, str]]]:
        """Every code with its kinds, as the file of a language has them."""
        return {
            code: kinds
            for code, kinds in _read_catalogue(self.package, lang).items()
            if code.startswith("JF-")
        }


@cache
def _read_catalogue(package: str, lang: Lang) -> dict[str, Any]:
    folder = Path(str(import_module(package).__file__)).parent
    text = (folder / f"faults.{lang}.yaml").read_text(encoding="utf-8")
    content: dict[str, Any] = load_own_yaml(text)
    return content


def load_own_yaml(text: str) -> Any:
    """The content of a file of our own: by the parser in C where there is one, ten times as fast.
    What comes from outside is read by `jifen.policy.source`, which names places and has bounds."""
    return yaml.load(text, getattr(yaml, "CSafeLoader", yaml.SafeLoader))


def _fill_template(template: Any, values: Mapping[str, Any]) -> Text:
    zh, en = (
        str(template(lang)).format(
            **{name: _in_language(value, lang) for name, value in values.items()}
        )
        for lang in LANGS
    )
    return Text(zh, en)


def _in_language(value: Any, lang: Lang) -> Any:
    return value(lang) if isinstance(value, Text) else value


def join_list(words: Iterable[Any], most: int = 30) -> Text:
    """A readable list of the words that were possible; texts, or words of both languages."""
    every = list(words)
    if not every:
        return EMPTY
    shown = every[:most]
    phrase = Text(
        "、".join(str(_in_language(w, "zh")) for w in shown),
        ", ".join(str(_in_language(w, "en")) for w in shown),
    )
    if len(every) > most:
        return say("catalogue.in_all", phrase=phrase, every_count=len(every))
    return phrase


def join_with_and(words: Iterable[Any]) -> Text:
    """Words joined by 'and'."""
    every = list(words)
    conjunction = POLICY.format_phrase("and")
    zh, en = (
        conjunction(lang).join(str(_in_language(word, lang)) for word in every) for lang in LANGS
    )
    return Text(zh, en)


POLICY = Catalogue("jifen.policy")


def translate_name(what: str) -> Text:
    """The name of a part of a document in both languages, from its English one (`a reform`)."""
    chinese: Mapping[str, str] = _read_catalogue(POLICY.package, "zh")["names"]
    return Text(chinese.get(what, f"“{what}”"), what)


def translate_yaml_problem(english: str) -> Text:
    """What the YAML parser says, in both languages."""
    known: Mapping[str, str] = _read_catalogue(POLICY.package, "zh")["yaml"]
    return Text(known.get(english, say("catalogue.unreadable_yaml").zh), english)


class ElementName(NamedTuple):
    """A part of a document: its kind and its id. It is put into words only where a fault of it is
    told, so that a document without faults needs no catalogue."""

    kind: str
    ident: Any

    def to_text(self) -> Text:
        """In both languages."""
        return name_element(self.kind, self.ident)


def name_element(what: str, ident: Any) -> Text:
    """A part of a document with its id: `indicator 'age'`."""
    name = translate_name(what)
    return Text(f"{name.zh}“{ident}”", f"{name.en} '{ident}'")
