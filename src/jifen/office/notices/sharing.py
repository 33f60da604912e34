"""Sharing: the holder chooses what is shown to whom and until when, and sees who opened it."""

import hashlib
import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone

from jifen.office.accounts.models import User
from jifen.office.audit.actions import record
from jifen.office.notices.faults import NoticeFault
from jifen.office.notices.lookup import NoticeStatus, describe_notice_status
from jifen.office.notices.models import Notice, Opening, Share
from jifen.office.notices.models.share import SHOWN
from jifen.office.notices.words import say

LONGEST_DAYS = 365
MOST_SHARES = 20


@dataclass(frozen=True, slots=True)
class SharedNotice:
    """What a share shows: the notice as anybody sees it, and what the holder added."""

    status: NoticeStatus
    name: str
    total: str
    lines: list[list[str]]


def create_share(
    user: User, notice: Notice, shows: Iterable[str], days: int, whom: str = ""
) -> str:
    """A new share; its token, which is shown once. Raises NoticeFault."""
    if not 1 <= days <= LONGEST_DAYS:
        raise NoticeFault("JF-T001", _DAYS, "days")
    if not whom.strip():
        raise NoticeFault("JF-T002", _WHOM, "whom")
    now, token = timezone.now(), secrets.token_urlsafe(24)
    with transaction.atomic():
        if list_open_shares(notice, now).count() >= MOST_SHARES:
            raise NoticeFault("JF-T003", _MANY)
        share = Share.objects.create(
            notice=notice,
            token_hash=_hash_token(token),
            shows=[item for item in SHOWN if item in set(shows)],
            whom=whom.strip()[:60],
            ends_at=now + timedelta(days=days),
        )
        details = {"share": share.pk, "shows": share.shows, "days": days}
        _record_act("notice.shared", user, notice, details)
    return token


_DAYS = say("sharing.days", longest_days=LONGEST_DAYS)
_WHOM = say("sharing.whom")
_MANY = say("sharing.many", most_shares=MOST_SHARES)


def list_open_shares(notice: Notice, at: datetime) -> Any:
    """Shares that can be opened at a moment."""
    return Share.objects.filter(notice=notice, ended_at__isnull=True, ends_at__gt=at)


def end_share(user: User, share: Share) -> None:
    """End a share: its address shows nothing any more."""
    with transaction.atomic():
        Share.objects.filter(pk=share.pk, ended_at__isnull=True).update(ended_at=timezone.now())
        _record_act("notice.share_ended", user, share.notice, {"share": share.pk})


def _record_act(act: str, user: User, notice: Notice, details: dict[str, Any]) -> None:
    subject, city = f"notice:{notice.pk}", notice.series.city
    record(act, actor=f"user:{user.pk}", subject=subject, city=city, details=details)


def find_open_share(token: str, at: datetime) -> Share | None:
    """The share of a token, if it still shows something."""
    rows = Share.objects.select_related("notice__revocation", "notice__series", "notice__person")
    return rows.filter(token_hash=_hash_token(token), ended_at__isnull=True, ends_at__gt=at).first()


def open_share(share: Share, who: str, network: str) -> SharedNotice:
    """What a share shows; the opening is recorded. Raises NoticeFault where `who` is empty."""
    if not who.strip():
        raise NoticeFault("JF-T004", _WHO, "who")
    with transaction.atomic():
        Opening.objects.create(share=share, who=who.strip()[:60], network=network[:45])
        subject, details = f"notice:{share.notice_id}", {"share": share.pk}
        record("notice.opened", actor="anonymous", subject=subject, details=details)
    return _build_shared_notice(share)


_WHO = say("sharing.who")


def _build_shared_notice(share: Share) -> SharedNotice:
    notice, content = share.notice, share.notice.content
    table = content["table"] or {}
    foot = table.get("foot") or ["", "", "", ""]
    return SharedNotice(
        describe_notice_status(notice, timezone.localdate()),
        notice.content["head"][0][1] if "name" in share.shows else "",
        foot[2] if "total" in share.shows or "lines" in share.shows else "",
        list(table.get("rows", [])) if "lines" in share.shows else [],
    )


def _hash_token(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
