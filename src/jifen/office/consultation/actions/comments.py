"""Comments, replies, support and attachments. What comes by e-mail waits for its link."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils import timezone

from jifen.office.accounts.models import User
from jifen.office.consultation.actions.records import lock_consultation, log_act
from jifen.office.consultation.actions.voices import Voice, mail_link, refuse_too_many
from jifen.office.consultation.days import today
from jifen.office.consultation.faults import refused
from jifen.office.consultation.models import (
    Attachment,
    Comment,
    CommentState,
    Consultation,
    ConsultationState,
    Support,
)
from jifen.office.consultation.places import list_places, published_policy
from jifen.office.consultation.rules import is_running
from jifen.office.documents.actions import store_document

LONGEST_COMMENT, LONGEST_NAME, MOST_ATTACHMENTS = 4_000, 40, 3
UploadedFiles = Sequence[tuple[str, bytes]]


@dataclass(frozen=True, slots=True)
class TypedComment:
    """What somebody types. `reply_to`: the number of the comment that it replies to; 0 for none."""

    words: str
    place: str = ""
    name: str = ""
    reply_to: int = 0


def post_comment(
    row: Consultation, voice: Voice, typed: TypedComment, files: UploadedFiles = ()
) -> Comment:
    """Take a comment: shown at once of somebody who signed in, else once the link is used. The
    same comment twice is one. Raises ConsultationFault, UploadFault, with nothing kept."""
    _refuse_wrong(typed)
    _refuse_files(voice, files)
    with transaction.atomic():
        row = lock_consultation(row)
        refuse_closed(row)
        _refuse_unknown_place(row, typed.place)
        parent = _find_parent(row, typed.reply_to)
        words = typed.words.replace("\r\n", "\n").strip()
        place = parent.place if parent else typed.place
        same = row.comments.filter(voice.rows, words=words, place=place, reply_to=parent)
        if earlier := same.first():
            return earlier
        refuse_too_many(voice)
        now = timezone.now()
        comment = Comment(
            consultation=row,
            place=place,
            reply_to=parent,
            words=words,
            name=" ".join(typed.name.split()),
            posted_at=now,
            **voice.columns,
        )
        if voice.user is not None:
            show_comment(comment, row, now)
        comment.save()
        if voice.user is not None:
            _attach_files(comment, files, voice.user)
        else:
            mail_link("confirm_comment", voice.email, now, comment=comment)
        log_act("commented", voice.user, row, comment=comment.pk, place=comment.place)
    return comment


def _attach_files(comment: Comment, files: UploadedFiles, user: User) -> None:
    """Within the transaction: where one file cannot be kept, nothing is."""
    for name, content in files:
        document = store_document(content, name, user)
        Attachment.objects.create(comment=comment, document=document)


def show_comment(comment: Comment, row: Consultation, at: datetime) -> None:
    """Give a comment its number; the consultation is locked."""
    row.numbered += 1
    row.save(update_fields=("numbered",))
    comment.state, comment.number, comment.shown_at = CommentState.SHOWN, row.numbered, at


def refuse_closed(row: Consultation) -> None:
    """Raises ConsultationFault where no comments are taken today."""
    if is_running(row, today()):
        return
    if row.last_day is not None and row.state != ConsultationState.WITHDRAWN:
        raise refused("JF-D010", "over", last=row.last_day)
    raise refused("JF-D010", "not_open")


def _refuse_wrong(typed: TypedComment) -> None:
    words = typed.words.replace("\r\n", "\n").strip()
    if not words:
        raise refused("JF-D011", "empty", "words", most=LONGEST_COMMENT)
    if len(words) > LONGEST_COMMENT:
        raise refused("JF-D011", "long", "words", length=len(words), most=LONGEST_COMMENT)
    if len(typed.name.strip()) > LONGEST_NAME:
        raise refused("JF-D011", "name", "name", most=LONGEST_NAME)


def _refuse_files(voice: Voice, files: UploadedFiles) -> None:
    if files and voice.user is None:
        raise refused("JF-D015", "account", "files")
    if len(files) > MOST_ATTACHMENTS:
        raise refused("JF-D015", "many", "files", most=MOST_ATTACHMENTS)


def _refuse_unknown_place(row: Consultation, place: str) -> None:
    places = list_places(published_policy(row), row.draft.on)
    if place not in {known.key for known in places}:
        raise refused("JF-D011", "place", "place")


def _find_parent(row: Consultation, number: int) -> Comment | None:
    """The comment that is replied to. A reply to a reply stands under the same comment."""
    if not number:
        return None
    shown = row.comments.filter(number=number, state=CommentState.SHOWN)
    parent = shown.select_related("reply_to").first()
    if parent is None:
        raise refused("JF-D011", "reply")
    return parent.reply_to or parent


def support_comment(row: Consultation, number: int, voice: Voice) -> Support:
    """Support a comment, once a person. By e-mail the same is answered whether the address has
    supported it before or not. Raises ConsultationFault."""
    with transaction.atomic():
        row = lock_consultation(row)
        refuse_closed(row)
        comment = row.comments.filter(number=number, state=CommentState.SHOWN).first()
        if comment is None:
            raise refused("JF-D013", "hidden")
        earlier = comment.supports.filter(voice.rows).first()
        if earlier is not None and voice.user is not None:
            raise refused("JF-D013", "twice")
        if earlier is not None and earlier.confirmed_at is not None:
            return earlier
        refuse_too_many(voice)
        now = timezone.now()
        support = earlier or Support.objects.create(
            comment=comment,
            posted_at=now,
            confirmed_at=now if voice.user is not None else None,
            **voice.columns,
        )
        if voice.user is None:
            mail_link("confirm_support", voice.email, now, support=support)
        log_act("supported", voice.user, row, comment=comment.pk)
    return support
