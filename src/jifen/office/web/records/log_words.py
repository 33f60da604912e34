"""The log in words: acts, and the subjects and accounts that its rows name by their ids."""

from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any

from django.urls import get_resolver

from jifen.office.audit.models import Access, Entry
from jifen.office.web.cases.case_texts import ACTS as CASE_ACTS
from jifen.office.web.records.log_acts import OTHER_ACTS
from jifen.office.web.records.log_details import describe_details
from jifen.office.web.records.log_names import LogNames, list_named_subjects
from jifen.office.web.records.words import say
from jifen.policy.text import Lang, Text

LogRow = Entry | Access
KINDS: Mapping[str, Text] = {
    "accesses": say("log_words.kind_accesses"),
    "agency": say("log_words.kind_agency"),
    "application": say("log_words.kind_application"),
    "calendar": say("log_words.kind_calendar"),
    "checker": say("log_words.kind_checker"),
    "consultation": say("log_words.kind_consultation"),
    "desk": say("log_words.kind_desk"),
    "district": say("log_words.kind_district"),
    "document": say("log_words.kind_document"),
    "draft": say("log_words.kind_draft"),
    "feed": say("log_words.kind_feed"),
    "list": say("log_words.kind_list"),
    "list entry": say("log_words.kind_list_entry"),
    "mail": say("log_words.kind_mail"),
    "message": say("log_words.kind_message"),
    "notice": say("log_words.kind_notice"),
    "objection": say("log_words.kind_objection"),
    "office": say("log_words.kind_office"),
    "page": say("log_words.kind_page"),
    "permit": say("log_words.kind_permit"),
    "person": say("log_words.kind_person"),
    "points": say("log_words.kind_points"),
    "population": say("log_words.kind_population"),
    "run": say("log_words.kind_run"),
    "subscriber": say("log_words.kind_subscriber"),
    "text": say("log_words.kind_text"),
    "token": say("log_words.kind_token"),
    "unit": say("log_words.kind_unit"),
    "user": say("log_words.kind_user"),
    "webhook_delivery": say("log_words.kind_webhook_delivery"),
}
"""Of what kind a subject or an actor is: what stands before the colon of its id."""
LONE_NAMES: Mapping[str, Text] = {
    "audit": say("log_words.audit"),
    "system": say("log_words.system"),
    "visitor": say("log_words.visitor"),
    "anonymous": say("log_words.anonymous"),
    "command line": say("log_words.command_line"),
    "person": say("log_words.person_self"),
}
"""Subjects and actors without a number."""


def find_words_of_act(act: str) -> Text | None:
    """The words of an act; None where there are none."""
    if act.startswith("case."):
        return CASE_ACTS.get(act.removeprefix("case."))
    return OTHER_ACTS.get(act)


def describe_act(act: str, lang: Lang) -> str:
    """An act in words; one of an older version that has none keeps its id."""
    words = find_words_of_act(act)
    return words(lang) if words else act


def describe_rows(rows: Sequence[LogRow], lang: Lang) -> list[dict[str, Any]]:
    """Rows for a page: numbers of cases, names of accounts and units, masked numbers of persons
    instead of ids. Each kind is read at once."""
    names = LogNames([name for row in rows for name in list_named_subjects(row)])
    return [
        {
            "pk": row.pk,
            "at": row.at,
            "actor": describe_subject(row.actor, names, lang),
            "on_behalf_of": _describe_principal(getattr(row, "on_behalf_of", ""), names, lang),
            "source": getattr(row, "source", ""),
            "act": describe_act(row.act, lang),
            "act_id": row.act,
            "subject": describe_subject(row.subject, names, lang),
            "subject_id": row.subject,
            "details": describe_details(row, names, lang),
        }
        for row in rows
    ]


def describe_subject(text: str, names: LogNames, lang: Lang) -> str:
    """What a row names, such as 'application:12', in words."""
    if text in LONE_NAMES:
        return LONE_NAMES[text](lang)
    kind, _, key = text.partition(":")
    if kind not in KINDS:
        return text
    name = names.find_name(text, lang) or _name_by_key(kind, key, names, lang)
    return f"{KINDS[kind](lang)} {name}".strip()


def _name_by_key(kind: str, key: str, names: LogNames, lang: Lang) -> str:
    if kind == "page":
        return find_address(key)
    if kind == "desk":
        city, _, district = key.partition(":")
        return names.name_place(city, district, lang)
    return key if kind in ("list", "run", "accesses") else f"#{key}"


def _describe_principal(text: str, names: LogNames, lang: Lang) -> str:
    """For whom somebody acted: their unit, an agency for a unit, themselves, or a colleague who was
    away."""
    agency, _, unit = text.partition(" for ")
    if not text:
        return ""
    if not unit:
        whom = names.find_name(text, lang) or describe_subject(text, names, lang)
        return say("log_words.acting_for", whom=whom)(lang)
    by = names.find_name(f"unit:{agency.partition(':')[2]}", lang) or agency
    return say("log_words.and_for", agency=by, unit=names.find_name(unit, lang) or unit)(lang)


@cache
def find_address(view_name: str) -> str:
    """The address of a view, its keys as '…'; its name where it has none."""
    namespace, _, name = view_name.rpartition(":")
    resolver, beginning = get_resolver(), "/"
    for one in filter(None, namespace.split(":")):
        prefix, resolver = resolver.namespace_dict[one]
        beginning += prefix
    for possible in resolver.reverse_dict.getlist(name):
        path, params = possible[0][0]
        return f"{beginning}{path % dict.fromkeys(params, '…')}"
    return view_name
