"""Who wants to be told, what there is to be told, and the mails that go out."""

from uuid import uuid4

from django.db import models
from django.db.models import Q

from jifen.office.consultation.models.comments import Comment, Support
from jifen.office.consultation.models.consultations import Consultation
from jifen.office.vault.fields import SealedField
from jifen.office.workshop.models import Adoption


class SubscriberState(models.TextChoices):
    """Whether somebody gets notices."""

    WAITING = "waiting", "待确认邮箱"
    ACTIVE = "active", "已订阅"
    LEFT = "left", "已退订"


class Subscriber(models.Model):
    """An address that gets the notices of a city's studio. Of one who left no address is kept."""

    key = models.UUIDField(default=uuid4, unique=True, editable=False)
    city = models.CharField(max_length=40)
    email = SealedField(blank=True)
    address_index = models.CharField(max_length=64, blank=True)
    lang = models.CharField(max_length=2, default="zh")
    state = models.CharField(
        max_length=10, choices=SubscriberState.choices, default=SubscriberState.WAITING
    )
    posted_at = models.DateTimeField()
    confirmed_at = models.DateTimeField(null=True)
    left_at = models.DateTimeField(null=True)

    class Meta:
        """An address once for a city."""

        ordering = ("id",)
        constraints = (
            models.UniqueConstraint(
                fields=("city", "address_index"),
                condition=~Q(address_index=""),
                name="consultation_subscriber_once",
            ),
            models.CheckConstraint(
                condition=Q(state="left", address_index="") | ~Q(state="left"),
                name="consultation_left_without_address",
            ),
            models.CheckConstraint(
                condition=~Q(state="active") | Q(confirmed_at__isnull=False),
                name="consultation_active_is_confirmed",
            ),
        )

    def __str__(self) -> str:
        return f"subscriber {self.pk} in {self.city}"


class Announcement(models.Model):
    """Something that subscribers are told, once. `mailed_at`: when a mail stood ready for each."""

    event = models.CharField(max_length=80, unique=True)
    kind = models.CharField(max_length=20)
    city = models.CharField(max_length=40)
    consultation = models.ForeignKey(
        Consultation, on_delete=models.PROTECT, null=True, related_name="+"
    )
    adoption = models.ForeignKey(Adoption, on_delete=models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField()
    mailed_at = models.DateTimeField(null=True)

    class Meta:
        """In order; about one thing."""

        ordering = ("id",)
        constraints = (
            models.CheckConstraint(
                condition=Q(consultation__isnull=True, adoption__isnull=False)
                | Q(consultation__isnull=False, adoption__isnull=True),
                name="consultation_announcement_about_one",
            ),
        )

    def __str__(self) -> str:
        return self.event


class MailState(models.TextChoices):
    """What became of a mail."""

    DUE = "due", "待发送"
    SENT = "sent", "已发送"
    FAILED = "failed", "发送失败"
    DROPPED = "dropped", "不再发送"


class Mail(models.Model):
    """One mail: a link that confirms a comment, a support or a subscription, or a notice to a
    subscriber. The address stands with what it is about."""

    reference = models.UUIDField(default=uuid4, unique=True, editable=False)
    kind = models.CharField(max_length=20)
    comment = models.ForeignKey(Comment, on_delete=models.PROTECT, null=True, related_name="+")
    support = models.ForeignKey(Support, on_delete=models.PROTECT, null=True, related_name="+")
    subscriber = models.ForeignKey(
        Subscriber, on_delete=models.PROTECT, null=True, related_name="+"
    )
    announcement = models.ForeignKey(
        Announcement, on_delete=models.PROTECT, null=True, related_name="+"
    )
    address_index = models.CharField(max_length=64, blank=True)
    state = models.CharField(max_length=10, choices=MailState.choices, default=MailState.DUE)
    made_at = models.DateTimeField()
    due_at = models.DateTimeField()
    lease_until = models.DateTimeField(null=True)
    attempts = models.PositiveSmallIntegerField(default=0)

    class Meta:
        """A notice goes to a subscriber once."""

        ordering = ("id",)
        indexes = (
            models.Index(
                fields=("due_at", "id"), condition=Q(state="due"), name="consultation_mail_due"
            ),
            models.Index(fields=("address_index", "made_at"), name="consultation_mail_address"),
        )
        constraints = (
            models.UniqueConstraint(
                fields=("announcement", "subscriber"), name="consultation_notice_once"
            ),
        )

    def __str__(self) -> str:
        return f"{self.kind} {self.pk}"
