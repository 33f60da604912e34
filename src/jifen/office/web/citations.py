"""Citations as a reader knows them: titles in place of the keys of the dossier (S38, M2)."""

import re
from collections.abc import Iterable

from jifen.policy.model import Source
from jifen.policy.source_titles import KEY, format_source_title, name_sources_in
from jifen.policy.text import Lang

_BEHIND = re.compile(rf"\s?[（(]{KEY}(?:\s*[;；、,]\s*{KEY})*[）)]\s*$")
_BETWEEN = re.compile(r";(?![^（(]*[）)])")
"""What parts the pieces of a citation; not inside brackets."""


def cited(cite: str, sources: Iterable[Source], lang: Lang) -> str:
    """A citation of the data with titles in place of keys. A clause stays as it is: it names its
    instrument, so the keys behind it say nothing more."""
    sources = tuple(sources)
    titles = {source.id: format_source_title(source) for source in sources}
    part = cite.split(" / ")[0 if lang == "zh" else -1]
    pieces = [_BEHIND.sub("", piece).strip() for piece in _BETWEEN.split(part)]
    joint = "; " if lang == "en" else "；"
    named = (titles.get(piece) or name_sources_in(piece, sources, lang) for piece in pieces)
    return joint.join(dict.fromkeys(named))
