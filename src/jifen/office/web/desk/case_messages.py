"""Messages and notes of a case in words, for both sides."""

from collections.abc import Iterable
from typing import Any

from django.utils import timezone

from jifen.office.accounts.models import User
from jifen.office.casework.access import CaseAccess
from jifen.office.casework.case_policy import label_item
from jifen.office.desk.actions.threads import list_messages, may_write_messages
from jifen.office.desk.colleagues import list_colleagues
from jifen.office.desk.models import CaseNote, ThreadMessage
from jifen.policy.text import Lang, Text

MOST_COLLEAGUES = 60


def describe_threads(case: CaseAccess, lang: Lang) -> list[dict[str, Any]]:
    """The messages of a case by the item that they are about; applicants see the office, not
    names."""
    threads: dict[tuple[str, str], list[ThreadMessage]] = {}
    for message in list_messages(case):
        threads.setdefault((message.kind, message.key), []).append(message)
    return [
        {
            "item": f"{kind}:{key}",
            "label": label_item(case.application, kind, key)(lang),
            "messages": [_describe_message(message, case, lang) for message in messages],
        }
        for (kind, key), messages in threads.items()
    ]


def _describe_message(message: ThreadMessage, case: CaseAccess, lang: Lang) -> dict[str, str]:
    who = message.by.get_full_name()
    if message.from_office and not case.is_staff:
        who = Text("受理部门", "the office")(lang)
    at = timezone.localtime(message.at).strftime("%Y-%m-%d %H:%M")
    return {"at": at, "who": who, "words": message.words}


def conversation_context(
    case: CaseAccess,
    facts: Iterable[dict[str, Any]],
    materials: Iterable[dict[str, Any]],
    lang: Lang,
) -> dict[str, Any]:
    """What the page of the desk shows of messages and notes."""
    items = [(f"fact:{fact['fact']}", fact["label"]) for fact in facts]
    items += [(f"material:{material['id']}", material["label"]) for material in materials]
    return {
        "threads": describe_threads(case, lang),
        "thread_items": items,
        "may_write": may_write_messages(case.application),
        "notes": _describe_notes(case),
        "colleagues": _list_other_colleagues(case),
    }


def _list_other_colleagues(case: CaseAccess) -> list[User]:
    rows = list_colleagues(case.application).exclude(pk=case.user.pk)
    return list(rows[:MOST_COLLEAGUES])


def _describe_notes(case: CaseAccess) -> list[dict[str, Any]]:
    rows = CaseNote.objects.filter(application=case.application).select_related("by")
    return [
        {
            "at": timezone.localtime(note.at).strftime("%Y-%m-%d %H:%M"),
            "who": note.by.get_full_name(),
            "words": note.words,
            "accounts": {note.by_id, *(row.user_id for row in note.mentions.all())},
            "mentioned": [row.user.get_full_name() for row in note.mentions.all()],
        }
        for note in rows.prefetch_related("mentions__user")
    ]
