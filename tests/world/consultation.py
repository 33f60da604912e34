"""A consultation in small: a draft of Shanghai's measure, published for comment."""

import re
from datetime import date
from typing import Any
from uuid import UUID

import pytest
from django.core import mail
from django.utils import timezone

from jifen.office.accounts.models import User
from jifen.office.consultation.access import ConsultationInHand, access_consultation
from jifen.office.consultation.actions.answers import answer_comments, hand_in_answers
from jifen.office.consultation.actions.comments import TypedComment, post_comment
from jifen.office.consultation.actions.publication import (
    ProposedConsultation,
    open_consultation,
    propose_consultation,
)
from jifen.office.consultation.actions.signing import sign_answers
from jifen.office.consultation.actions.voices import voice_of
from jifen.office.consultation.jobs import send_due_mails
from jifen.office.consultation.models import Comment, Consultation, ConsultationSummary
from tests.world.studio import MASTER, Studio

ON = date(2026, 11, 30)
"""The day on which a consultation of the tests is proposed and opened."""
LAST, AFTER = date(2026, 12, 14), date(2026, 12, 15)
"""Ten working days later, and the day after."""
MODULES = (
    *("days", "access", "actions.publication", "actions.comments", "actions.hearings"),
    "actions.signing",
)
TODAY = tuple(f"jifen.office.consultation.{module}.today" for module in MODULES)
"""What takes the day of the office: tests hold it."""
EDUCATION = "indicator:education"
LINK = re.compile(r"(/consultations/confirm/\S+)")


class Consulted:
    """A studio with a draft in which a master's degree gives 105 points, and a consultation."""

    def __init__(self, cells: dict[str, str] | None = None) -> None:
        self.studio = Studio()
        self.studio.save(cells or {MASTER: "105"})

    def propose(self, user: User | None = None, **other: Any) -> Consultation:
        """Propose the newest revision for ten working days."""
        wanted: dict[str, Any] = {"working_days": 10, "explanation": "硕士的分值偏低。"}
        hand = self.studio.hand(user)
        return propose_consultation(hand, ProposedConsultation(**(wanted | other)))

    def opened(self) -> Consultation:
        """Published by the approver."""
        return open_consultation(self.hand(self.studio.approver, self.propose()))

    def hand(self, user: User, row: Consultation | None = None) -> ConsultationInHand:
        """The consultation in somebody's hands."""
        return access_consultation(user, row.key if row else self.row.key)

    @property
    def row(self) -> Consultation:
        """The consultation as it is now."""
        return Consultation.objects.get(draft=self.studio.draft)

    def comment(self, who: User | str, words: str = "支持提高。", **typed: Any) -> Comment:
        """A comment of a user, or of somebody with an address."""
        typed = {"place": EDUCATION} | typed
        return post_comment(self.row, voice(who), TypedComment(words, **typed))

    def answer(self, *numbers: int, verdict: str = "adopted", **other: Any) -> None:
        """The reviewer answers comments."""
        hand = self.hand(self.studio.reviewer)
        answer_comments(hand, numbers, verdict, other.pop("reason", "有道理。"), **other)

    def signed(self) -> ConsultationSummary:
        """Handed in by the reviewer, signed by the approver."""
        hand_in_answers(self.hand(self.studio.reviewer))
        return sign_answers(self.hand(self.studio.approver))


def voice(who: User | str) -> Any:
    """Somebody who comments."""
    return voice_of(None, who, "zh") if isinstance(who, str) else voice_of(who, "", "zh")


def hold_day(monkeypatch: pytest.MonkeyPatch, day: date) -> None:
    """It is another day for consultations."""
    for place in TODAY:
        monkeypatch.setattr(place, lambda: day)


def mailed_links() -> list[str]:
    """Send what is due; the paths of the links in all mails."""
    send_due_mails(timezone.now())
    return [path for one in mail.outbox for path in LINK.findall(str(one.body))]


def parts_of(link: str) -> tuple[str, UUID, str]:
    """Kind, key and token of a link that confirms."""
    *_, kind, key, token = link.rstrip("/").split("/")
    return kind, UUID(key), token
