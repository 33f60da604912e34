"""The documents of a case by what they prove; every version, and every look at one."""

from django.conf import settings
from django.db import models

from jifen.office.casework.models.application import Application
from jifen.office.documents.models import Document
from jifen.office.vault.fields import SealedField, SealedJSONField

USER = settings.AUTH_USER_MODEL


class Material(models.Model):
    """One kind of document in one case ('degree certificate')."""

    application = models.ForeignKey(Application, on_delete=models.PROTECT, related_name="materials")
    kind = models.CharField(max_length=60)

    class Meta:
        """The same document is not asked for twice."""

        ordering = ("id",)
        constraints = (
            models.UniqueConstraint(fields=("application", "kind"), name="casework_material_once"),
        )

    def __str__(self) -> str:
        return f"{self.kind} of application {self.application_id}"


class MaterialVersion(models.Model):
    """One upload: immutable; a newer one stands beside it. `dropped_at`: taken back. `text_guess`:
    which document the words on its pages say it is, while nobody has said; '' unknown."""

    material = models.ForeignKey(Material, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField()
    document = models.ForeignKey(Document, on_delete=models.PROTECT, related_name="used_as")
    by = models.ForeignKey(USER, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(auto_now_add=True)
    dropped_at = models.DateTimeField(null=True, blank=True)
    carried_from = models.ForeignKey("self", on_delete=models.PROTECT, null=True)
    text_guess = models.CharField(max_length=60, blank=True)

    class Meta:
        """Numbered from 1."""

        ordering = ("material", "number")
        constraints = (
            models.UniqueConstraint(fields=("material", "number"), name="casework_version_once"),
        )

    def __str__(self) -> str:
        return f"version {self.number} of material {self.material_id}"


class Review(models.Model):
    """What somebody found of a fact, on which documents. Rows are added, never changed."""

    application = models.ForeignKey(Application, on_delete=models.PROTECT, related_name="reviews")
    fact = models.CharField(max_length=60)
    gate = models.CharField(max_length=40)
    finding = models.CharField(max_length=10)
    before = SealedJSONField(default=list)
    found = SealedJSONField(default=list)
    source = models.CharField(max_length=40)
    reason = models.CharField(max_length=40, blank=True)
    words = SealedField(blank=True)
    documents = models.ManyToManyField(MaterialVersion, related_name="reviews", blank=True)
    by = models.ForeignKey(USER, on_delete=models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        """In order."""

        ordering = ("id",)

    def __str__(self) -> str:
        return f"{self.finding}: {self.fact} of application {self.application_id}"
