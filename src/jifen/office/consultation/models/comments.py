"""What the public says: comments and replies, support, attachments, and what moderators did."""

from uuid import uuid4

from django.db import models
from django.db.models import Q

from jifen.office.accounts.models import User
from jifen.office.consultation.models.consultations import Consultation, OfficeAnswer
from jifen.office.documents.models import Document
from jifen.office.vault.fields import SealedField


class CommentState(models.TextChoices):
    """Whether a comment is shown; of a hidden one it is shown that it is hidden, and why."""

    WAITING = "waiting", "待确认邮箱"
    SHOWN = "shown", "已显示"
    HIDDEN = "hidden", "已隐藏"


_BY_SOMEBODY = Q(user__isnull=False, address_index="") | Q(user__isnull=True) & ~Q(address_index="")


class Comment(models.Model):
    """A comment or a reply, of somebody who signed in (`user`) or confirmed an e-mail address
    (sealed, found by `address_index`). `place` is the article or cell that it is about, '' for the
    whole; `number` is given when it is first shown. The words are never changed, and no row is
    removed."""

    key = models.UUIDField(default=uuid4, unique=True, editable=False)
    consultation = models.ForeignKey(
        Consultation, on_delete=models.PROTECT, related_name="comments"
    )
    number = models.PositiveIntegerField(null=True)
    place = models.CharField(max_length=120, blank=True)
    reply_to = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, related_name="replies"
    )
    words = models.TextField()
    name = models.CharField(max_length=40, blank=True)
    user = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    email = SealedField(blank=True)
    address_index = models.CharField(max_length=64, blank=True)
    lang = models.CharField(max_length=2, default="zh")
    state = models.CharField(
        max_length=10, choices=CommentState.choices, default=CommentState.WAITING
    )
    posted_at = models.DateTimeField()
    shown_at = models.DateTimeField(null=True)
    answer = models.ForeignKey(
        OfficeAnswer, on_delete=models.PROTECT, null=True, related_name="comments"
    )

    class Meta:
        """In the order in which they were shown first."""

        ordering = ("consultation", "number", "id")
        indexes = (models.Index(fields=("address_index",), name="consultation_comment_address"),)
        constraints = (
            models.UniqueConstraint(
                fields=("consultation", "number"), name="consultation_comment_number_once"
            ),
            models.CheckConstraint(
                condition=Q(state="waiting", number__isnull=True, shown_at__isnull=True)
                | ~Q(state="waiting") & Q(number__isnull=False, shown_at__isnull=False),
                name="consultation_shown_has_number",
            ),
            models.CheckConstraint(condition=_BY_SOMEBODY, name="consultation_comment_by_somebody"),
            models.CheckConstraint(
                condition=Q(state__in=[choice.value for choice in CommentState]),
                name="consultation_comment_state_known",
            ),
            models.CheckConstraint(condition=~Q(words=""), name="consultation_comment_has_words"),
        )

    def __str__(self) -> str:
        return f"comment {self.number} of consultation {self.consultation_id}"


class Support(models.Model):
    """Somebody supports a comment: once, and only once their address is confirmed."""

    key = models.UUIDField(default=uuid4, unique=True, editable=False)
    comment = models.ForeignKey(Comment, on_delete=models.PROTECT, related_name="supports")
    user = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    email = SealedField(blank=True)
    address_index = models.CharField(max_length=64, blank=True)
    lang = models.CharField(max_length=2, default="zh")
    posted_at = models.DateTimeField()
    confirmed_at = models.DateTimeField(null=True)

    class Meta:
        """One of a person for a comment."""

        ordering = ("id",)
        constraints = (
            models.UniqueConstraint(
                fields=("comment", "user"), name="consultation_support_once_of_user"
            ),
            models.UniqueConstraint(
                fields=("comment", "address_index"),
                condition=~Q(address_index=""),
                name="consultation_support_once_of_address",
            ),
            models.CheckConstraint(condition=_BY_SOMEBODY, name="consultation_support_by_somebody"),
        )

    def __str__(self) -> str:
        return f"support of comment {self.comment_id}"


class Attachment(models.Model):
    """A file of a comment. The office sees it; the public once a moderator has released it."""

    comment = models.ForeignKey(Comment, on_delete=models.PROTECT, related_name="attachments")
    document = models.ForeignKey(Document, on_delete=models.PROTECT, related_name="+")
    released_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    released_at = models.DateTimeField(null=True)

    class Meta:
        """In the order of the upload."""

        ordering = ("id",)

    def __str__(self) -> str:
        return f"attachment {self.pk} of comment {self.comment_id}"


class Moderation(models.Model):
    """What a moderator did with a comment, and why. Rows are added, never changed."""

    comment = models.ForeignKey(Comment, on_delete=models.PROTECT, related_name="moderations")
    act = models.CharField(max_length=10)
    ground = models.CharField(max_length=20, blank=True)
    words = models.CharField(max_length=500, blank=True)
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        """In order."""

        ordering = ("id",)
        constraints = (
            models.CheckConstraint(
                condition=Q(act__in=["hide", "restore", "release"]),
                name="consultation_moderation_known",
            ),
        )

    def __str__(self) -> str:
        return f"{self.act} of comment {self.comment_id}"
