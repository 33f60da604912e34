"""Looks at personal data: each is noted before anything is shown, with account and address."""

from django.http import HttpRequest

from jifen.office.accounts.models import User
from jifen.office.accounts.signin.sources import source_of
from jifen.office.audit.accesses import record_access, record_read
from jifen.office.casework.models import Application
from jifen.office.web.signed import user_of


def log_look(
    request: HttpRequest, subject: str, what: str, *, city: str = "", by: User | None = None
) -> None:
    """That whoever signed in (or `by`) is shown `what` of a subject such as 'application:17'."""
    user = by or user_of(request)
    record_read(f"user:{user.pk}", subject, what, city=city, source=source_of(request))


def log_case(request: HttpRequest, application: Application, what: str = "case") -> None:
    """That a case is shown, unless to the person whose it is."""
    if application.person.user_id != user_of(request).pk:
        log_look(request, f"application:{application.pk}", what, city=application.city)


def log_reveal(request: HttpRequest, application: Application, why: str) -> None:
    """That the whole identity number of a case is shown, and the reason that was given."""
    record_access(
        "read.revealed",
        actor=f"user:{user_of(request).pk}",
        subject=f"person:{application.person_id}",
        city=application.city,
        source=source_of(request),
        details={"why": why, "case": application.pk},
    )
