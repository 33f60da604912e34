"""Search in English and Chinese on one site.

The search of the site finds words, and Chinese has no spaces between them. A run of Chinese
characters is therefore indexed as its pairs of neighbours (居住证 → 居住, 住证), and a query is cut
the same way in the reader's browser: whoever types 居住证 finds the pages that hold both pairs.
"""

import re

from sphinx.application import Sphinx
from sphinx.search import languages
from sphinx.search.en import SearchEnglish

CHINESE = "\u3400-\u9fff"
WORDS = re.compile(rf"[{CHINESE}]+|[^\W{CHINESE}]+")
RUN = re.compile(rf"[{CHINESE}]+\Z")

# The same in the browser. A single character cannot be found: the index holds none.
SPLITTER = rf"""
var splitQuery = (query) =>
  Array.from(query.matchAll(/[{CHINESE}]+|[\p{{Letter}}\p{{Number}}_\p{{Emoji_Presentation}}]+/gu))
    .flatMap(([word]) =>
      /^[{CHINESE}]/.test(word) && word.length > 2
        ? Array.from({{length: word.length - 1}}, (_, i) => word.slice(i, i + 2))
        : [word]);
"""


class EnglishAndChinese(SearchEnglish):
    """English words with their stems, Chinese as pairs of neighbouring characters."""

    lang = "en"
    language_name = "English"
    js_splitter_code = SPLITTER

    def split(self, text: str) -> list[str]:
        return [word for found in WORDS.findall(text) for word in _words(found)]

    def word_filter(self, word: str) -> bool:
        return bool(RUN.match(word)) or super().word_filter(word)


def _words(found: str) -> list[str]:
    if not RUN.match(found) or len(found) == 1:
        return [found]
    return [found[start : start + 2] for start in range(len(found) - 1)]


def setup(app: Sphinx) -> dict[str, bool]:
    """Take the place of Sphinx's search in English."""
    languages["en"] = EnglishAndChinese
    return {"parallel_read_safe": True}
