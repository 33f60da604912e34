"""What an element of a draft rests on, beside its rule: the clause, its words where the measure has
them, where it was seen, and remarks. Nothing is written that the city's folder does not have."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from jifen.policy.certainty import NUMBER_TO_CHECK
from jifen.policy.model import Source
from jifen.policy.source_titles import format_source_title, name_sources_in
from jifen.policy.text import Lang


@dataclass(frozen=True, slots=True)
class ClauseWords:
    """`article`: empty where no number is known; `doubt`: what is not certain of it; `quote`: the
    words of the clause; `sources`: where it was seen; `note`: remarks."""

    article: str = ""
    doubt: str = ""
    quote: str = ""
    sources: tuple[str, ...] = ()
    note: str = ""


def read_clause_words(
    element: dict[str, Any], sources: Iterable[Source], lang: Lang
) -> ClauseWords:
    """What an element of a plain document rests on."""
    known = tuple(sources)
    titles = {source.id: format_source_title(source) for source in known}
    clause, note = _mapping(element, "clause"), _mapping(element, "note")
    article = _words(_mapping(clause, "article"), lang)
    is_sure = clause.get("confidence", "certain") == "certain"
    named = element.get("sources")
    cited = [str(one) for one in named] if isinstance(named, list) else []
    return ClauseWords(
        article,
        NUMBER_TO_CHECK(lang) if article and not is_sure else "",
        _words(clause, "quote"),
        tuple(dict.fromkeys(titles.get(one, one) for one in cited)),
        name_sources_in(_words(note, lang), known, lang),
    )


def _mapping(element: dict[str, Any], key: str) -> dict[str, Any]:
    value = element.get(key)
    return value if isinstance(value, dict) else {}


def _words(mapping: dict[str, Any], key: str) -> str:
    value = mapping.get(key)
    return value if isinstance(value, str) else ""
