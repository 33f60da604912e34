"""What is kept of published policies."""

from django.db import models
from django.db.models import Q


class PolicyEdition(models.Model):
    """One edition of a version of a measure as it was first seen here. Rows are never changed.

    `recorded_on` is the day that the edition says of itself; `first_seen_at` is when this
    installation met it. `hash` covers all that decides a score.
    """

    city = models.CharField(max_length=40)
    policy = models.CharField(max_length=80)
    version = models.CharField(max_length=40)
    edition = models.PositiveIntegerField()
    hash = models.CharField(max_length=71)
    recorded_on = models.DateField()
    first_seen_at = models.DateTimeField()

    class Meta:
        """An edition is one content: a correction takes a new number."""

        ordering = ("policy", "version", "edition")
        constraints = (
            models.UniqueConstraint(
                fields=("policy", "version", "edition"), name="workshop_edition_once"
            ),
            models.CheckConstraint(condition=Q(edition__gte=1), name="workshop_edition_from_1"),
            models.CheckConstraint(
                condition=Q(hash__startswith="sha256:"), name="workshop_hash_is_sha256"
            ),
            models.CheckConstraint(
                condition=~Q(city="") & ~Q(policy="") & ~Q(version=""), name="workshop_is_named"
            ),
        )

    def __str__(self) -> str:
        return f"{self.policy} {self.version}, edition {self.edition}"
