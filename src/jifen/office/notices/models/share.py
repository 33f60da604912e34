"""What a holder shows to whom, for how long; and who opened it."""

from django.db import models
from django.db.models import F, Q

from jifen.office.notices.models.notice import Notice
from jifen.office.vault.fields import SealedField

SHOWN = ("name", "total", "lines")
"""What may be shown beyond what everybody with the notice sees."""


class Share(models.Model):
    """An address under which a notice can be seen until `ends_at`; only its hash is kept. `shows`:
    of SHOWN, what the holder chose. `whom`: the holder's own note."""

    notice = models.ForeignKey(Notice, on_delete=models.PROTECT, related_name="shares")
    token_hash = models.CharField(max_length=64, unique=True)
    shows = models.JSONField(default=list)
    whom = SealedField(blank=True)
    made_at = models.DateTimeField(auto_now_add=True)
    ends_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        """Every share ends."""

        ordering = ("-id",)
        constraints = (
            models.CheckConstraint(
                condition=Q(ends_at__gt=F("made_at")), name="notices_share_some_time"
            ),
        )

    def __str__(self) -> str:
        return f"share {self.pk} of notice {self.notice_id}"


class Opening(models.Model):
    """One time that a share was opened: who they said they are, from which network, when."""

    share = models.ForeignKey(Share, on_delete=models.PROTECT, related_name="openings")
    at = models.DateTimeField(auto_now_add=True)
    who = SealedField()
    network = models.CharField(max_length=45)

    class Meta:
        """In order."""

        ordering = ("id",)

    def __str__(self) -> str:
        return f"opening of share {self.share_id}"
