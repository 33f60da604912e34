"""The history of a draft, two of its revisions in words, and the draft as one document."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from jifen.cities import index
from jifen.office.web.numbers import whole_number
from jifen.office.web.signed import go, lang_of, say, signed_in, user_of, work_page
from jifen.office.web.studio.door import studio_page
from jifen.office.web.studio.effect import chosen_population, populations_for
from jifen.office.web.studio.forms import seen
from jifen.office.workshop.access import DraftInHand, access_draft
from jifen.office.workshop.actions import drafts, effects
from jifen.office.workshop.faults import StudioFault
from jifen.office.workshop.measure import Measure
from jifen.office.workshop.models import Draft
from jifen.office.workshop.revisions import measure_at, revision_of
from jifen.policy.diff import PolicyDifference, find_difference
from jifen.policy.diff.statements import KIND_LABELS
from jifen.policy.editing import MISSING, changes_between, value_at
from jifen.policy.text import Lang, Text

MOST = 200


@dataclass(frozen=True, slots=True)
class CellChange:
    """A cell that differs: its path, and both values."""

    path: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Compared:
    """Two states of a draft: in words where both can be scored, and cell by cell."""

    words: PolicyDifference | None
    cells: list[CellChange]


def compare_measures(old: Measure, new: Measure) -> Compared:
    """What differs between two states."""
    words = None
    if old.policy and new.policy and old.can_be_scored and new.can_be_scored:
        words = find_difference(old.policy, new.policy)
    before, after = old.document or {}, new.document or {}
    cells = [
        CellChange(path, _said(value_at(before, path)), _said(value))
        for path, value in changes_between(before, after).items()
    ]
    return Compared(words, cells)


def _said(value: Any) -> str:
    if value is MISSING or value is None:
        return ""
    if isinstance(value, dict):
        return "; ".join(f"{key}: {_said(one)}" for key, one in value.items())
    return "; ".join(map(_said, value)) if isinstance(value, list) else str(value)


@signed_in
@studio_page
@require_safe
def history(request: HttpRequest, key: UUID) -> HttpResponse:
    """Every revision, the newest first: who, when, what."""
    hand = access_draft(user_of(request), key)
    rows = hand.draft.revisions.select_related("author").order_by("-number")[:MOST]
    context = {"draft": hand.draft, "revisions": rows, "may_edit": "edit" in hand.acts}
    return work_page(request, "studio/history.html", context)


@signed_in
@studio_page
@require_POST
def restore(request: HttpRequest, key: UUID, number: int) -> HttpResponse:
    """An older revision becomes the newest."""
    hand = access_draft(user_of(request), key, "edit")
    revision = drafts.restore(hand, number)
    population = chosen_population(populations_for(hand.draft), "")
    if population is not None:
        effects.request_run(hand, revision, population)
    say(request, Text(f"已恢复第 {number} 稿的内容。", f"Revision {number} was restored."))
    return go(reverse("studio_draft", args=[key]))


@signed_in
@studio_page
@require_safe
def compare(request: HttpRequest, key: UUID, old: int, new: int) -> HttpResponse:
    """Two revisions in words; 0 stands for the version that the draft starts from."""
    hand, lang = access_draft(user_of(request), key), lang_of(request)
    found = compare_measures(_measure(hand.draft, old), _measure(hand.draft, new))
    context = {
        "draft": hand.draft,
        "old": _name(hand.draft, old)(lang),
        "new": _name(hand.draft, new)(lang),
        "rows": found.words.rows if found.words else [],
        "has_words": found.words is not None,
        "cells": found.cells,
        "kinds": KIND_LABELS,
    }
    return work_page(request, "studio/compare.html", context)


@signed_in
@studio_page
@require_safe
def compare_two(request: HttpRequest, key: UUID) -> HttpResponse:
    """Any two revisions, by the numbers of a form; the newest where one is none."""
    hand = access_draft(user_of(request), key)
    old, new = (whole_number(request.GET.get(name, "")) for name in ("old", "new"))
    head = hand.draft.head
    args = [key, head if old is None else old, head if new is None else new]
    return go(reverse("studio_compare", args=args))


def _measure(draft: Draft, number: int) -> Measure:
    """The measure of a revision; the first one is the version itself."""
    return measure_at(draft, revision_of(draft, number or 1))


def _name(draft: Draft, number: int) -> Text:
    if number:
        return Text(f"第 {number} 稿", f"revision {number}")
    known = index().get(draft.base_city)
    label = known.label if known else Text(draft.base_city, draft.base_city)
    return Text(f"{label.zh} {draft.base_version} 版", f"{label.en} {draft.base_version}")


@signed_in
@studio_page
@require_http_methods(["GET", "HEAD", "POST"])
def text(request: HttpRequest, key: UUID) -> HttpResponse:
    """The draft as one document, for those who prefer it."""
    if request.method == "POST":
        hand = access_draft(user_of(request), key, "edit")
        return _save_text(request, hand)
    hand = access_draft(user_of(request), key)
    head = revision_of(hand.draft)
    return _text_page(request, hand, drafts.shown_text(measure_at(hand.draft, head), head))


def _save_text(request: HttpRequest, hand: DraftInHand) -> HttpResponse:
    typed = request.POST.get("text", "").replace("\r\n", "\n")
    try:
        saved = drafts.save_text(hand, typed, seen(request))
    except StudioFault as fault:
        say(request, fault.words, bad=True)
        return _text_page(request, hand, typed, status=422)
    for conflict in saved.conflicts:
        say(request, _conflict(conflict), bad=True)
    population = chosen_population(populations_for(hand.draft), "")
    if population is not None:
        effects.request_run(hand, saved.revision, population)
    where = "studio_text" if saved.revision.text_id else "studio_draft"
    say(
        request,
        Text(
            f"已保存为第 {saved.revision.number} 稿。",
            f"Saved as revision {saved.revision.number}.",
        ),
    )
    return go(reverse(where, args=[hand.draft.key]))


def _conflict(conflict: drafts.Conflict) -> Text:
    return Text(
        f"{conflict.path}：{conflict.by} 已改，保留了对方的修改。",
        f"{conflict.path}: {conflict.by} changed it; theirs was kept.",
    )


def _text_page(
    request: HttpRequest, hand: DraftInHand, shown: str, status: int = 200
) -> HttpResponse:
    lang: Lang = lang_of(request)
    head = revision_of(hand.draft)
    measure = measure_at(hand.draft, head)
    faults = [placed.fault.in_language(lang) for placed in measure.faults]
    context = {
        "draft": hand.draft,
        "revision": head,
        "text": shown,
        "faults": faults,
        "is_whole": head.text_id is not None,
        "may_edit": "edit" in hand.acts,
    }
    return work_page(request, "studio/text.html", context, status=status)
