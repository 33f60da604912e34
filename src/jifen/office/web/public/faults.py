"""Faults of facts in words, where no field stands beside them."""

from jifen.facts.fault import FactFault
from jifen.policy.text import Lang


def in_words(fault: FactFault, lang: Lang) -> str:
    """A fault in one sentence, with the fact that it belongs to."""
    # What was expected of an unknown key is the whole vocabulary: too much to read here.
    if fault.code == "JF-F001":
        stop = ". " if lang == "en" else "。"
        return f"{fault.found(lang)}{stop}{fault.remedy(lang)}"
    return f"{fault.path}{': ' if lang == 'en' else '：'}{fault.words(lang)}"
