"""Reads of consultations: what the public sees, and whether a draft was consulted on."""

from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Q, QuerySet

from jifen.office.consultation.faults import refused
from jifen.office.consultation.models import (
    Comment,
    CommentState,
    Consultation,
    ConsultationState,
    Moderation,
)
from jifen.office.consultation.models.consultations import UNFINISHED
from jifen.office.consultation.places import CommentPlace, list_places, published_policy
from jifen.office.workshop.models import Draft


def find_consulted(draft: Draft) -> bool:
    """Whether a consultation on a draft was answered. Raises ConsultationFault where one is not
    finished."""
    rows = Consultation.objects.filter(draft=draft)
    unfinished = rows.filter(state__in=UNFINISHED).first()
    if unfinished is not None:
        raise refused("JF-D030", "unfinished", title=unfinished.title)
    return rows.filter(state=ConsultationState.ANSWERED).exists()


def shown_comments(row: Consultation) -> "QuerySet[Comment]":
    """Every comment and reply that has a number, hidden ones too, with its confirmed support."""
    confirmed = Count("supports", filter=Q(supports__confirmed_at__isnull=False), distinct=True)
    rows = row.comments.exclude(state=CommentState.WAITING).annotate(support=confirmed)
    return rows.select_related("answer__revision", "reply_to").order_by("number")


def open_comments(row: Consultation) -> "QuerySet[Comment]":
    """The comments that are shown and have no answer yet; replies need none of their own."""
    rows = row.comments.filter(state=CommentState.SHOWN, reply_to__isnull=True)
    return rows.filter(answer__isnull=True)


def hiding_grounds(row: Consultation) -> dict[int, Moderation]:
    """Comment → what a moderator said who hid it."""
    acts = Moderation.objects.filter(comment__consultation=row, act="hide").order_by("id")
    return {act.comment_id: act for act in acts}


@dataclass(frozen=True, slots=True)
class PlacedComments:
    """The comments on a part of the measure, in the order in which they came."""

    place: CommentPlace
    comments: tuple[Comment, ...]


def sorted_comments(row: Consultation, on: date | None = None) -> list[PlacedComments]:
    """The comments (without replies) by article and cell, in the order of the measure; those whose
    part cannot be read any more stand at the end."""
    by_place: dict[str, list[Comment]] = {}
    for comment in shown_comments(row).filter(reply_to__isnull=True):
        by_place.setdefault(comment.place, []).append(comment)
    places = list_places(published_policy(row), on or row.draft.on)
    found = [PlacedComments(p, tuple(by_place.pop(p.key))) for p in places if p.key in by_place]
    rest = [comment for comments in by_place.values() for comment in comments]
    return [*found, PlacedComments(places[0], tuple(rest))] if rest else found
