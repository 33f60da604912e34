"""The ledger of messages. No names and no identity numbers: dates, days, numbers of receipts."""

from uuid import uuid4

from django.conf import settings
from django.db import models
from django.db.models import Q

from jifen.office.casework.models import Application
from jifen.office.registry.models import Permit, Person, Unit
from jifen.office.vault.fields import SealedField, SealedJSONField
from jifen.policy.text import Text

USER = settings.AUTH_USER_MODEL
CHANNELS = (("sms", "短信"), ("inbox", "站内信"), ("email", "电子邮件"), ("group", "群机器人"))


class MessageState(models.TextChoices):
    """Where a message stands. Of a time-out nobody knows: it is unsure, not failed."""

    DUE = "due", "待发送"
    UNSURE = "unsure", "待确认"
    SENT = "sent", "已发送"
    DELIVERED = "delivered", "已送达"
    FAILED = "failed", "发送失败"
    DROPPED = "dropped", "不再发送"


class MessageEdition(models.Model):
    """Words of a city for one kind of message by one channel, in place of those that Jifen ships.

    A draft until `proposed_at`; after that its words are never changed, since messages point at
    them. Confirmed by another it has a `number` and holds from `valid_from` until a later one does.
    `tests`: how often it was sent as a test.
    """

    city = models.CharField(max_length=40)
    kind = models.CharField(max_length=40)
    channel = models.CharField(max_length=6, choices=CHANNELS)
    number = models.PositiveSmallIntegerField(null=True)
    zh = models.CharField(max_length=600)
    en = models.CharField(max_length=1000)
    valid_from = models.DateField()
    written_by = models.ForeignKey(USER, on_delete=models.PROTECT, related_name="+")
    written_at = models.DateTimeField(auto_now_add=True)
    proposed_at = models.DateTimeField(null=True)
    decided_by = models.ForeignKey(USER, on_delete=models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True)
    confirmed = models.BooleanField(null=True)
    why = models.CharField(max_length=200, blank=True)
    tests = models.PositiveSmallIntegerField(default=0)

    class Meta:
        """One that is open; numbered once confirmed; confirmed by another than its writer."""

        ordering = ("id",)
        constraints = (
            models.UniqueConstraint(
                fields=("city", "kind", "channel"),
                condition=Q(decided_at__isnull=True),
                name="ledger_words_open_once",
            ),
            models.UniqueConstraint(
                fields=("city", "kind", "channel", "number"),
                condition=Q(number__isnull=False),
                name="ledger_words_numbered_once",
            ),
            models.CheckConstraint(
                condition=Q(confirmed__isnull=True)
                | Q(confirmed=False)
                | ~Q(decided_by=models.F("written_by")),
                name="ledger_words_four_eyes",
            ),
            models.CheckConstraint(
                condition=Q(decided_by=None, decided_at=None, confirmed=None, number=None)
                | Q(
                    decided_by__isnull=False,
                    decided_at__isnull=False,
                    proposed_at__isnull=False,
                    confirmed=True,
                    number__isnull=False,
                )
                | Q(decided_by__isnull=False, decided_at__isnull=False, confirmed=False)
                & Q(number=None),
                name="ledger_words_decided_whole",
            ),
        )

    def __str__(self) -> str:
        return f"{self.kind} by {self.channel} of {self.city}, {self.number or 'not in force'}"

    def words(self) -> Text:
        """In both languages, with their placeholders."""
        return Text(self.zh, self.en)


class Message(models.Model):
    """One event told to one recipient through one channel, once.

    `event` names what happened ('permit:7 ends 2026-10-20 60'); `kind`, `edition` and `params` give
    the text again at any time; with `office_text` the words are those of the city. `reference` is
    what a provider knows the message by, so that a second try is the same message. After `stale_on`
    it would only confuse, and is dropped.
    """

    event = models.CharField(max_length=120)
    kind = models.CharField(max_length=40)
    edition = models.PositiveSmallIntegerField()
    office_text = models.ForeignKey(
        MessageEdition, on_delete=models.PROTECT, null=True, related_name="+"
    )
    lang = models.CharField(max_length=2, default="zh")
    params = SealedJSONField(default=dict)
    channel = models.CharField(max_length=6, choices=CHANNELS)
    recipient = models.CharField(max_length=40)
    person = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="messages")
    user = models.ForeignKey(USER, on_delete=models.PROTECT, null=True, related_name="inbox")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, null=True, related_name="messages")
    application = models.ForeignKey(
        Application, on_delete=models.CASCADE, null=True, related_name="messages"
    )
    permit = models.ForeignKey(Permit, on_delete=models.PROTECT, null=True, related_name="messages")
    reference = models.UUIDField(default=uuid4, unique=True, editable=False)
    state = models.CharField(max_length=9, choices=MessageState.choices, default=MessageState.DUE)
    why = models.CharField(max_length=40, blank=True)
    made_at = models.DateTimeField()
    due_at = models.DateTimeField()
    stale_on = models.DateField(null=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    lease_until = models.DateTimeField(null=True)
    provider_reference = models.CharField(max_length=80, blank=True)
    ended_at = models.DateTimeField(null=True)
    read_at = models.DateTimeField(null=True)

    class Meta:
        """Once per event, recipient and channel."""

        ordering = ("id",)
        constraints = (
            models.UniqueConstraint(
                fields=("event", "recipient", "channel"), name="ledger_told_once"
            ),
            models.CheckConstraint(
                condition=Q(state__in=[s.value for s in MessageState]), name="ledger_state_known"
            ),
            models.CheckConstraint(
                condition=Q(channel__in=[key for key, _ in CHANNELS]), name="ledger_channel_known"
            ),
        )
        indexes = (
            models.Index(
                fields=("due_at", "id"),
                condition=Q(state__in=("due", "unsure")),
                name="ledger_due",
            ),
            models.Index(
                fields=("stale_on",),
                condition=Q(state="dropped", why="no_longer_so"),
                name="ledger_perhaps_again",
            ),
            models.Index(fields=("user", "-id"), name="ledger_inbox"),
            models.Index(fields=("application", "id"), name="ledger_of_case"),
            models.Index(fields=("permit", "id"), name="ledger_of_permit"),
        )

    def __str__(self) -> str:
        return f"{self.kind} to {self.recipient} by {self.channel}"


class Attempt(models.Model):
    """One try to deliver. `said`: its parameters, of messages whose words move with the day."""

    message = models.ForeignKey(Message, on_delete=models.CASCADE, related_name="tries")
    at = models.DateTimeField()
    outcome = models.CharField(max_length=8)
    words = models.CharField(max_length=200, blank=True)
    said = SealedJSONField(default=dict)

    class Meta:
        """In order."""

        ordering = ("id",)

    def __str__(self) -> str:
        return f"{self.outcome} of message {self.message_id}"


class Cursor(models.Model):
    """How far a source of events was read, or what goes by the day was done; `lease_until`: who
    does it has it until then."""

    source = models.CharField(max_length=20, primary_key=True)
    last = models.PositiveBigIntegerField(default=0)
    lease_until = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"{self.source} up to {self.last}"


class OptOut(models.Model):
    """A group of messages that somebody does not want, by a channel; never what the law requires
    to be told."""

    person = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="opt_outs")
    user = models.ForeignKey(USER, on_delete=models.PROTECT, null=True, related_name="opt_outs")
    group = models.CharField(max_length=20)
    channel = models.CharField(max_length=6, choices=CHANNELS)

    class Meta:
        """Once."""

        constraints = (
            models.UniqueConstraint(
                fields=("person", "group", "channel"),
                condition=Q(person__isnull=False),
                name="ledger_opt_out_of_person",
            ),
            models.UniqueConstraint(
                fields=("user", "group", "channel"),
                condition=Q(user__isnull=False),
                name="ledger_opt_out_of_user",
            ),
        )

    def __str__(self) -> str:
        return f"no {self.group} by {self.channel}"


class Language(models.Model):
    """The language in which somebody wants to be written to."""

    user = models.OneToOneField(USER, on_delete=models.CASCADE, related_name="language")
    lang = models.CharField(max_length=2, choices=(("zh", "中文"), ("en", "English")))

    def __str__(self) -> str:
        return f"user {self.user_id} reads {self.lang}"


class GroupAddress(models.Model):
    """A group chat of an employer (WeCom, DingTalk, Feishu), sealed: whoever has it can write."""

    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="group_addresses")
    url = SealedField()
    label = models.CharField(max_length=60)
    made_by = models.ForeignKey(USER, on_delete=models.PROTECT, related_name="+")
    ended_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return self.label


class Feed(models.Model):
    """An address under which a calendar programme reads somebody's days; only its hash is kept.
    `read_on`: the last day on which it was read, which is in the log."""

    user = models.OneToOneField(USER, on_delete=models.CASCADE, related_name="feed")
    token_hash = models.CharField(max_length=64, unique=True)
    made_at = models.DateTimeField(auto_now_add=True)
    read_on = models.DateField(null=True)

    def __str__(self) -> str:
        return f"feed of user {self.user_id}"


class OutboxSms(models.Model):
    """What the embedded SMS channel 'sent': the sandbox shows it as a phone."""

    reference = models.UUIDField(unique=True)
    phone = SealedField()
    phone_index = models.CharField(max_length=64, db_index=True)
    text = SealedField()
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"sms {self.pk}"
