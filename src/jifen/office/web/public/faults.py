"""Faults of facts in words, where no field stands beside them."""

from jifen.facts.fault import FactFault
from jifen.policy.text import Lang
from jifen.policy.vocabulary import Vocabulary


def in_words(fault: FactFault, vocabulary: Vocabulary, lang: Lang) -> str:
    """A fault in one sentence, with the fact that it belongs to by its label."""
    fact = vocabulary.get(fault.fact)
    if fact is None or fault.code in ("JF-F001", "JF-F013"):  # the sentence names the fact
        return fault.to_sentence(lang)
    return f"{fact.label(lang)}{': ' if lang == 'en' else '：'}{fault.to_sentence(lang)}"
