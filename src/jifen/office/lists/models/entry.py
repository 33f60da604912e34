"""One person's place on the lists of a city, from the decision to settlement or its end."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from jifen.office.casework.models import Decision
from jifen.office.lists.models.published import PublicList


class State(models.TextChoices):
    """Where an entry stands; what may follow is in `rules.TABLE`."""

    DUE = "due", "待公示"
    PUBLIC = "public", "公示中"
    HELD = "held", "异议核查中"
    FORMAL = "formal", "已列入正式名单"
    NOTICED = "noticed", "待办理入户"
    SETTLED = "settled", "已入户"
    FORFEITED = "forfeited", "逾期放弃"
    LAPSED = "lapsed", "已失效"
    REMOVED = "removed", "已移出名单"


class Entry(models.Model):
    """What is public of somebody (`number` of the receipt, masked `name`, `total`, `place` in a
    ranking) and where it stands. `rules`: those of the day of acceptance; `line`: the line then.

    It outlives its case, which retention removes: `decision` is then empty.
    """

    decision = models.OneToOneField(
        Decision, on_delete=models.SET_NULL, null=True, related_name="listing"
    )
    city = models.CharField(max_length=40)
    district = models.CharField(max_length=40, blank=True)
    rules = models.CharField(max_length=40)
    number = models.CharField(max_length=40)
    name = models.CharField(max_length=60)
    total = models.DecimalField(max_digits=12, decimal_places=3)
    line = models.DecimalField(max_digits=12, decimal_places=3)
    place = models.PositiveIntegerField(null=True)
    state = models.CharField(max_length=9, choices=State.choices, default=State.DUE)
    version = models.PositiveIntegerField(default=1)
    decided_on = models.DateField()
    enter_by = models.DateField(null=True)
    publicity = models.ForeignKey(
        PublicList, on_delete=models.PROTECT, null=True, related_name="entries"
    )
    public_until = models.DateField(null=True)
    formal = models.ForeignKey(
        PublicList, on_delete=models.PROTECT, null=True, related_name="formal_entries"
    )
    noticed_on = models.DateField(null=True)
    settle_by = models.DateField(null=True)
    ended_on = models.DateField(null=True)
    why = models.CharField(max_length=40, blank=True)

    class Meta:
        """What is due is found at once; what a state needs is there."""

        ordering = ("id",)
        constraints = (
            models.CheckConstraint(
                condition=Q(state__in=[s.value for s in State]), name="lists_entry_state_known"
            ),
            models.CheckConstraint(
                condition=~Q(state__in=("public", "held", "formal", "noticed", "settled"))
                | Q(publicity__isnull=False, public_until__isnull=False),
                name="lists_public_has_list",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=("formal", "noticed", "settled", "forfeited"))
                | Q(formal__isnull=False),
                name="lists_formal_has_list",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=("noticed", "forfeited", "settled"))
                | Q(noticed_on__isnull=False, settle_by__isnull=False),
                name="lists_noticed_has_days",
            ),
            models.CheckConstraint(
                condition=Q(state__in=("settled", "forfeited", "lapsed", "removed"))
                ^ Q(ended_on__isnull=True),
                name="lists_ended_has_day",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=("lapsed", "removed")) | ~Q(why=""),
                name="lists_ended_says_why",
            ),
        )
        indexes = (
            models.Index(fields=("state", "city", "rules", "id"), name="lists_by_state"),
            models.Index(fields=("number",), name="lists_by_number"),
            models.Index(fields=("publicity", "name"), name="lists_by_name"),
        )

    def __str__(self) -> str:
        return f"entry {self.pk}"


class EntryEvent(models.Model):
    """One thing that happened to an entry. Never changed."""

    entry = models.ForeignKey(Entry, on_delete=models.PROTECT, related_name="events")
    act = models.CharField(max_length=20)
    state = models.CharField(max_length=9)
    on = models.DateField()
    at = models.DateTimeField()
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    why = models.CharField(max_length=40, blank=True)

    class Meta:
        """In order."""

        ordering = ("id",)

    def __str__(self) -> str:
        return f"{self.act} of entry {self.entry_id}"
