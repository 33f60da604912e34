"""Sources as a reader knows them. In the data they have keys of the dossier (S38, M2); on a page
stands where the text was seen, with its date."""

import re
from collections.abc import Iterable

from jifen.policy.model import Source
from jifen.policy.text import Lang, Text
from jifen.policy.words import say

KEY = r"[A-Z]\d{1,3}[a-z]?"
"""What a key of the dossier looks like."""
_KEYS = re.compile(rf"\s?[（(]({KEY}(?:\s*[、,;；]\s*{KEY})*)[）)]|\b({KEY})\b")
_DATE = re.compile(r"\((\d{4}(?:-\d{2}){0,2})\)")
_HOST = re.compile(r"(?:[\w-]+\.)+[a-z]{2,}")


def format_source_title(source: Source) -> str:
    """Where a text was seen, in short: the title or number of an instrument as it stands, of a page
    its host with its date."""
    where = source.where
    host, day = _HOST.match(where), _DATE.search(where)
    if host is None:
        return where
    return f"{host[0]} ({day[1]})" if day else host[0]


def name_sources_in(text: str, sources: Iterable[Source], lang: Lang) -> str:
    """A note of the data with titles in place of the keys in it; a title may name other sources."""
    titles = {source.id: format_source_title(source) for source in sources}
    whole = {key: _replace_keys(title, titles, lang) for key, title in titles.items()}
    return _replace_keys(text, whole, lang)


def _replace_keys(text: str, titles: dict[str, str], lang: Lang) -> str:
    def title(found: re.Match[str]) -> str:
        together, alone = found[1], found[2]
        if alone:
            return titles.get(alone, alone)
        keys = re.findall(KEY, together)
        if not all(key in titles for key in keys):
            return found[0]
        names = list(dict.fromkeys(titles[key] for key in keys))
        return say("source_titles.title", names=Text("、".join(names), ", ".join(names)))(lang)

    return _KEYS.sub(title, text)
