"""The words of a package: one file a language beside its code, by module and key.

`words.zh.json` and `words.en.json` hold, for each module, what it says, with `{placeholders}`. Code
names a sentence by its key and gives the values: `say("messages.not_met", label=label)`. A value
that is a text in both languages is shown in the language of the sentence. The files are read when
the first sentence is asked for.
"""

import json
from collections.abc import Mapping
from functools import cached_property
from pathlib import Path

from jifen.policy.text import Lang, Text

LANGS: tuple[Lang, ...] = ("zh", "en")
Templates = Mapping[str, str]
"""The sentences of a language with their placeholders, by `module.key`."""


class WordCatalogue:
    """The words of the package in whose folder a file stands; call it for a sentence."""

    def __init__(self, file_of_package: str) -> None:
        self.folder = Path(file_of_package).parent

    def __call__(self, key: str, /, **values: object) -> Text:
        """A sentence in both languages. Raises KeyError for a key or a placeholder that is not
        there; a test finds both."""
        chinese, english = self._templates
        return Text(
            _fill_template(chinese[key], values, "zh"), _fill_template(english[key], values, "en")
        )

    @cached_property
    def _templates(self) -> tuple[Templates, Templates]:
        return self.read_templates("zh"), self.read_templates("en")

    def read_templates(self, lang: Lang) -> Templates:
        """Every sentence of a language, in the order of the file."""
        modules: dict[str, dict[str, str]] = json.loads(
            (self.folder / f"words.{lang}.json").read_bytes()
        )
        return {
            f"{module}.{key}": template
            for module, sentences in modules.items()
            for key, template in sentences.items()
        }


def _fill_template(template: str, values: Mapping[str, object], lang: Lang) -> str:
    return template.format_map(
        {name: value(lang) if isinstance(value, Text) else value for name, value in values.items()}
    )
