"""What is typed into the forms of a case is stored until it is sent."""

from collections.abc import Mapping
from typing import Any

from jifen.office.accounts.models import User
from jifen.office.casework.access import CaseAccess
from jifen.office.casework.models import Application
from jifen.office.desk.models import FormDraft

MOST_FIELDS, MOST_LETTERS = 60, 4000


def store_form_draft(case: CaseAccess, form: str, typed: Mapping[str, list[str]]) -> None:
    """Store the fields of a form as typed, in the place of those stored before; a form in which
    nothing stands is forgotten."""
    fields = {
        name[:120]: [text[:MOST_LETTERS] for text in texts[:MOST_FIELDS]]
        for name, texts in list(typed.items())[:MOST_FIELDS]
    }
    if not any(text.strip() for texts in fields.values() for text in texts):
        forget_form_draft(case.user, case.application, form)
        return
    FormDraft.objects.update_or_create(
        user=case.user,
        application=case.application,
        form=form[:80],
        defaults={"fields": fields},
    )


def forget_form_draft(user: User, application: Application, form: str) -> None:
    """A form was sent or emptied."""
    FormDraft.objects.filter(user=user, application=application, form=form[:80]).delete()


def list_form_drafts(user: User, application: Application) -> dict[str, dict[str, Any]]:
    """What somebody typed and has not sent, by the name of the form."""
    rows = FormDraft.objects.filter(user=user, application=application)
    return {row.form: row.fields for row in rows}
