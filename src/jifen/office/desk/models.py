"""Tables of the desks."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from jifen.office.casework.models import Application
from jifen.office.vault.fields import SealedField, SealedJSONField

USER = settings.AUTH_USER_MODEL


class Assignment(models.Model):
    """Whose a gate of a case is until it is passed. A lease (`Gate.holder`) says who has it in hand
    right now; an assignment stays over night."""

    application = models.ForeignKey(
        Application, on_delete=models.PROTECT, related_name="assignments"
    )
    gate = models.CharField(max_length=40)
    holder = models.ForeignKey(USER, on_delete=models.PROTECT, related_name="assignments")
    assigned_by = models.ForeignKey(USER, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(auto_now=True)

    class Meta:
        """One for each gate."""

        constraints = (
            models.UniqueConstraint(fields=("application", "gate"), name="desk_assigned_once"),
        )

    def __str__(self) -> str:
        return f"{self.gate} of application {self.application_id} for {self.holder_id}"


class Absence(models.Model):
    """Days on which somebody of the staff is away, both ends inside."""

    user = models.ForeignKey(USER, on_delete=models.PROTECT, related_name="absences")
    since = models.DateField()
    until = models.DateField()
    entered_by = models.ForeignKey(USER, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(auto_now_add=True)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        """It ends after it began."""

        constraints = (
            models.CheckConstraint(
                condition=Q(until__gte=F("since")), name="desk_absence_ends_after_it_began"
            ),
        )
        indexes = (
            models.Index(
                fields=("until",), condition=Q(ended_at__isnull=True), name="desk_absence_days"
            ),
        )

    def __str__(self) -> str:
        return f"{self.user_id} away {self.since} to {self.until}"


class SavedView(models.Model):
    """Filters and order of a queue under a name of somebody's own; `query` is the query of its
    address, without anything typed of a person."""

    user = models.ForeignKey(USER, on_delete=models.PROTECT, related_name="saved_views")
    name = models.CharField(max_length=40)
    query = models.CharField(max_length=300)

    class Meta:
        """A name once for each person."""

        ordering = ("name", "id")
        constraints = (
            models.UniqueConstraint(fields=("user", "name"), name="desk_view_named_once"),
        )

    def __str__(self) -> str:
        return f"{self.name} of {self.user_id}"


class TextBlock(models.Model):
    """A sentence that an office writes often: put into the words of a finding or a correction."""

    city = models.CharField(max_length=40)
    district = models.CharField(max_length=40, blank=True)
    name = models.CharField(max_length=40)
    words = models.CharField(max_length=1000)
    written_by = models.ForeignKey(USER, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(auto_now_add=True)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        """By name; those of an office are found at once."""

        ordering = ("name", "id")
        indexes = (models.Index(fields=("city", "district"), name="desk_texts_of_office"),)

    def __str__(self) -> str:
        return f"{self.name} of {self.city} {self.district}".strip()


class FormDraft(models.Model):
    """What somebody typed into a form of a case and has not sent; gone once it is sent."""

    user = models.ForeignKey(USER, on_delete=models.PROTECT, related_name="+")
    application = models.ForeignKey(Application, on_delete=models.PROTECT, related_name="+")
    form = models.CharField(max_length=80)
    fields = SealedJSONField(default=dict)
    at = models.DateTimeField(auto_now=True)

    class Meta:
        """One for each form of a case and person."""

        constraints = (
            models.UniqueConstraint(
                fields=("user", "application", "form"), name="desk_form_drafted_once"
            ),
        )

    def __str__(self) -> str:
        return f"{self.form} of application {self.application_id} by {self.user_id}"


class CaseNote(models.Model):
    """What colleagues write to each other in a case. The applicant does not see it."""

    application = models.ForeignKey(Application, on_delete=models.PROTECT, related_name="notes")
    by = models.ForeignKey(USER, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(auto_now_add=True)
    words = SealedField()

    class Meta:
        """In order."""

        ordering = ("id",)

    def __str__(self) -> str:
        return f"note {self.pk} of application {self.application_id}"


class NoteMention(models.Model):
    """A colleague who is named in a note, until they read it."""

    note = models.ForeignKey(CaseNote, on_delete=models.PROTECT, related_name="mentions")
    user = models.ForeignKey(USER, on_delete=models.PROTECT, related_name="mentions")
    read_at = models.DateTimeField(null=True)

    class Meta:
        """Somebody is named once in a note; unread ones are found at once."""

        constraints = (
            models.UniqueConstraint(fields=("note", "user"), name="desk_mentioned_once"),
        )
        indexes = (
            models.Index(
                fields=("user",), condition=Q(read_at__isnull=True), name="desk_mentions_unread"
            ),
        )

    def __str__(self) -> str:
        return f"{self.user_id} in note {self.note_id}"


class ThreadMessage(models.Model):
    """A message between the office and the applicant about one fact or document of a case. No
    deadline and no state hang on it. `read_at`: when the other side saw it."""

    application = models.ForeignKey(Application, on_delete=models.PROTECT, related_name="threads")
    kind = models.CharField(max_length=8, choices=(("fact", "事实"), ("material", "材料")))
    key = models.CharField(max_length=60)
    by = models.ForeignKey(USER, on_delete=models.PROTECT, related_name="+")
    from_office = models.BooleanField()
    at = models.DateTimeField(auto_now_add=True)
    words = SealedField()
    read_at = models.DateTimeField(null=True)

    class Meta:
        """In order; unread answers are found at once."""

        ordering = ("id",)
        indexes = (
            models.Index(
                fields=("application",),
                condition=Q(read_at__isnull=True, from_office=False),
                name="desk_answers_unread",
            ),
        )

    def __str__(self) -> str:
        return f"message {self.pk} about {self.kind} {self.key}"
