"""The words of messages: drafted, tried, confirmed by another administrator, compared."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.views.decorators.http import require_http_methods, require_safe

from jifen.cities import index
from jifen.office.accounts.actions import CONFIRMING
from jifen.office.administration.faults import AdministrationFault
from jifen.office.administration.message_samples import build_sample_params
from jifen.office.administration.message_texts import (
    CHANNEL_NAMES,
    MOST_LETTERS,
    TESTED_BY,
    TextPlace,
    decide_edition,
    find_open_edition,
    find_words_in_force,
    get_built_in_words,
    list_editions,
    propose_edition,
    save_draft,
    send_test,
)
from jifen.office.messages.editions import (
    ConfirmedEditions,
    fill_in,
    fits_placeholders,
    list_placeholders_of_kind,
)
from jifen.office.messages.models import MessageEdition
from jifen.office.messages.templates import SENDER, load_templates
from jifen.office.web.administration.door import list_administered_cities, show_administration
from jifen.office.web.administration.word_differences import compare_words
from jifen.office.web.numbers import whole_number
from jifen.office.web.signed import go, lang_of, say, signed_in, user_of
from jifen.policy.text import Lang, Text

CHANNEL_WORDS = {
    "sms": Text("短信", "SMS"),
    "inbox": Text("站内信", "inbox"),
    "email": Text("电子邮件", "e-mail"),
    "group": Text("群机器人", "group chat"),
}
SMS_LETTERS = 67
"""Letters of each part of a long SMS with Chinese characters (3GPP TS 23.038)."""


@signed_in
@require_safe
def list_texts(request: HttpRequest) -> HttpResponse:
    """Every kind of message with the words that hold today, by channel."""
    cities, lang = list_administered_cities(request, *CONFIRMING), lang_of(request)
    city = _choose_city(request, cities)
    confirmed, today = ConfirmedEditions(), timezone.localdate()
    rows = MessageEdition.objects.filter(city=city, decided_at__isnull=True)
    open_places = {(row.kind, row.channel): row.proposed_at is not None for row in rows}
    kinds = []
    for kind in load_templates():
        cells = [
            {
                "channel": channel,
                "label": CHANNEL_WORDS[channel](lang),
                "edition": confirmed.find_in_force((city, kind, channel), today),
                "waits": open_places.get((kind, channel)),
            }
            for channel in CHANNEL_NAMES
        ]
        words = fill_in(get_built_in_words(kind), build_sample_params(kind), lang)
        kinds.append({"kind": kind, "words": words, "cells": cells})
    context = {
        "kinds": kinds,
        "city": city,
        "cities": [(name, index()[name].label(lang)) for name in cities],
        "channels": [CHANNEL_WORDS[channel](lang) for channel in CHANNEL_NAMES],
    }
    return show_administration(request, "administration/message_texts.html", context)


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def edit_text(request: HttpRequest, kind: str, channel: str) -> HttpResponse:
    """One kind by one channel: what holds, the draft with its preview, and the history."""
    cities = list_administered_cities(request, *CONFIRMING)
    city = _choose_city(request, cities)
    try:
        place = TextPlace(city, kind, channel)
    except AdministrationFault:
        raise Http404 from None
    refused = None
    if request.method == "POST":
        try:
            _act(request, place)
        except AdministrationFault as fault:
            refused = fault
        else:
            address = reverse("message_text", args=[kind, channel])
            return go(f"{address}?{urlencode({'city': city})}")
    context = _describe_place(place, lang_of(request)) | {
        "city": city,
        "start": _find_start(request, place),
    }
    return show_administration(request, "administration/message_text.html", context, refused)


def _choose_city(request: HttpRequest, cities: list[str]) -> str:
    source = request.POST if request.method == "POST" else request.GET
    city = source.get("city", cities[0])
    if city not in cities:
        raise Http404
    return city


def _act(request: HttpRequest, place: TextPlace) -> None:
    post, user = request.POST, user_of(request)
    act = post.get("act", "")
    if act == "save":
        typed = (post.get(name, "")[:4000] for name in ("zh", "en", "valid_from"))
        save_draft(user, place, *typed)
        say(request, _SAVED)
    elif act == "test":
        address = send_test(user, place, "en" if post.get("in") == "en" else "zh")
        say(request, _describe_test(address))
    elif act == "propose":
        propose_edition(user, place)
        say(request, _PROPOSED)
    elif act in _DECIDED:
        which = whole_number(post.get("which", "")) or 0
        why = post.get("why", "")[:1000]
        decide_edition(user, place, confirm=act == "confirm", which=which, why=why)
        say(request, _DECIDED[act])
    else:
        raise Http404


def _describe_test(address: str) -> Text:
    return Text(f"测试已发到 {address}。", f"The test was sent to {address}.")


_SAVED = Text(
    "草稿已保存。请看预览；满意后提交确认。",
    "The draft is saved. Look at the preview, then send it to be confirmed.",
)
_PROPOSED = Text(
    "已提交，须由另一名管理员确认后生效。",
    "Sent: another administrator confirms it before it holds.",
)
_DECIDED = {
    "confirm": Text("已确认，从生效日起使用。", "Confirmed: it is used from its first day on."),
    "decline": Text("已退回，没有改动。", "Returned: nothing was changed."),
    "withdraw": Text("已撤回，没有改动。", "Taken back: nothing was changed."),
}


def _describe_place(place: TextPlace, lang: Lang) -> dict[str, Any]:
    today = timezone.localdate()
    in_force = find_words_in_force(place, today)
    built_in = get_built_in_words(place.kind)
    open_edition = find_open_edition(place)
    words_in_force = in_force.words() if in_force else built_in
    decided = list_editions(place)
    return {
        "kind": place.kind,
        "channel": place.channel,
        "channel_label": CHANNEL_WORDS[place.channel](lang),
        "is_tested": place.channel in TESTED_BY,
        "placeholders": sorted(list_placeholders_of_kind(place.kind)),
        "samples": build_sample_params(place.kind),
        "in_force": in_force,
        "words_in_force": words_in_force,
        "built_in": built_in,
        "open": open_edition,
        "preview": _preview(open_edition, words_in_force) if open_edition else [],
        "unfit": [row for row in decided if row.confirmed and not fits_placeholders(row)],
        "history": _describe_history(decided, built_in),
        "today": today,
        "most": MOST_LETTERS,
    }


def _preview(row: MessageEdition, before: Text) -> list[dict[str, Any]]:
    """In each language: what is read, how many SMS it takes, and what is different."""
    params, langs = build_sample_params(row.kind), tuple[Lang, Lang](("zh", "en"))
    shown = []
    for lang in langs:
        text = fill_in(row.words(), params, lang)
        if row.channel == "sms":
            text = f"{SENDER(lang)}{text}"
        shown.append(
            {
                "lang": lang,
                "text": text,
                "letters": len(text),
                "parts": -(-len(text) // SMS_LETTERS) if len(text) > SMS_LETTERS + 3 else 1,
                "changes": compare_words(before(lang), row.words()(lang)),
            }
        )
    return shown


def _describe_history(decided: list[MessageEdition], built_in: Text) -> list[dict[str, Any]]:
    """The newest first; each with what was different from the edition that held before it."""
    rows, before = [], built_in
    for row in reversed(decided):
        changes = [
            (lang, compare_words(before(lang), row.words()(lang)))
            for lang in tuple[Lang, Lang](("zh", "en"))
        ]
        rows.append({"row": row, "changes": changes})
        before = row.words() if row.confirmed else before
    return rows[::-1]


def _find_start(request: HttpRequest, place: TextPlace) -> dict[str, str]:
    """What the form begins with: an earlier edition that was chosen, the draft, what holds."""
    number, today = whole_number(request.GET.get("from", "")), timezone.localdate()
    day = today.isoformat()
    if request.GET.get("from") == "built-in":
        words = get_built_in_words(place.kind)
    else:
        rows = MessageEdition.objects.filter(**place.fields)
        row = rows.filter(pk=number).first() if number is not None else find_open_edition(place)
        if row is not None and row.decided_at is None:
            day = row.valid_from.isoformat()
        row = row or find_words_in_force(place, today)
        words = row.words() if row else get_built_in_words(place.kind)
    return {"zh": words.zh, "en": words.en, "valid_from": day}
