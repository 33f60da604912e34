"""What a city sets for itself: its offices, and the working days of a year. Rows are never changed:
a later one takes the place of an earlier one, which stays."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q

USER = settings.AUTH_USER_MODEL


class OfficeCard(models.Model):
    """Where an office is and when it is open; of a district, or ('') of the whole city. English
    words may be left out. `ended_at`: another one took its place."""

    city = models.CharField(max_length=40)
    district = models.CharField(max_length=40, blank=True)
    name = models.CharField(max_length=80)
    name_en = models.CharField(max_length=120, blank=True)
    address = models.CharField(max_length=160)
    address_en = models.CharField(max_length=200, blank=True)
    phone = models.CharField(max_length=40)
    hours = models.CharField(max_length=200)
    hours_en = models.CharField(max_length=200, blank=True)
    written_by = models.ForeignKey(USER, on_delete=models.PROTECT, related_name="+")
    written_at = models.DateTimeField(auto_now_add=True)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        """One card for each office at a time."""

        constraints = (
            models.UniqueConstraint(
                fields=("city", "district"),
                condition=Q(ended_at__isnull=True),
                name="administration_office_once",
            ),
        )

    def __str__(self) -> str:
        return f"{self.city} {self.district}".strip()


class YearOfWorkingDays(models.Model):
    """Holidays and worked weekend days of a year by a notice of the State Council, entered by one
    administrator and confirmed by another. `holidays`: [{"from", "to", "zh", "en"}], `working`:
    days; all days as texts. Confirmed, it takes the place of what Jifen ships of that year."""

    year = models.PositiveSmallIntegerField()
    notice = models.CharField(max_length=80)
    holidays = models.JSONField(default=list)
    working = models.JSONField(default=list)
    city = models.CharField(max_length=40)
    proposed_by = models.ForeignKey(USER, on_delete=models.PROTECT, related_name="+")
    proposed_at = models.DateTimeField(auto_now_add=True)
    decided_by = models.ForeignKey(USER, on_delete=models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True)
    confirmed = models.BooleanField(null=True)

    class Meta:
        """Two people; one open proposal of a year."""

        ordering = ("id",)
        constraints = (
            models.UniqueConstraint(
                fields=("year",),
                condition=Q(decided_at__isnull=True),
                name="administration_year_proposed_once",
            ),
            models.CheckConstraint(
                condition=Q(decided_by__isnull=True) | ~Q(decided_by=F("proposed_by")),
                name="administration_year_four_eyes",
            ),
            models.CheckConstraint(
                condition=Q(decided_by__isnull=True, decided_at__isnull=True, confirmed=None)
                | Q(decided_by__isnull=False, decided_at__isnull=False, confirmed__isnull=False),
                name="administration_year_decided_whole",
            ),
        )

    def __str__(self) -> str:
        return f"working days of {self.year}"


class DistrictEdition(models.Model):
    """How a district of a city is called and whether it takes new cases, entered by one
    administrator and confirmed by another; the newest confirmed one holds."""

    city = models.CharField(max_length=40)
    district = models.CharField(max_length=40)
    zh = models.CharField(max_length=40)
    en = models.CharField(max_length=60)
    is_open = models.BooleanField()
    why = models.CharField(max_length=200)
    proposed_by = models.ForeignKey(USER, on_delete=models.PROTECT, related_name="+")
    proposed_at = models.DateTimeField(auto_now_add=True)
    decided_by = models.ForeignKey(USER, on_delete=models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True)
    confirmed = models.BooleanField(null=True)

    class Meta:
        """Two people; one open proposal of a district."""

        ordering = ("id",)
        constraints = (
            models.UniqueConstraint(
                fields=("city", "district"),
                condition=Q(decided_at__isnull=True),
                name="administration_district_proposed_once",
            ),
            models.CheckConstraint(
                condition=Q(decided_by__isnull=True) | ~Q(decided_by=F("proposed_by")),
                name="administration_district_four_eyes",
            ),
            models.CheckConstraint(
                condition=Q(decided_by__isnull=True, decided_at__isnull=True, confirmed=None)
                | Q(decided_by__isnull=False, decided_at__isnull=False, confirmed__isnull=False),
                name="administration_district_decided_whole",
            ),
        )

    def __str__(self) -> str:
        return f"{self.district} of {self.city}"
