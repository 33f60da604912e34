"""What is refused of the words of a message, in words."""

from collections.abc import Sequence
from datetime import date

from jifen.office.administration.faults import AdministrationFault
from jifen.office.administration.words import say
from jifen.policy.text import Text

_LANGUAGE = {
    "zh": say("message_text_faults.language_zh"),
    "en": say("message_text_faults.language_en"),
}
NO_SUCH_TEXT = AdministrationFault(
    "JF-O040",
    say("message_text_faults.there_is_no_such_message"),
)
NOTHING_NEW = AdministrationFault(
    "JF-O045",
    say("message_text_faults.these_are_the_words"),
    "zh",
)
WAITS_ALREADY = AdministrationFault(
    "JF-O046",
    say("message_text_faults.these_words_wait"),
)
NOTHING_WAITS = AdministrationFault(
    "JF-O047",
    say("message_text_faults.there_is_no_such_draft"),
)
SECOND_PERSON = AdministrationFault(
    "JF-O048",
    say("message_text_faults.another_administrator_confirms_the_words"),
)
NO_REASON = AdministrationFault(
    "JF-O049",
    say("message_text_faults.write_why_it_is_returned"),
    "why",
)
NO_TEST = AdministrationFault(
    "JF-O050",
    say("message_text_faults.no_test_is_sent"),
)
NO_OWN_ADDRESS = {
    "sms": AdministrationFault(
        "JF-O051",
        say("message_text_faults.your_account_has_no_telephone"),
    ),
    "email": AdministrationFault(
        "JF-O051",
        say("message_text_faults.your_account_has_no_e"),
    ),
}
TOO_MANY_TESTS = AdministrationFault(
    "JF-O052",
    say("message_text_faults.these_words_were_sent"),
)


def build_empty(lang: str) -> AdministrationFault:
    """Words of a language that are left out."""
    name = _LANGUAGE[lang]
    words = say("message_text_faults.the_words_are_empty_write", name=name)
    return AdministrationFault("JF-O041", words, lang)


def build_too_long(lang: str, length: int, most: int) -> AdministrationFault:
    """Words that do not fit."""
    name = _LANGUAGE[lang]
    words = say("message_text_faults.the_words_have_letters", name=name, length=length, most=most)
    return AdministrationFault("JF-O041", words, lang)


def build_bad_braces(lang: str, shown: str) -> AdministrationFault:
    """Braces that do not match, or hold more than a name."""
    name = _LANGUAGE[lang]
    words = say("message_text_faults.the_braces_of_the_words", name=name, shown=shown[:40])
    return AdministrationFault("JF-O042", words, lang)


def build_unknown_placeholder(lang: str, found: str, known: Sequence[str]) -> AdministrationFault:
    """A placeholder that this kind of message does not fill in."""
    name, listed = _LANGUAGE[lang], [f"{{{one}}}" for one in known]
    names = Text("、".join(listed), ", ".join(listed))
    words = say(
        "message_text_faults.unknown_placeholder",
        language=name,
        placeholder=found[:40],
        known=names if listed else say("message_text_faults.no_placeholders"),
    )
    return AdministrationFault("JF-O043", words, lang)


def build_missing_placeholder(lang: str, name: str) -> AdministrationFault:
    """A placeholder that the words leave out."""
    label = _LANGUAGE[lang]
    words = say("message_text_faults.the_words_lack_the_placeholder", label=label, name=name)
    return AdministrationFault("JF-O043", words, lang)


def build_bad_day(typed: str, today: date) -> AdministrationFault:
    """A first day that is none, has passed or is too far away."""
    found = typed[:20]
    words = say("message_text_faults.the_first_day", found=found, today=today)
    return AdministrationFault("JF-O044", words, "valid_from")


def build_not_sent(answer: str) -> AdministrationFault:
    """A test that the provider did not take."""
    words = say("message_text_faults.the_test_was_not_sent", answer=answer[:60])
    return AdministrationFault("JF-O053", words)
