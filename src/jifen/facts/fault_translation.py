"""Faults of a text that is no facts file at all (encoding, syntax), said in Chinese as well.

The reader of documents speaks English, to authors of policies; a visitor's file is read by
somebody else.
"""

import re
from dataclasses import replace

from jifen.facts.fault import ChineseFault
from jifen.facts.words import say
from jifen.policy.fault import DocumentError, Fault
from jifen.policy.text import Lang

_TWICE = re.compile(r"the key '(?P<key>.*)' a second time \(first in line (?P<line>\d+)\)")
# code → found, expected, what to do
_WORDS = {
    "JF-P001": (
        say("fault_translation.no_yaml_found"),
        say("fault_translation.no_yaml_expected"),
        say("fault_translation.no_yaml_remedy"),
    ),
    "JF-P002": (
        say("fault_translation.no_utf_8_found"),
        say("fault_translation.no_utf_8_expected"),
        say("fault_translation.no_utf_8_remedy"),
    ),
    "JF-P003": (
        say("fault_translation.too_large_found"),
        say("fault_translation.too_large_expected"),
        say("fault_translation.too_large_remedy"),
    ),
    "JF-P004": (
        say("fault_translation.too_deep_found"),
        say("fault_translation.too_deep_expected"),
        say("fault_translation.too_deep_remedy"),
    ),
    "JF-P005": (
        say("fault_translation.twice_found"),
        say("fault_translation.twice_expected"),
        say("fault_translation.twice_remedy"),
    ),
    "JF-P006": (
        say("fault_translation.alias_found"),
        say("fault_translation.alias_expected"),
        say("fault_translation.alias_remedy"),
    ),
}


def translate_faults(error: DocumentError, lang: Lang) -> DocumentError:
    """The same faults at the same places, in the language of the reader."""
    if lang == "en":
        return error
    return DocumentError(_translate_fault(fault) for fault in error.faults)


def _translate_fault(fault: Fault) -> Fault:
    if fault.code not in _WORDS:
        return fault
    found, expected, remedy = (words.zh for words in _WORDS[fault.code])
    twice = _TWICE.match(fault.found)
    if twice:
        found = say("fault_translation.key_twice", key=twice["key"], line=twice["line"]).zh
    return ChineseFault.from_fault(replace(fault, found=found, expected=expected, remedy=remedy))
