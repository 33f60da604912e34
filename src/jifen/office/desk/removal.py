"""What the desk keeps of a case is removed with it."""

from jifen.office.casework.models import Application
from jifen.office.desk.models import Assignment, CaseNote, FormDraft, NoteMention, ThreadMessage


def remove_desk_rows(application: Application) -> None:
    """Notes, threads, drafts of forms and assignments of one case."""
    NoteMention.objects.filter(note__application=application).delete()
    for model in (CaseNote, ThreadMessage, FormDraft, Assignment):
        model._default_manager.filter(application=application).delete()
