"""One row for everything that waits on somebody, from the act that began it to the act that ended
it."""

from django.conf import settings
from django.db import models
from django.db.models import Q

USER = settings.AUTH_USER_MODEL
OPEN = Q(ended_at__isnull=True)
ON_STAFF = Q(account=None, unit=None, person=None) & ~Q(role="")


class WaitKind(models.TextChoices):
    """For what somebody is waited on; `rules.RULES` says who may do it."""

    DRAFT = "draft", "草稿"
    CONSENT = "consent", "本人同意"
    REGISTRATION = "registration", "单位登记"
    REGISTRATION_AGAIN = "registration_again", "单位重新登记"
    GATE = "gate", "环节认定"
    CORRECTION = "correction", "补正"
    DECISION = "decision", "提出决定"
    SIGNATURE = "signature", "签发"
    RECHECK = "recheck", "复核"
    ANSWER = "answer", "陈述意见"
    DELIVERY = "delivery", "书面告知送达"
    FINDING = "finding", "虚假材料决定"
    EXPEDITE = "expedite", "加急批准"
    OBJECTION = "objection", "异议核查"
    OBJECTION_DECISION = "objection_decision", "异议决定"
    SETTLEMENT = "settlement", "办理入户"
    RENEWAL = "renewal", "续签"
    REGISTER = "register", "登记系统"
    PAPER = "paper", "文书制作"
    SETTING = "setting", "设置确认"


KINDS_WITH_OWN_MESSAGE = (
    *(WaitKind.CONSENT, WaitKind.RECHECK, WaitKind.FINDING, WaitKind.EXPEDITE, WaitKind.OBJECTION),
    *(WaitKind.OBJECTION_DECISION, WaitKind.REGISTER, WaitKind.PAPER),
)
"""Of which whoever can do something about it has a message of its own; the rest is counted in the
digest of the day."""


class Waiting(models.Model):
    """Something that waits on the staff of a place (`role`, and `department` where it is one's), on
    an account, on a unit or on a person; on exactly one of these four.

    `subject` is what waits ('application:12', 'unit:5', 'objection:3'), `item` which part of it (a
    gate). City and district are those of the office that has it. `starts_on`: the first day on
    which it can be done; empty: at once. `barred`: accounts that had a part in it and may not do it
    (four eyes), as ',5,7,'. `lane` and `overtakes_on` order a queue as those of the case do. A row
    is ended, not deleted: how long something waited is known afterwards. `told_at`: since when
    those on whom it waits have a message of their own, where they get one.
    """

    kind = models.CharField(max_length=20, choices=WaitKind.choices)
    subject = models.CharField(max_length=60)
    item = models.CharField(max_length=60, blank=True)
    application = models.ForeignKey(
        "casework.Application", on_delete=models.PROTECT, null=True, related_name="waits"
    )
    city = models.CharField(max_length=40)
    district = models.CharField(max_length=40, blank=True)
    role = models.CharField(max_length=20, blank=True)
    department = models.CharField(max_length=40, blank=True)
    account = models.ForeignKey(
        USER, on_delete=models.PROTECT, null=True, related_name="+", db_index=False
    )
    unit = models.ForeignKey(
        "registry.Unit", on_delete=models.PROTECT, null=True, related_name="waits", db_index=False
    )
    person = models.ForeignKey(
        "registry.Person", on_delete=models.PROTECT, null=True, related_name="waits", db_index=False
    )
    barred = models.TextField(blank=True)
    lane = models.CharField(max_length=10, default="normal")
    since = models.DateTimeField()
    starts_on = models.DateField(null=True)
    due_on = models.DateField(null=True)
    overtakes_on = models.DateField(null=True)
    ended_at = models.DateTimeField(null=True)
    told_at = models.DateTimeField(null=True)

    class Meta:
        """One open row for each thing; those of a place, of an account and of a day are found at
        once."""

        ordering = ("id",)
        constraints = (
            models.UniqueConstraint(
                fields=("subject", "kind", "item"), condition=OPEN, name="waiting_once"
            ),
            models.CheckConstraint(
                condition=Q(kind__in=[kind.value for kind in WaitKind]), name="waiting_kind_known"
            ),
            models.CheckConstraint(
                condition=ON_STAFF
                | Q(role="", account__isnull=False, unit=None, person=None)
                | Q(role="", account=None, unit__isnull=False, person=None)
                | Q(role="", account=None, unit=None, person__isnull=False),
                name="waiting_on_one",
            ),
            models.CheckConstraint(
                condition=Q(ended_at__isnull=True) | Q(ended_at__gte=models.F("since")),
                name="waiting_ends_after_it_began",
            ),
        )
        indexes = (
            models.Index(
                fields=("city", "kind", "department", "lane", "due_on", "since"),
                condition=OPEN & ~Q(role=""),
                name="waiting_queue",
            ),
            models.Index(
                fields=("city", "district", "kind", "department", "lane", "due_on", "since"),
                condition=OPEN & ~Q(role=""),
                name="waiting_queue_district",
            ),
            models.Index(
                fields=("id",),
                condition=OPEN
                & Q(told_at__isnull=True, kind__in=[k.value for k in KINDS_WITH_OWN_MESSAGE]),
                name="waiting_untold",
            ),
            models.Index(fields=("unit", "due_on"), condition=OPEN, name="waiting_on_unit"),
            models.Index(fields=("person",), condition=OPEN, name="waiting_on_person"),
            models.Index(fields=("account",), condition=OPEN, name="waiting_on_account"),
        )

    def __str__(self) -> str:
        return f"{self.kind} of {self.subject}"

    @property
    def subject_id(self) -> int:
        """The key of what waits: 12 of 'application:12'."""
        return int(self.subject.rpartition(":")[2])

    @property
    def barred_accounts(self) -> list[int]:
        """Who may not do it."""
        return [int(text) for text in self.barred.split(",") if text]
