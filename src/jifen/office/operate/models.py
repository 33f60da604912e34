"""Rows about the processes of an installation. No personal data."""

from django.db import models


class Heartbeat(models.Model):
    """One background process, from its start to its end. `beat_at`: when it last said that it is
    alive; `step` and `step_since`: what it does now, and since when; `failing`: the steps that
    failed at their last run. `ended_at` stays empty where a process was killed."""

    kind = models.CharField(max_length=20)
    name = models.CharField(max_length=80)
    began_at = models.DateTimeField()
    beat_at = models.DateTimeField(db_index=True)
    step = models.CharField(max_length=60, blank=True)
    step_since = models.DateTimeField(null=True)
    failing = models.JSONField(default=list)
    ended_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"{self.kind} {self.name}"
