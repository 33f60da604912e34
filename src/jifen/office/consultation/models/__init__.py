"""What is kept of consultations."""

from jifen.office.consultation.models.comments import (
    Attachment,
    Comment,
    CommentState,
    Moderation,
    Support,
)
from jifen.office.consultation.models.consultations import (
    Consultation,
    ConsultationState,
    ConsultationSummary,
    Hearing,
    OfficeAnswer,
    Verdict,
)
from jifen.office.consultation.models.subscribers import (
    Announcement,
    Mail,
    MailState,
    Subscriber,
    SubscriberState,
)

__all__ = [
    "Announcement",
    "Attachment",
    "Comment",
    "CommentState",
    "Consultation",
    "ConsultationState",
    "ConsultationSummary",
    "Hearing",
    "Mail",
    "MailState",
    "Moderation",
    "OfficeAnswer",
    "Subscriber",
    "SubscriberState",
    "Support",
    "Verdict",
]
