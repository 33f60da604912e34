"""What a mail says and to whom it goes, worked out when it is sent."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any

from django.conf import settings
from django.urls import reverse

from jifen import cities
from jifen.office.consultation.actions.links import make_token
from jifen.office.consultation.models import (
    CommentState,
    Consultation,
    Mail,
    Subscriber,
    SubscriberState,
)
from jifen.policy.catalogue import load_own_yaml
from jifen.policy.text import Lang


@dataclass(frozen=True, slots=True)
class WrittenMail:
    """A mail as it goes out; `leave`: the address that ends the notices, '' for a link."""

    to: str
    subject: str
    text: str
    leave: str = ""


def write_mail(mail: Mail) -> WrittenMail | None:
    """The mail, or None where it is not to be sent any more."""
    return _write_link(mail) if mail.announcement is None else _write_notice(mail)


def _write_link(mail: Mail) -> WrittenMail | None:
    """A link that confirms something which still waits for it."""
    if comment := mail.comment:
        if comment.state != CommentState.WAITING:
            return None
        values = {"title": " ".join(comment.consultation.title.split())}
        return _fill(mail, comment.email, comment.lang, ("comment", comment.key), values)
    if support := mail.support:
        if support.confirmed_at is not None:
            return None
        values = {"title": " ".join(support.comment.consultation.title.split())}
        return _fill(mail, support.email, support.lang, ("support", support.key), values)
    subscriber = mail.subscriber
    if subscriber is None or subscriber.state != SubscriberState.WAITING:
        return None
    values = {"city": _name_city(subscriber.city, _lang(subscriber.lang))}
    about = ("subscriber", subscriber.key)
    return _fill(mail, subscriber.email, subscriber.lang, about, values)


def _fill(
    mail: Mail, to: str, lang: str, about: tuple[str, Any], values: Mapping[str, str]
) -> WrittenMail:
    kind, key = about
    link = _address("consultation_confirm", kind, key, make_token(kind, key))
    words = _read_words()[mail.kind][_lang(lang)]
    text = str(words["text"]).format(link=link, **values)
    return WrittenMail(to, str(words["subject"]).format(**values), text)


def _write_notice(mail: Mail) -> WrittenMail | None:
    """A notice to a subscriber who did not leave meanwhile."""
    subscriber, announcement = mail.subscriber, mail.announcement
    if subscriber is None or announcement is None:
        return None
    if subscriber.state != SubscriberState.ACTIVE:
        return None
    lang = _lang(subscriber.lang)
    values = {"city": _name_city(announcement.city, lang)}
    if (row := announcement.consultation) is not None:
        values |= _describe_consultation(row)
    elif (adoption := announcement.adoption) is not None:
        is_public = announcement.kind in ("adopted", "corrected")
        values |= {
            "title": adoption.version,
            "last": adoption.since.isoformat(),
            "link": _address("edition", adoption.key)
            if is_public
            else _address("versions", adoption.city),
        }
    leave = _leave_address(subscriber)
    words = _read_words()[mail.kind][lang]
    text = str(words["text"]).format(leave=leave, **values)
    return WrittenMail(subscriber.email, str(words["subject"]).format(**values), text, leave)


def _describe_consultation(row: Consultation) -> dict[str, str]:
    last = row.last_day.isoformat() if row.last_day else ""
    return {
        "title": " ".join(row.title.split()),
        "last": last,
        "link": _address("consultation", row.key),
    }


def _leave_address(subscriber: Subscriber) -> str:
    return _address("consultation_leave", subscriber.key, make_token("leave", subscriber.key))


def _address(name: str, *args: Any) -> str:
    return f"{settings.JIFEN_ADDRESS.rstrip('/')}{reverse(name, args=args)}"


def _name_city(city: str, lang: Lang) -> str:
    known = cities.index()
    return known[city].label(lang) if city in known else city


def _lang(lang: str) -> Lang:
    return "en" if lang == "en" else "zh"


@cache
def _read_words() -> Mapping[str, Any]:
    text = resources.files("jifen.office.consultation").joinpath("mail_words.yaml")
    words: Mapping[str, Any] = load_own_yaml(text.read_text(encoding="utf-8"))
    return words
