"""A list as it was made public: its bytes, signed. Never changed."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from jifen import cities


class PublicList(models.Model):
    """A publicity list (公示名单) or a formal list (正式名单).

    `document`: the list as canonical JSON, names masked, with a random salt, for staff; `digest`
    its SHA-256, which is public; `signature` a compact JWS that says it, under the published key
    `key_id` (`jifen.statements.list_statement`).
    `serial` counts the lists of a city without a gap. A line list is made by the system from signed
    decisions, once a working day and kind; a ranking list is published by somebody (`by`) from a
    run that another opened.
    """

    city = models.CharField(max_length=40)
    serial = models.PositiveIntegerField()
    rules = models.CharField(max_length=40)
    mode = models.CharField(max_length=4, choices=(("line", "达线"), ("rank", "排名")))
    kind = models.CharField(max_length=9, choices=(("publicity", "公示"), ("formal", "正式")))
    on = models.DateField()
    until = models.DateField(null=True)
    people = models.PositiveIntegerField()
    lowest = models.DecimalField(max_digits=12, decimal_places=3)
    document = models.TextField()
    digest = models.CharField(max_length=64)
    key_id = models.CharField(max_length=40)
    signature = models.TextField()
    run = models.OneToOneField("lists.Run", on_delete=models.PROTECT, null=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True)
    made_at = models.DateTimeField()

    class Meta:
        """Newest first; one a day by the line."""

        ordering = ("-id",)
        constraints = (
            models.UniqueConstraint(fields=("city", "serial"), name="lists_serial_once"),
            models.UniqueConstraint(
                fields=("city", "rules", "kind", "on"),
                condition=Q(run__isnull=True),
                name="lists_one_a_day",
            ),
            models.CheckConstraint(
                condition=Q(kind="formal") ^ Q(until__isnull=False), name="lists_publicity_ends"
            ),
            models.CheckConstraint(
                condition=Q(mode="line", run__isnull=True, by__isnull=True)
                | Q(mode="rank", kind="publicity", run__isnull=False, by__isnull=False)
                | Q(mode="rank", kind="formal", run__isnull=True, by__isnull=True),
                name="lists_ranking_by_people",
            ),
        )
        indexes = (models.Index(fields=("city", "-on", "-id"), name="lists_of_city"),)

    def __str__(self) -> str:
        return self.name

    @property
    def is_checkable(self) -> bool:
        """Whether anybody can check it; lists before 2026-11-26 were signed with the key of the
        log, which is not published."""
        return "." in self.signature

    @property
    def name(self) -> str:
        """How it is called: CH-L00012."""
        return f"{cities.find_city(self.city).prefix}-L{self.serial:05d}"
