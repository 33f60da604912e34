"""Putting a draft in force: what is in the way, what it changes, who proposed and who decided; and
the page of a version in force, which everybody may read."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from jifen import cities
from jifen.office.accounts.signin.second_factor import (
    build_second_factor_url,
    has_fresh_second_factor,
)
from jifen.office.notices.keys import load_notice_keys
from jifen.office.web.page import page
from jifen.office.web.signed import go, lang_of, say, signed_in, user_of, work_page
from jifen.office.web.studio.door import studio_page
from jifen.office.web.studio.forms import typed_day
from jifen.office.workshop.access import (
    DraftInHand,
    access_adoption,
    access_draft,
    adopted_edition,
)
from jifen.office.workshop.actions import adoptions
from jifen.office.workshop.editions_in_force import zip_edition
from jifen.office.workshop.editions_of_version import (
    edition_to_correct,
    editions_of_version,
    next_edition,
    policy_before,
)
from jifen.office.workshop.faults import StudioFault
from jifen.office.workshop.measure import read_whole
from jifen.office.workshop.models import Adoption, AdoptionState
from jifen.office.workshop.revisions import measure_at, revision_of
from jifen.office.workshop.transition import Transition, count_transition
from jifen.policy.diff import find_difference
from jifen.policy.diff.statements import KIND_LABELS
from jifen.policy.policy import Policy
from jifen.policy.text import Lang, Text
from jifen.statements.edition import check_edition
from jifen.statements.faults import StatementFault
from jifen.statements.keys import name_key

YAML, JWS = "application/yaml; charset=utf-8", "application/jose"
STATES = {
    AdoptionState.PROPOSED: Text("待审批", "waits for approval"),
    AdoptionState.ADOPTED: Text("已批准", "adopted"),
    AdoptionState.REFUSED: Text("未批准", "refused"),
    AdoptionState.WITHDRAWN: Text("已撤回", "withdrawn"),
}


@dataclass(frozen=True, slots=True)
class ShownAdoption:
    """An adoption as a page lists it, with what the reader may do."""

    row: Adoption
    state: Text
    acts: frozenset[str]


@signed_in
@studio_page
@require_http_methods(["GET", "HEAD", "POST"])
def adoption(request: HttpRequest, key: UUID) -> HttpResponse:
    """What stands between the newest revision and being in force; a form that proposes it."""
    hand = access_draft(user_of(request), key)
    if request.method != "POST":
        return _page(request, hand, _suggested(hand))
    hand.refuse_unless("propose")
    typed = {name: request.POST.get(name, "")[:2_000] for name in _FIELDS}
    if request.POST.get("act") == "correct":
        return _propose_correction(request, hand, typed)
    try:
        wanted = adoptions.Proposed(
            typed["version"].strip(),
            typed_day(typed["since"]),
            typed["title_zh"].strip()[:200],
            typed["title_en"].strip()[:200],
            typed["reason"],
        )
        adoptions.propose_adoption(hand, wanted)
    except StudioFault as fault:
        return _page(request, hand, typed, fault)
    say(request, _PROPOSED)
    return go(reverse("studio_adoption", args=[key]))


def _propose_correction(
    request: HttpRequest, hand: DraftInHand, typed: dict[str, str]
) -> HttpResponse:
    correction = adoptions.ProposedCorrection(
        typed["title_zh"].strip()[:200], typed["title_en"].strip()[:200], typed["reason"]
    )
    try:
        adoptions.propose_correction(hand, correction)
    except StudioFault as fault:
        return _page(request, hand, typed, fault)
    say(request, _PROPOSED)
    return go(reverse("studio_adoption", args=[hand.draft.key]))


_FIELDS = ("version", "since", "title_zh", "title_en", "reason")
_PROPOSED = Text(
    "已提请施行，等待另一位审批人批准。", "Proposed; another person has to approve it."
)


def _suggested(hand: DraftInHand) -> dict[str, str]:
    """The fields as they are before anybody types: the title of the draft, and nothing invented."""
    measure = measure_at(hand.draft, revision_of(hand.draft))
    title = measure.policy.title if measure.policy else measure.base.title
    return {"version": "", "since": "", "title_zh": title.zh, "title_en": title.en, "reason": ""}


def _page(
    request: HttpRequest,
    hand: DraftInHand,
    typed: dict[str, str],
    fault: StudioFault | None = None,
) -> HttpResponse:
    lang = lang_of(request)
    draft, revision = hand.draft, revision_of(hand.draft)
    corrected = edition_to_correct(draft)
    transition, correction = _transition(hand), _transition(hand, corrected)
    context: dict[str, Any] = {
        "draft": draft,
        "revision": revision,
        "blocker": _blocker(hand),
        "typed": typed,
        "fault": fault,
        "may_propose": "propose" in hand.acts,
        "adoptions": [_show(row, request) for row in _rows(hand)],
        "transition": transition,
        "named": transition.list_named(hand.user) if transition else [],
        "corrected": corrected,
        "next_edition": next_edition(draft.city, draft.base_version),
        "correction": correction if corrected else None,
        "correction_named": correction.list_named(hand.user) if corrected and correction else [],
        "is_correcting": request.POST.get("act") == "correct",
        "is_fresh": has_fresh_second_factor(request),
        "show_factor": build_second_factor_url(
            user_of(request), reverse("studio_adoption", args=[draft.key])
        ),
        "is_open": any(row.state == AdoptionState.PROPOSED for row in _rows(hand)),
        "lang": lang,
    }
    return work_page(request, "studio/adoption.html", context, status=422 if fault else 200)


def _rows(hand: DraftInHand) -> list[Adoption]:
    rows = hand.draft.adoptions.select_related("revision", "proposed_by", "decided_by", "draft")
    return list(rows)


def _show(row: Adoption, request: HttpRequest) -> ShownAdoption:
    acts = access_adoption(user_of(request), row.key).acts
    return ShownAdoption(row, STATES[AdoptionState(row.state)], acts)


def _blocker(hand: DraftInHand) -> StudioFault | None:
    """What keeps the newest revision from being proposed; None where nothing does."""
    try:
        adoptions.refuse_unready(hand.draft, measure_at(hand.draft, revision_of(hand.draft)))
    except StudioFault as fault:
        return fault
    return None


def _transition(hand: DraftInHand, corrected: Adoption | None = None) -> Transition | None:
    """The open cases that the newest revision would meet, on the day of the draft; `corrected`: as
    a correction of this edition."""
    measure = measure_at(hand.draft, revision_of(hand.draft))
    if not measure.can_be_scored or measure.policy is None:
        return None
    if hand.draft.base_city != hand.draft.city:
        return None
    version = corrected.version if corrected else ""
    return count_transition(
        hand.draft.city, measure.base, measure.policy, hand.draft.on, corrects=version
    )


@signed_in
@studio_page
@require_POST
def decide(request: HttpRequest, key: UUID) -> HttpResponse:
    """Adopt, refuse or withdraw: what the button says."""
    verb = request.POST.get("act", "")
    reason = request.POST.get("reason", "")[:2_000]
    user = user_of(request)
    hand = access_adoption(user, key, "withdraw" if verb == "withdraw" else "decide")
    if verb == "withdraw":
        adoptions.withdraw_adoption(hand, reason)
        say(request, Text("已撤回。", "Withdrawn."))
    elif verb == "adopt" and not has_fresh_second_factor(request):
        say(request, _NOT_FRESH, bad=True)
        page_of_draft = reverse("studio_adoption", args=[hand.adoption.draft.key])
        return go(build_second_factor_url(user, page_of_draft))
    else:
        row = adoptions.decide_adoption(hand, adopt=verb == "adopt", reason=reason)
        say(request, _decided(row))
    return go(reverse("studio_adoption", args=[hand.adoption.draft.key]))


_NOT_FRESH = Text(
    "批准施行前须再次验证：请输入验证码，然后重新操作。没有改动。",
    "Before a version is adopted your second factor is asked for again: show it, then repeat. "
    "Nothing was changed.",
)


def _decided(row: Adoption) -> Text:
    if row.state == AdoptionState.REFUSED:
        return Text("已作出不批准的决定。", "Refused.")
    if row.corrects_id:
        return Text(
            f"已批准更正：版本 {row.version} 现为第 {row.edition} 版次。",
            f"Correction adopted: version {row.version} is now edition {row.edition}.",
        )
    return Text(
        f"已批准：版本 {row.version} 自 {row.since} 起施行。",
        f"Adopted: version {row.version} is in force from {row.since}.",
    )


@require_safe
def edition(request: HttpRequest, key: UUID) -> HttpResponse:
    """A version in force (or soon): what it changes in words, its seal, its files."""
    row, lang = _adopted(key), lang_of(request)
    policy, before = _policies(row)
    words = find_difference(before, policy) if policy else None
    context = {
        "row": row,
        "title": policy.title if policy else Text(row.version, row.version),
        "city": cities.index()[row.city].label(lang) if row.city in cities.index() else row.city,
        "before": before.title(lang),
        "rows": words.rows if words else [],
        "kinds": KIND_LABELS,
        "is_genuine": is_genuine(row),
        "editions": list(editions_of_version(row.city, row.version)),
    }
    return page(request, "studio/edition.html", context)


@require_safe
def edition_text(request: HttpRequest, key: UUID) -> HttpResponse:
    """The document of a version, byte for byte as it was signed."""
    row = _adopted(key)
    return _file(row.text.encode(), YAML, f"points-{row.version}.yaml")


@require_safe
def edition_statement(request: HttpRequest, key: UUID) -> HttpResponse:
    """What the office signed of a version."""
    row = _adopted(key)
    return _file(row.statement.encode(), JWS, f"points-{row.version}.jws")


@require_safe
def edition_folder(request: HttpRequest, key: UUID) -> HttpResponse:
    """The folder of the city with this version, which another installation can use as it is."""
    row = _adopted(key)
    content = zip_edition(row)
    return _file(content, "application/zip", f"{row.city}-{row.version}.zip")


def _file(content: bytes, kind: str, name: str) -> HttpResponse:
    answer = HttpResponse(content, content_type=kind)
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer


def _adopted(key: UUID) -> Adoption:
    row = adopted_edition(key)
    if row is None:
        raise Http404
    return row


def _policies(row: Adoption) -> tuple[Policy | None, Policy]:
    """The version, and what it corrects or was drafted from."""
    before = policy_before(row)
    return read_whole(before, row.text)[0], before


def is_genuine(row: Adoption) -> bool:
    """Whether the kept bytes are those that were signed, under a key that is published."""
    published = {name_key(key): key for key in load_notice_keys().public()}
    try:
        return check_edition(row.statement, published, row.text.encode()).state == "genuine"
    except StatementFault:
        return False


def editions_of(city: str, lang: Lang) -> list[tuple[str, str]]:
    """(address, words) of the versions of a city that were put in force here."""
    rows = Adoption.objects.filter(city=city, state=AdoptionState.ADOPTED)
    rows = rows.order_by("-since", "-edition")
    words = Text("版本 %s：施行公告与签名", "Version %s: notice and signature")(lang)
    correction = Text(
        "版本 %s 第 %d 版次（更正）：公告与签名",
        "Version %s, edition %d (correction): notice and signature",
    )(lang)
    return [
        (
            reverse("edition", args=[row.key]),
            correction % (row.version, row.edition) if row.corrects_id else words % row.version,
        )
        for row in rows
    ]
