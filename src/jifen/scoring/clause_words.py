"""The clause of a rule in words, with how sure its number is."""

from collections.abc import Mapping

from jifen.policy.model import Basis, Confidence
from jifen.policy.text import Lang, Text
from jifen.scoring.words import say


def format_clause(basis: Basis, lang: Lang) -> str | None:
    """The clause as text, with how sure its number is; None where the number is not known."""
    return _append_doubt(basis, lang, _NUMBER_SURE)


def format_clause_of_0_1(basis: Basis, lang: Lang) -> str | None:
    """The clause as release 0.1.0 worded it: its decisions are replayed to the byte."""
    return _append_doubt(basis, lang, _NUMBER_SURE_IN_0_1)


def _append_doubt(basis: Basis, lang: Lang, words: Mapping[Confidence, Text]) -> str | None:
    clause = basis.clause
    return None if clause is None else clause.article(lang) + words[clause.confidence](lang)


def select_sure_clause(clause: str | None) -> str:
    """A clause of a stored result, where its number is certain; else nothing: an official paper
    states its own clause or none."""
    if clause is None or any(mark in clause for mark in _DOUBTS_OF_NUMBERS):
        return ""
    return clause


_NUMBER_SURE: Mapping[Confidence, Text] = {
    "certain": Text("", ""),
    "likely": say("clause_words.number_sure_likely"),
    "unsure": say("clause_words.number_sure_likely"),
}
_NUMBER_SURE_IN_0_1: Mapping[Confidence, Text] = {
    "certain": Text("", ""),
    "likely": say("clause_words.number_likely_in_0_1"),
    "unsure": say("clause_words.number_unsure_in_0_1"),
}


_DOUBTS_OF_NUMBERS = tuple(
    words
    for wordings in (_NUMBER_SURE, _NUMBER_SURE_IN_0_1)
    for text in wordings.values()
    for words in (text.zh, text.en)
    if words
)
