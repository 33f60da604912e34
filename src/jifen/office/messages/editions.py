"""The words of messages that a city wrote itself: which are in force on a day, and what they said.

A message keeps the edition that it was entered with, so that its text can be built again at any
time. Where a city wrote nothing, or wrote for other placeholders than the ones that a later release
of Jifen has, the built-in words are used.
"""

from collections import defaultdict
from collections.abc import Mapping
from datetime import date
from string import Formatter

from jifen.office.accounts.roles import list_posts
from jifen.office.messages.models import Message, MessageEdition
from jifen.office.messages.templates import choose_language, load_templates, render_text
from jifen.policy.text import Lang, Text

Place = tuple[str, str, str]
"""City, kind and channel."""


class ConfirmedEditions:
    """All that were confirmed, read once for a batch of messages."""

    def __init__(self) -> None:
        self._rows: Mapping[Place, list[MessageEdition]] = defaultdict(list)
        confirmed = MessageEdition.objects.filter(confirmed=True)
        for row in confirmed.order_by("valid_from", "number"):
            self._rows[row.city, row.kind, row.channel].append(row)

    def __bool__(self) -> bool:
        return bool(self._rows)

    def find_in_force(self, place: Place, on: date) -> MessageEdition | None:
        """The edition of a city on a day; None where the built-in words hold."""
        if place not in self._rows:
            return None
        begun = [row for row in self._rows[place] if row.valid_from <= on]
        return begun[-1] if begun and fits_placeholders(begun[-1]) else None


def fits_placeholders(row: MessageEdition) -> bool:
    """Whether an edition has the placeholders that this release of Jifen fills in."""
    if row.kind not in load_templates():
        return False
    expected = list_placeholders_of_kind(row.kind)
    return all(set(list_placeholders(words)) == expected for words in (row.zh, row.en))


def list_placeholders(words: str) -> list[str]:
    """The names between braces, in order. Raises ValueError where braces do not match, or hold
    more than a name."""
    names = []
    for _, name, form, conversion in Formatter().parse(words):
        if name is None:
            continue
        if form or conversion or not name.isidentifier():
            raise ValueError(name)
        names.append(name)
    return names


def list_placeholders_of_kind(kind: str) -> set[str]:
    """What is filled in into messages of a kind: what the newest built-in words have."""
    return set(list_placeholders(load_templates()[kind].editions[-1].zh))


def fill_in(words: Text, params: Mapping[str, object], lang: Lang) -> str:
    """Words of a language with their parameters."""
    return words(lang).format(**choose_language(params, lang))


def render_message(message: Message, lang: Lang) -> str:
    """The words of a message as they were, or will be, sent."""
    if message.office_text is not None:
        return fill_in(message.office_text.words(), message.params, lang)
    return render_text(message.kind, message.edition, lang, message.params)


def find_city(message: Message) -> str:
    """The city whose words a message has; '' where it is of none. Of the staff's own messages it is
    that of their first role."""
    for subject in (message.application, message.permit, message.unit):
        if subject is not None:
            return subject.city
    posts = list_posts(message.user) if message.user is not None else ()
    return posts[0].city if posts else ""
