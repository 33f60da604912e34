"""Residence permits as the city's register has them, with everything that was ever done to one."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from jifen.office.registry.models.people import Person
from jifen.permits import Dwelling, PermitCard

USER = settings.AUTH_USER_MODEL
DWELLINGS = (("own_home", "自有住房"), ("registered_rental", "已备案租赁"), ("other", "其他"))
KINDS = (
    ("issued", "签发"),
    ("endorsed", "签注"),
    ("not_automatic", "未能自动签注"),
    ("restored", "恢复"),
    ("address_told", "报告地址变动"),
    ("address_updated", "更新居住登记"),
    ("replaced", "补领换领"),
    ("cancelled", "注销"),
)


class Permit(models.Model):
    """A permit. `anchor` and `years` as in `jifen.permits.Card`; `valid_until` follows from them
    and is kept for queues. `look_on`: the day on which the system looks at it by itself."""

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="permits")
    city = models.CharField(max_length=40)
    district = models.CharField(max_length=40)
    registered_on = models.DateField()
    issued_on = models.DateField()
    anchor = models.DateField()
    years = models.PositiveSmallIntegerField(default=1)
    valid_until = models.DateField()
    cancelled_on = models.DateField(null=True, blank=True)
    dwelling = models.CharField(max_length=20, choices=DWELLINGS, default="other")
    lease_until = models.DateField(null=True, blank=True)
    address_changed = models.BooleanField(default=False)
    look_on = models.DateField(null=True, blank=True)

    class Meta:
        """One standing permit per person and city."""

        constraints = (
            models.UniqueConstraint(
                fields=("person", "city"),
                condition=Q(cancelled_on__isnull=True),
                name="registry_one_permit",
            ),
            models.CheckConstraint(
                condition=Q(dwelling__in=[key for key, _ in DWELLINGS]),
                name="registry_dwelling_known",
            ),
            models.CheckConstraint(
                condition=Q(valid_until__gt=models.F("anchor")), name="registry_permit_some_time"
            ),
        )
        indexes = (
            models.Index(
                fields=("look_on", "id"),
                condition=Q(look_on__isnull=False),
                name="registry_permit_look",
            ),
            models.Index(fields=("city", "valid_until"), name="registry_permit_ends"),
        )

    def __str__(self) -> str:
        return f"permit {self.pk}"

    @property
    def card(self) -> PermitCard:
        """What the rules look at."""
        return PermitCard(self.issued_on, self.anchor, self.years, self.cancelled_on)

    @property
    def home(self) -> Dwelling:
        """Where the holder lives."""
        return Dwelling(self.dwelling, self.lease_until, self.address_changed)

    def apply_card(self, card: PermitCard) -> None:
        """What an act made of it."""
        self.anchor, self.years = card.anchor, card.years
        self.valid_until, self.cancelled_on = card.valid_until, card.cancelled_on


class PermitEvent(models.Model):
    """One thing done to a permit, and how it stood afterwards. Never changed. `period_end`: the end
    that an endorsement moved; no end is moved twice."""

    permit = models.ForeignKey(Permit, on_delete=models.PROTECT, related_name="events")
    kind = models.CharField(max_length=20, choices=KINDS)
    on = models.DateField()
    at = models.DateTimeField(auto_now_add=True)
    by = models.ForeignKey(USER, on_delete=models.PROTECT, null=True, related_name="+")
    anchor = models.DateField()
    years = models.PositiveSmallIntegerField()
    valid_until = models.DateField()
    period_end = models.DateField(null=True)
    reason = models.CharField(max_length=40, blank=True)
    details = models.JSONField(default=dict)

    class Meta:
        """In order; once per period."""

        ordering = ("id",)
        constraints = (
            models.UniqueConstraint(
                fields=("permit", "period_end"),
                condition=Q(kind__in=("endorsed", "restored")),
                name="registry_endorsed_once",
            ),
            models.CheckConstraint(
                condition=Q(kind__in=[key for key, _ in KINDS]), name="registry_permit_act_known"
            ),
        )

    def __str__(self) -> str:
        return f"{self.kind} of permit {self.permit_id}"
