"""The page of a draft: its table, its checks, its worked cases and its effect."""

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import get_token
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from jifen.office.web.numbers import whole_number
from jifen.office.web.page import template_of
from jifen.office.web.signed import go, lang_of, say, signed_in, user_of, work_page
from jifen.office.web.studio.cases import cases_of_draft
from jifen.office.web.studio.door import studio_page
from jifen.office.web.studio.effect import chosen_population, effect_of, populations_for
from jifen.office.web.studio.forms import seen, typed_cells, typed_day
from jifen.office.web.studio.labels import cell_label
from jifen.office.web.studio.persons import scored_persons
from jifen.office.web.studio.row_edits import row_added, row_removed
from jifen.office.web.studio.table import table_of
from jifen.office.workshop.access import DraftInHand, access_draft
from jifen.office.workshop.actions import drafts, effects
from jifen.office.workshop.faults import StudioFault, lost_path
from jifen.office.workshop.measure import Measure
from jifen.office.workshop.models import Revision
from jifen.office.workshop.new_facts import FACTS, facts_without
from jifen.office.workshop.revisions import measure_at, revision_of
from jifen.policy.editing import MISSING, value_at
from jifen.policy.text import Lang, Text

LIVE = "X-Studio"
"""The header of a page that saves while somebody types: it is answered with the page itself."""


@signed_in
@studio_page
@require_http_methods(["GET", "HEAD", "POST"])
def draft(request: HttpRequest, key: UUID) -> HttpResponse:
    """The newest revision, to be changed; a post saves what was typed, and does one act."""
    if request.method == "POST":
        hand = access_draft(user_of(request), key, "edit")
        _save(request, hand)
        if LIVE not in request.headers:
            return go(f"{reverse('studio_draft', args=[key])}{_at(request)}")
    hand = access_draft(user_of(request), key)
    return _page(request, hand, revision_of(hand.draft))


@signed_in
@studio_page
@require_safe
def revision(request: HttpRequest, key: UUID, number: int) -> HttpResponse:
    """One state of a draft, as it was; the address of it stays."""
    hand = access_draft(user_of(request), key)
    return _page(request, hand, revision_of(hand.draft, number), is_state=True)


def _at(request: HttpRequest) -> str:
    """Back to the card in which a button was pressed."""
    _, _, path = request.POST.get("act", "").partition(":")
    card = ".".join(path.split(".")[:2]).replace(".", "-")
    population = request.POST.get("population", "")
    query = f"?population={UUID(population)}" if _is_key(population) else ""
    return f"{query}#k-{card}" if path else query


def _is_key(text: str) -> bool:
    try:
        UUID(text)
    except ValueError:
        return False
    return True


def _save(request: HttpRequest, hand: DraftInHand) -> None:
    lang, cells = lang_of(request), typed_cells(request.POST)
    saved = drafts.save_cells(hand, cells, seen(request))
    for conflict in saved.conflicts:
        say(request, _conflict(conflict, lang), bad=True)
    for path in saved.lost:
        say(request, lost_path(path).words, bad=True)
    act, _, path = request.POST.get("act", "").partition(":")
    if act in _ACTS:
        drafts.refuse_lost(_ACTS[act](hand, path))
    elif act == "day":
        drafts.set_day(hand, typed_day(request.POST.get("on", "")))
    _ask_for_figures(request, hand)


def _conflict(conflict: drafts.Conflict, lang: Lang) -> Text:
    theirs, mine = conflict.theirs or "–", conflict.mine or "–"
    label = cell_label(conflict.path, lang)
    return Text(
        f"“{label}”刚由 {conflict.by} 改为“{theirs}”，保留了对方的修改；您写的是“{mine}”。",
        f"{conflict.by} has just changed '{label}' to '{theirs}'; theirs was kept. You wrote "
        f"'{mine}'.",
    )


def _retire(hand: DraftInHand, path: str) -> drafts.Saved:
    return drafts.save_cells(hand, {path: None}, hand.draft.head)


def _bring_back(hand: DraftInHand, path: str) -> drafts.Saved:
    before = value_at(_measure(hand).start_document, path)
    return drafts.save_cells(hand, {path: before}, hand.draft.head)


def _add_row(hand: DraftInHand, path: str) -> drafts.Saved:
    try:
        rows = row_added(_measure(hand).document, path)
    except KeyError:
        raise lost_path(path) from None
    return drafts.save_cells(hand, {path: rows}, hand.draft.head)


def _remove_row(hand: DraftInHand, path: str) -> drafts.Saved:
    try:
        above, rows = row_removed(_measure(hand).document, path)
    except KeyError:
        raise lost_path(path) from None
    return drafts.save_cells(hand, {above: rows}, hand.draft.head)


def _drop_fact(hand: DraftInHand, path: str) -> drafts.Saved:
    measure = _measure(hand)
    if value_at(measure.document, path) is MISSING:
        raise lost_path(path)
    facts = facts_without(measure.document, path.partition(".")[2])
    return drafts.save_cells(hand, {FACTS: facts}, hand.draft.head)


def _measure(hand: DraftInHand) -> Measure:
    return measure_at(hand.draft, revision_of(hand.draft))


_ACTS = {
    "retire": _retire,
    "back": _bring_back,
    "add": _add_row,
    "remove": _remove_row,
    "drop": _drop_fact,
}


def _ask_for_figures(request: HttpRequest, hand: DraftInHand) -> None:
    known = populations_for(hand.draft)
    population = chosen_population(known, request.POST.get("population", ""))
    if population is not None:
        effects.request_run(hand, revision_of(hand.draft), population)


def _page(
    request: HttpRequest, hand: DraftInHand, shown: Revision, *, is_state: bool = False
) -> HttpResponse:
    lang, measure = lang_of(request), measure_at(hand.draft, shown)
    populations = populations_for(hand.draft)
    key = request.POST.get("population") or request.GET.get("population", "")
    population = chosen_population(populations, key)
    errors = [f for f in measure.faults if f.fault.severity == "error"]
    context: dict[str, Any] = {
        "draft": hand.draft,
        "acts": hand.acts if not is_state else hand.acts - {"edit"},
        "may_edit": "edit" in hand.acts,
        "revision": shown,
        "is_state": is_state,
        "measure": measure,
        "table": table_of(measure, lang),
        "errors": len(errors),
        "warnings": len(measure.faults) - len(errors),
        "cases": cases_of_draft(hand.draft, measure, lang),
        "effect": effect_of(hand.draft, shown, measure, population, lang),
        "populations": populations,
        "persons": scored_persons(hand.draft, measure, lang),
        "base_changed": measure.base.hash != hand.draft.base_hash,
    }
    return work_page(request, "studio/draft.html", context)


@signed_in
@studio_page
@require_safe
def effect(request: HttpRequest, key: UUID, number: int) -> HttpResponse:
    """The figures of a revision alone, for a page that waits for them."""
    hand, lang = access_draft(user_of(request), key), lang_of(request)
    shown = revision_of(hand.draft, number)
    populations = populations_for(hand.draft)
    population = chosen_population(populations, request.GET.get("population", ""))
    measure = measure_at(hand.draft, shown)
    context = {
        "draft": hand.draft,
        "revision": shown,
        "effect": effect_of(hand.draft, shown, measure, population, lang),
        "token": get_token(request),
    }
    return HttpResponse(template_of(lang, "studio/effect.html").render(context))


@signed_in
@studio_page
@require_POST
def simulate(request: HttpRequest, key: UUID, number: int) -> HttpResponse:
    """Have the figures of a state computed."""
    hand = access_draft(user_of(request), key, "simulate")
    population = chosen_population(populations_for(hand.draft), request.POST.get("population", ""))
    where = "studio_draft" if number == hand.draft.head else "studio_revision"
    args = [key] if number == hand.draft.head else [key, number]
    if population is not None:
        effects.request_run(hand, revision_of(hand.draft, number), population)
        return go(f"{reverse(where, args=args)}?population={population.key}#effect")
    return go(reverse(where, args=args))


@signed_in
@studio_page
@require_POST
def judge(request: HttpRequest, key: UUID) -> HttpResponse:
    """Whether the new outcome of a worked case is intended."""
    hand = access_draft(user_of(request), key, "judge")
    verdict = request.POST.get("intended", "")
    if verdict == "all":
        number = whole_number(request.POST.get("revision", "")) or hand.draft.head
        count = effects.judge_open_cases(hand, revision_of(hand.draft, number))
        say(request, Text(f"已判断 {count} 个算例符合意图。", f"{count} cases: intended."))
        return go(f"{reverse('studio_draft', args=[key])}#cases")
    if verdict not in ("yes", "no"):
        raise StudioFault("JF-I014", _VERDICT)
    effects.judge_case(
        hand,
        revision_of(hand.draft, whole_number(request.POST.get("revision", "")) or hand.draft.head),
        request.POST.get("case", "")[:120],
        request.POST.get("outcome", "")[:300],
        intended=verdict == "yes",
    )
    return go(f"{reverse('studio_draft', args=[key])}#cases")


@signed_in
@studio_page
@require_POST
def state(request: HttpRequest, key: UUID) -> HttpResponse:
    """Put a draft aside, or take it up again."""
    hand = access_draft(user_of(request), key)
    if request.POST.get("act") == "close":
        drafts.close(hand)
    else:
        drafts.reopen(hand)
    return go(reverse("studio_draft", args=[key]))


_VERDICT = Text(
    "请选择“符合意图”或“不符合意图”。没有记录。",
    "Say whether the change is intended or not; nothing was recorded.",
)
