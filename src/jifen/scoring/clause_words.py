"""The clause of a rule in words, with how sure its number is."""

from jifen.policy.model import Basis
from jifen.policy.text import Lang, Text
from jifen.scoring.words import say


def format_clause(basis: Basis, lang: Lang) -> str | None:
    """The clause as text, with how sure its number is; None where the number is not known."""
    clause = basis.clause
    if clause is None:
        return None
    return clause.article(lang) + _NUMBER_SURE[clause.confidence](lang)


def select_sure_clause(clause: str | None) -> str:
    """A clause of a stored result, where its number is certain; else nothing: an official paper
    states its own clause or none."""
    if clause is None or any(mark in clause for mark in _DOUBTS_OF_NUMBERS):
        return ""
    return clause


_NUMBER_SURE = {
    "certain": Text("", ""),
    "likely": say("clause_words.number_sure_likely"),
    "unsure": say("clause_words.number_sure_likely"),
}


_DOUBTS_OF_NUMBERS = tuple(
    words for text in _NUMBER_SURE.values() for words in (text.zh, text.en) if words
)
