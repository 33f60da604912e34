"""The page of a consultation that everybody may read: the measure article by article with its
comments, what changes, and the effect. It sets no cookie and asks for no sign-in."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import wraps
from typing import Any
from uuid import UUID

from django.db.models import F, Q
from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_safe
from markupsafe import Markup

from jifen import cities
from jifen.office.consultation import days
from jifen.office.consultation.access import public_consultation, public_consultations
from jifen.office.consultation.actions.moderation import GROUNDS
from jifen.office.consultation.models import Attachment, Comment, Consultation, ConsultationState
from jifen.office.consultation.places import list_places, published_policy
from jifen.office.consultation.queries import hiding_grounds, shown_comments
from jifen.office.consultation.rules import is_running
from jifen.office.web.budget import CONSULTATION
from jifen.office.web.consultation.effect import published_effect
from jifen.office.web.consultation.labels import VERDICTS, describe_state
from jifen.office.web.numbers import whole_number
from jifen.office.web.page import page
from jifen.office.web.signed import lang_of
from jifen.office.workshop.faults import NoSuchDraft
from jifen.office.workshop.measure import base_of
from jifen.office.workshop.models import Adoption, AdoptionState
from jifen.office.workshop.revisions import measure_at, revision_of
from jifen.policy.book import article_fragments
from jifen.policy.diff import find_difference
from jifen.policy.diff.difference import DifferenceItem
from jifen.policy.diff.statements import KIND_LABELS
from jifen.policy.model import Rules
from jifen.policy.policy import Policy
from jifen.policy.text import Lang, Text

View = Callable[..., HttpResponse]
MOST_LISTED = 100
MOST_COMMENTS = 100
"""Comments on one page; earlier ones stand on pages of their own."""


def public_page(view: View) -> View:
    """A page for everybody: what they may not know of does not exist."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            return view(request, *args, **kwargs)
        except (NoSuchDraft, LookupError) as error:
            raise Http404 from error

    return guarded


@dataclass(frozen=True, slots=True)
class ShownComment:
    """A comment as the page shows it, with its replies."""

    row: Comment
    about: str
    hidden: str
    verdict: str
    files: tuple[Attachment, ...]
    replies: "tuple[ShownComment, ...]"


@dataclass(frozen=True, slots=True)
class ShownArticle:
    """An article of the draft as in the policy book, with what was said of it."""

    key: str
    label: str
    html: Markup
    comments: tuple[ShownComment, ...]


@require_safe
def consultations(request: HttpRequest) -> HttpResponse:
    """Every consultation, the newest first."""
    today = days.today()
    rows = list(public_consultations()[:MOST_LISTED])
    context = {
        "rows": [(row, describe_state(row, today), is_running(row, today)) for row in rows],
        "cities": cities.index(),
    }
    return page(request, "consultation/list.html", context)


@require_safe
@CONSULTATION.spends_reads
@public_page
def consultation(request: HttpRequest, key: UUID) -> HttpResponse:
    """One consultation."""
    row, lang, today = public_consultation(key), lang_of(request), days.today()
    policy = published_policy(row)
    latest, earlier = select_latest(row, whole_number(request.GET.get("before", "")))
    comments = show_comments(row, policy, lang, only=latest)
    articles = build_articles(row, policy, comments, lang)
    shown = {comment.row.pk for article in articles for comment in article.comments}
    context = {
        "row": row,
        "policy": policy,
        "city": city_label(row, lang),
        "state": describe_state(row, today),
        "is_running": is_running(row, today),
        "differences": compare_with_today(row, policy),
        "kinds": KIND_LABELS,
        "effect": published_effect(row, lang),
        "articles": articles,
        "chapters": group_by_chapter(policy.rules_on(row.draft.on), articles, lang),
        "general": [c for c in comments if c.row.pk not in shown],
        "count": row.numbered,
        "earlier": earlier,
        "hearings": row.hearings.all(),
        "is_answered": row.state == ConsultationState.ANSWERED,
        "is_withdrawn": row.state == ConsultationState.WITHDRAWN,
        "adoption": find_adoption(row),
        "answers_shown": row.state == ConsultationState.ANSWERED,
    }
    return page(request, "consultation/page.html", context, here=row.city)


def city_label(row: Consultation, lang: Lang) -> str:
    """The name of the city."""
    known = cities.index()
    return known[row.city].label(lang) if row.city in known else row.city


def compare_with_today(row: Consultation, policy: Policy) -> Sequence[DifferenceItem]:
    """What the draft changes against the version in force, in words."""
    city = row.city if row.city == row.draft.base_city else row.draft.base_city
    return find_difference(base_of(city, row.against), policy).rows


def find_adoption(row: Consultation) -> Adoption | None:
    """The version that the draft became."""
    return Adoption.objects.filter(draft=row.draft, state=AdoptionState.ADOPTED).first()


def select_latest(row: Consultation, before: int | None) -> tuple[frozenset[int], int | None]:
    """The newest comments (without replies) before a number, as many as a page holds; and the
    number before which the earlier ones stand, None where there are none."""
    rows = shown_comments(row).filter(reply_to__isnull=True)
    if before is not None:
        rows = rows.filter(number__lt=before)
    newest = rows.order_by("-number").values_list("number", flat=True)[: MOST_COMMENTS + 1]
    numbers = [number for number in newest if number is not None]
    shown = numbers[:MOST_COMMENTS]
    return frozenset(shown), shown[-1] if len(numbers) > MOST_COMMENTS else None


def show_comments(
    row: Consultation,
    policy: Policy,
    lang: Lang,
    *,
    only: frozenset[int] | None = None,
    for_office: bool = False,
) -> list[ShownComment]:
    """Comments with their replies; only those with the numbers `only`, where some are named.
    Answers are shown once they are signed, attachments once they are released; the office sees
    both before."""
    labels = {place.key: place.label(lang) for place in list_places(policy, row.draft.on)}
    grounds = {pk: act.ground for pk, act in hiding_grounds(row).items()}
    answered = for_office or row.state == ConsultationState.ANSWERED
    files: dict[int, list[Attachment]] = {}
    rows = Attachment.objects.filter(comment__consultation=row).select_related("document")
    for one in rows:
        if for_office or one.released_at is not None:
            files.setdefault(one.comment_id, []).append(one)
    replies: dict[int, list[ShownComment]] = {}
    shown = []
    every = shown_comments(row)
    if only is not None:
        every = every.filter(Q(number__in=only) | Q(reply_to__number__in=only))
    # replies first: databases differ in where they sort what is no reply
    for comment in every.order_by(F("reply_to_id").desc(nulls_last=True), "number"):
        ground = GROUNDS.get(grounds.get(comment.pk, "")) if comment.state == "hidden" else None
        made = ShownComment(
            comment,
            labels.get(comment.place, ""),
            ground(lang) if ground else "",
            VERDICTS[comment.answer.verdict](lang) if comment.answer and answered else "",
            tuple(files.get(comment.pk, ())),
            tuple(replies.get(comment.pk, ())),
        )
        if comment.reply_to_id is not None:
            replies.setdefault(comment.reply_to_id, []).append(made)
        else:
            shown.append(made)
    return shown


def build_articles(
    row: Consultation, policy: Policy, comments: Sequence[ShownComment], lang: Lang
) -> list[ShownArticle]:
    """The articles of the draft in their order; the sources come last."""
    labels = {place.key: place.label(lang) for place in list_places(policy, row.draft.on)}
    fragments = article_fragments(policy, lang, on=row.draft.on)
    return [
        ShownArticle(
            key,
            labels.get(key, ""),
            html,
            tuple(c for c in comments if c.row.place.partition("#")[0] == key),
        )
        for key, html in fragments.items()
    ]


@dataclass(frozen=True, slots=True)
class ShownChapter:
    """Articles under one heading."""

    label: str
    articles: tuple[ShownArticle, ...]


_CONDITIONS = Text("申请条件", "Conditions")


def group_by_chapter(
    rules: Rules, articles: Sequence[ShownArticle], lang: Lang
) -> list[ShownChapter]:
    """The decision, the conditions, each group with its indicators, the sources."""
    by_key = {article.key: article for article in articles}
    conditions = tuple(a for a in articles if a.key.startswith("condition:"))
    chapters = [ShownChapter("", (by_key["decision"],))]
    if conditions:
        chapters.append(ShownChapter(_CONDITIONS(lang), conditions))
    for group in rules.groups:
        members = [i for i in rules.indicators if i.group == group.id]
        if members:
            shown = tuple(by_key[f"indicator:{member.id}"] for member in members)
            chapters.append(ShownChapter(group.label(lang), shown))
    ungrouped = [i for i in rules.indicators if i.group not in {g.id for g in rules.groups}]
    if ungrouped:
        shown = tuple(by_key[f"indicator:{member.id}"] for member in ungrouped)
        chapters.append(ShownChapter("", shown))
    return [*chapters, ShownChapter("", (by_key["sources"],))]


@require_safe
@CONSULTATION.spends_reads
@public_page
def revision(request: HttpRequest, key: UUID, number: int) -> HttpResponse:
    """A later revision that a signed answer names: what it changes against the one that was
    published. Other revisions are the office's alone."""
    row, lang = public_consultation(key), lang_of(request)
    answers = row.answers.filter(revision__number=number, comments__isnull=False)
    if row.state != ConsultationState.ANSWERED or not answers.exists():
        raise Http404
    changed = measure_at(row.draft, revision_of(row.draft, number)).policy
    rows = find_difference(published_policy(row), changed).rows if changed else ()
    context = {
        "row": row,
        "number": number,
        "city": city_label(row, lang),
        "differences": rows,
        "kinds": KIND_LABELS,
    }
    return page(request, "consultation/revision.html", context, here=row.city)
