"""The words of messages that a city writes itself: drafted by its administrator, tried on their own
telephone or mailbox, confirmed by another administrator, in force from a day.

Messages keep the words that they were entered with (`messages/editions.py`).
"""

from dataclasses import dataclass
from datetime import date, timedelta
from hashlib import sha256
from typing import Any
from uuid import uuid4

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from jifen.facts.spelling import try_read_day
from jifen.office.accounts.actions import CONFIRMING
from jifen.office.accounts.models import Role, User
from jifen.office.accounts.roles import has_post
from jifen.office.administration import message_text_faults as faults
from jifen.office.administration.message_samples import build_sample_params
from jifen.office.administration.offices import NOT_ADMINISTRATOR
from jifen.office.administration.settings_that_wait import store_setting_wait
from jifen.office.administration.words import say
from jifen.office.audit.actions import record
from jifen.office.messages.channels import OutgoingMessage, get_channel
from jifen.office.messages.editions import (
    ConfirmedEditions,
    fill_in,
    list_placeholders,
    list_placeholders_of_kind,
)
from jifen.office.messages.models import CHANNELS, MessageEdition
from jifen.office.messages.templates import SENDER, choose_language, load_templates
from jifen.policy.text import Lang, Text

MOST_LETTERS = {"zh": 300, "en": 600}
DAYS_AHEAD = 366
MOST_TESTS = 10
CHANNEL_NAMES = tuple(name for name, _ in CHANNELS)
TESTED_BY = ("sms", "email")


@dataclass(frozen=True, slots=True)
class TextPlace:
    """A kind of message by a channel in a city. Raises AdministrationFault where there is none."""

    city: str
    kind: str
    channel: str

    def __post_init__(self) -> None:
        if self.kind not in load_templates() or self.channel not in CHANNEL_NAMES:
            raise faults.NO_SUCH_TEXT

    @property
    def fields(self) -> dict[str, str]:
        """As columns."""
        return {"city": self.city, "kind": self.kind, "channel": self.channel}


def get_built_in_words(kind: str) -> Text:
    """The newest words that Jifen ships."""
    return load_templates()[kind].editions[-1]


def find_words_in_force(place: TextPlace, on: date) -> MessageEdition | None:
    """The edition of the city; None where the built-in words hold."""
    return ConfirmedEditions().find_in_force((place.city, place.kind, place.channel), on)


def find_open_edition(place: TextPlace) -> MessageEdition | None:
    """The draft, or what waits to be confirmed."""
    rows = MessageEdition.objects.filter(**place.fields, decided_at__isnull=True)
    return rows.select_related("written_by").first()


def list_editions(place: TextPlace) -> list[MessageEdition]:
    """All that were decided, the newest first."""
    rows = MessageEdition.objects.filter(**place.fields, decided_at__isnull=False)
    return list(rows.select_related("written_by", "decided_by").order_by("-id"))


def save_draft(by: User, place: TextPlace, zh: str, en: str, valid_from: str) -> MessageEdition:
    """Keep the draft of an edition; it replaces the draft before. Raises AdministrationFault."""
    if not has_post(by, place.city, "", Role.CITY_ADMIN):
        raise NOT_ADMINISTRATOR
    words = {"zh": " ".join(zh.split()), "en": " ".join(en.split())}
    for lang, text in words.items():
        _check_words(place.kind, lang, text)
    day = _read_first_day(valid_from)
    in_force = find_words_in_force(place, day)
    before = in_force.words() if in_force else get_built_in_words(place.kind)
    if before == Text(**words):
        raise faults.NOTHING_NEW
    with transaction.atomic():
        rows = MessageEdition.objects.select_for_update(of=("self",))
        row = rows.filter(**place.fields, decided_at__isnull=True).first()
        if row is None:
            row = MessageEdition(**place.fields)
        elif row.proposed_at is not None:
            raise faults.WAITS_ALREADY
        row.zh, row.en, row.valid_from, row.written_by = words["zh"], words["en"], day, by
        row.save()
        _record_act("text.saved", by, row)
    return row


def _check_words(kind: str, lang: str, text: str) -> None:
    """Raise AdministrationFault where words are none, too long, or have other placeholders than
    the kind."""
    if not text:
        raise faults.build_empty(lang)
    if len(text) > MOST_LETTERS[lang]:
        raise faults.build_too_long(lang, len(text), MOST_LETTERS[lang])
    try:
        names = list_placeholders(text)
    except ValueError as error:
        raise faults.build_bad_braces(lang, str(error)) from None
    expected = list_placeholders_of_kind(kind)
    for name in names:
        if name not in expected:
            raise faults.build_unknown_placeholder(lang, name, sorted(expected))
    for name in sorted(expected - set(names)):
        raise faults.build_missing_placeholder(lang, name)


def _read_first_day(typed: str) -> date:
    day, today = try_read_day(typed.strip()), timezone.localdate()
    if day is None or not today <= day <= today + timedelta(days=DAYS_AHEAD):
        raise faults.build_bad_day(typed.strip(), today)
    return day


def propose_edition(by: User, place: TextPlace) -> MessageEdition:
    """Send the draft to be confirmed. Its words are not changed any more. Raises
    AdministrationFault."""
    if not has_post(by, place.city, "", Role.CITY_ADMIN):
        raise NOT_ADMINISTRATOR
    with transaction.atomic():
        row = _lock_open(place)
        if row.proposed_at is not None:
            raise faults.WAITS_ALREADY
        row.proposed_at = timezone.now()
        row.save(update_fields=("proposed_at",))
        store_setting_wait(f"text:{row.pk}", row.city, row.written_by)
        _record_act("text.proposed", by, row)
    return row


def decide_edition(
    by: User, place: TextPlace, *, confirm: bool, which: int, why: str = ""
) -> MessageEdition:
    """Another administrator confirms what waits, or returns it with a reason; its writer may take
    it back. An edition whose first day has passed holds from today. Raises AdministrationFault."""
    if not has_post(by, place.city, "", *CONFIRMING):
        raise NOT_ADMINISTRATOR
    with transaction.atomic():
        row = _lock_open(place)
        is_own = by.pk == row.written_by_id
        if row.pk != which or (row.proposed_at is None and not is_own):
            raise faults.NOTHING_WAITS
        if confirm and row.proposed_at is None:
            raise faults.NOTHING_WAITS
        if confirm and is_own:
            raise faults.SECOND_PERSON
        if not confirm and not is_own and not why.strip():
            raise faults.NO_REASON
        if confirm:
            _put_in_force(row)
        row.decided_by, row.decided_at, row.confirmed = by, timezone.now(), confirm
        row.why = " ".join(why.split())[:200]
        row.save()
        store_setting_wait(f"text:{row.pk}", row.city, None)
        act = "text.confirmed" if confirm else "text.withdrawn" if is_own else "text.declined"
        _record_act(act, by, row)
    return row


def _put_in_force(row: MessageEdition) -> None:
    """Give it its number and a first day that is not in the past. Of two with one first day the
    later number holds."""
    place = {"city": row.city, "kind": row.kind, "channel": row.channel}
    row.number = MessageEdition.objects.filter(**place, confirmed=True).count() + 1
    row.valid_from = max(row.valid_from, timezone.localdate())


def _lock_open(place: TextPlace) -> MessageEdition:
    rows = MessageEdition.objects.select_for_update(of=("self",))
    row = rows.filter(**place.fields, decided_at__isnull=True).first()
    if row is None:
        raise faults.NOTHING_WAITS
    return row


def send_test(by: User, place: TextPlace, lang: Lang) -> str:
    """Send what is open, filled in with the sample case, to the asker's own telephone or mailbox.
    Returns the address. Raises AdministrationFault."""
    if not has_post(by, place.city, "", *CONFIRMING):
        raise NOT_ADMINISTRATOR
    row = find_open_edition(place)
    if row is None:
        raise faults.NOTHING_WAITS
    if place.channel not in TESTED_BY:
        raise faults.NO_TEST
    address = by.phone if place.channel == "sms" else by.email
    if not address:
        raise faults.NO_OWN_ADDRESS[place.channel]
    with transaction.atomic():
        rows = MessageEdition.objects.filter(pk=row.pk, tests__lt=MOST_TESTS)
        if not rows.update(tests=F("tests") + 1):
            raise faults.TOO_MANY_TESTS
        _record_act("text.tested", by, row)
    sent = get_channel(place.channel).send(_build_test_message(row, address, lang))
    if sent.outcome != "accepted":
        raise faults.build_not_sent(sent.words)
    return address


def _build_test_message(row: MessageEdition, address: str, lang: Lang) -> OutgoingMessage:
    params = build_sample_params(row.kind)
    text = f"{TEST_MARK(lang)}{fill_in(row.words(), params, lang)}"
    subject = SENDER(lang).strip("【】[] ")
    body = f"{SENDER(lang)}{text}" if row.channel == "sms" else text
    shown = choose_language(params, lang)
    return OutgoingMessage(
        str(uuid4()), address, subject, body, kind=row.kind, lang=lang, params=shown
    )


TEST_MARK = say("message_texts.test_mark")


def _record_act(act: str, by: User, row: MessageEdition) -> None:
    """The log proves the words by their hash."""
    details: dict[str, Any] = {"kind": row.kind, "channel": row.channel}
    details["words"] = sha256(f"{row.zh}\n{row.en}".encode()).hexdigest()
    if row.number is not None:
        details |= {"number": row.number, "valid_from": row.valid_from.isoformat()}
    if row.decided_by_id is not None:
        details["written_by"] = f"user:{row.written_by_id}"
    record(act, actor=f"user:{by.pk}", subject=f"text:{row.pk}", city=row.city, details=details)
