"""Faults of facts in words, where no field stands beside them."""

from jifen.facts.fault import FactFault
from jifen.policy.text import Lang


def in_words(fault: FactFault, lang: Lang) -> str:
    """A fault in one sentence, with the fact that it belongs to."""
    if fault.code in ("JF-F001", "JF-F013"):  # the sentence names the fact
        return fault.to_sentence(lang)
    return f"{fault.path}{': ' if lang == 'en' else '：'}{fault.to_sentence(lang)}"
