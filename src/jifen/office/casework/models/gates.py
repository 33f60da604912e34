"""The gates that a case passes, the registers that are asked, the expedited lane."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from jifen.office.casework.models.application import Application, Lane
from jifen.office.vault.fields import SealedField

USER = settings.AUTH_USER_MODEL


class GateState(models.TextChoices):
    """Where a gate stands."""

    WAITING = "waiting", "未到"
    OPEN = "open", "办理中"
    PASSED = "passed", "已办结"


class Gate(models.Model):
    """One gate of one case. City, district, lane, dates and numbers of the case stand here too, so
    that a queue is one index read. A lease says who has it, until when."""

    application = models.ForeignKey(Application, on_delete=models.PROTECT, related_name="gates")
    gate = models.CharField(max_length=40)
    order = models.PositiveSmallIntegerField()
    department = models.CharField(max_length=40, blank=True)
    state = models.CharField(max_length=8, choices=GateState.choices, default=GateState.WAITING)
    city = models.CharField(max_length=40)
    district = models.CharField(max_length=40)
    lane = models.CharField(max_length=10, choices=Lane.choices, default=Lane.NORMAL)
    due_on = models.DateField(null=True)
    received_on = models.DateField()
    overtakes_on = models.DateField()
    paused = models.BooleanField(default=False)
    returned = models.BooleanField(default=False)
    holder = models.ForeignKey(USER, on_delete=models.PROTECT, null=True, related_name="held_gates")
    held_until = models.DateTimeField(null=True)
    opened_at = models.DateTimeField(null=True)
    passed_at = models.DateTimeField(null=True)
    passed_by = models.ForeignKey(USER, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        """A gate once per case; queues in their order."""

        ordering = ("application", "order")
        constraints = (
            models.UniqueConstraint(fields=("application", "gate"), name="casework_gate_once"),
            models.CheckConstraint(
                condition=Q(state__in=[s.value for s in GateState]), name="casework_gate_known"
            ),
            models.CheckConstraint(
                condition=Q(state="passed") ^ Q(passed_at__isnull=True),
                name="casework_gate_passed_once",
            ),
        )
        indexes = (
            models.Index(
                fields=("city", "department", "lane", "due_on", "received_on"),
                condition=Q(state="open", paused=False),
                name="casework_queue",
            ),
            models.Index(
                fields=("city", "department", "district", "lane", "due_on", "received_on"),
                condition=Q(state="open", paused=False),
                name="casework_queue_district",
            ),
        )

    def __str__(self) -> str:
        return f"{self.gate} of application {self.application_id}"


class RegisterCheck(models.Model):
    """One register to be asked about one case; tried again until it answers."""

    application = models.ForeignKey(Application, on_delete=models.PROTECT, related_name="checks")
    register = models.CharField(max_length=20)
    state = models.CharField(
        max_length=8, choices=(("due", "待查询"), ("answered", "已答复"), ("nothing", "无记录"))
    )
    due_at = models.DateTimeField(null=True)
    lease_until = models.DateTimeField(null=True)
    attempts = models.PositiveIntegerField(default=0)
    answered_at = models.DateTimeField(null=True)
    as_of = models.DateField(null=True)

    class Meta:
        """A register once per case."""

        constraints = (
            models.UniqueConstraint(fields=("application", "register"), name="casework_check_once"),
        )
        indexes = (
            models.Index(fields=("due_at",), condition=Q(state="due"), name="casework_check_due"),
        )

    def __str__(self) -> str:
        return f"{self.register} asked about application {self.application_id}"


class Expedite(models.Model):
    """A request for the expedited lane: ground and evidence; a supervisor decides."""

    application = models.ForeignKey(Application, on_delete=models.PROTECT, related_name="expedites")
    ground = models.CharField(max_length=40)
    words = SealedField()
    asked_by = models.ForeignKey(USER, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField(auto_now_add=True)
    approved = models.BooleanField(null=True)
    decided_by = models.ForeignKey(USER, on_delete=models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True)
    decision_words = SealedField(blank=True)

    class Meta:
        """One request at a time; who asks does not approve."""

        constraints = (
            models.UniqueConstraint(
                fields=("application",),
                condition=Q(approved__isnull=True),
                name="casework_one_expedite_waits",
            ),
            models.CheckConstraint(
                condition=Q(decided_by__isnull=True) | ~Q(decided_by=models.F("asked_by")),
                name="casework_expedite_two_people",
            ),
        )

    def __str__(self) -> str:
        return f"expedite of application {self.application_id}"
