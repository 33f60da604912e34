"""The series from which notices take their numbers."""

from django.db import models


class Series(models.Model):
    """One series for each office, kind of notice and year. `last`: the number given out last; the
    row is locked until the notice that took it is written, so that none is lost."""

    city = models.CharField(max_length=40)
    district = models.CharField(max_length=40)
    kind = models.CharField(max_length=12)
    year = models.PositiveSmallIntegerField()
    last = models.PositiveIntegerField(default=0)

    class Meta:
        """Once."""

        constraints = (
            models.UniqueConstraint(
                fields=("city", "district", "kind", "year"), name="notices_series_once"
            ),
        )

    def __str__(self) -> str:
        return f"{self.city}/{self.district} {self.kind} {self.year} up to {self.last}"
