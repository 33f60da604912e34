"""Views that somebody saves, and text blocks that an office shares."""

from django.db import transaction
from django.utils import timezone

from jifen.office.accounts.models import User
from jifen.office.audit.actions import record
from jifen.office.casework.queries import Desk
from jifen.office.desk.faults import BAD_NAME, EMPTY_WORDS
from jifen.office.desk.models import SavedView, TextBlock
from jifen.office.desk.queue import QueueFilter

MOST_VIEWS = 20


def save_view(user: User, name: str, chosen: QueueFilter) -> SavedView:
    """Save filters and order under a name; the same name takes the place of the one before. Raises
    CaseFault (JF-K104)."""
    label = name.strip()
    others = SavedView.objects.filter(user=user).exclude(name=label)
    if not label or len(label) > 40 or others.count() >= MOST_VIEWS:
        raise BAD_NAME
    view, _ = SavedView.objects.update_or_create(
        user=user, name=label, defaults={"query": chosen.query[:300]}
    )
    return view


def delete_view(user: User, number: int) -> None:
    """Forget a view of one's own."""
    SavedView.objects.filter(user=user, pk=number).delete()


def list_text_blocks(city: str, district: str) -> list[TextBlock]:
    """The texts of an office, and those of its whole city."""
    rows = TextBlock.objects.filter(city=city, ended_at__isnull=True)
    return list(rows.filter(district__in=("", district)))


def write_text_block(user: User, desk: Desk, name: str, words: str) -> TextBlock:
    """Add a text for everybody of an office. Raises CaseFault (JF-K103, JF-K104)."""
    if not words.strip():
        raise EMPTY_WORDS
    if not name.strip() or len(name.strip()) > 40:
        raise BAD_NAME
    with transaction.atomic():
        block = TextBlock.objects.create(
            city=desk.city,
            district=desk.district,
            name=name.strip(),
            words=words.strip()[:1000],
            written_by=user,
        )
        subject = f"text:{block.pk}"
        record("desk.text_written", actor=f"user:{user.pk}", subject=subject, city=desk.city)
        return block


def end_text_block(user: User, desk: Desk, number: int) -> None:
    """A text of the office is offered no more."""
    rows = TextBlock.objects.filter(pk=number, city=desk.city, district=desk.district)
    with transaction.atomic():
        if rows.filter(ended_at__isnull=True).update(ended_at=timezone.now()):
            subject = f"text:{number}"
            record("desk.text_ended", actor=f"user:{user.pk}", subject=subject, city=desk.city)
