"""How long a decision's points are valid: they end with the residence permit."""

from django.db import models
from django.db.models import F, Q

from jifen.office.casework.models.decision import Decision
from jifen.office.registry.models import Permit, Person, Unit


class PointsPeriod(models.Model):
    """The points of one decision. `until` is the end of the permit when they were confirmed (empty:
    the permit is not on record). `ended_on`: revoked, or replaced by another decision. `employer`:
    who files the renewal; another one where the person named it."""

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="points")
    city = models.CharField(max_length=40)
    decision = models.OneToOneField(Decision, on_delete=models.PROTECT, related_name="points")
    permit = models.ForeignKey(Permit, on_delete=models.PROTECT, null=True, related_name="points")
    employer = models.ForeignKey(Unit, on_delete=models.PROTECT, null=True, related_name="points")
    since = models.DateField()
    until = models.DateField(null=True)
    ended_on = models.DateField(null=True)
    renewed = models.BooleanField(default=False)

    class Meta:
        """Those that wait for their renewal are found at once."""

        ordering = ("id",)
        constraints = (
            models.CheckConstraint(
                condition=Q(until__isnull=True) | Q(until__gte=F("since")),
                name="casework_points_some_time",
            ),
        )
        indexes = (
            models.Index(fields=("person", "city", "-since"), name="casework_points_of"),
            models.Index(
                fields=("until",),
                condition=Q(renewed=False, ended_on__isnull=True),
                name="casework_points_waiting",
            ),
        )

    def __str__(self) -> str:
        return f"points of decision {self.decision_id}"
