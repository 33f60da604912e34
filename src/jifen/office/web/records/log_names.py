"""What the log names by ids, read at once for a page of rows: cases, accounts, units, persons."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import Any

from django.utils import timezone

from jifen.cities import index
from jifen.office.accounts.models import User
from jifen.office.audit.models import Access, Entry
from jifen.office.casework.models import Application
from jifen.office.lists.models import Entry as ListEntry
from jifen.office.messages.models import Message
from jifen.office.notices.models import Notice
from jifen.office.registry.models import Permit, Person, Unit
from jifen.office.web.numbers import whole_number
from jifen.policy.text import Lang
from jifen.process import NoProcess, find_process

ACCOUNT_KEYS = ("account", "member", "mentioned")
UNIT_KEYS = ("unit", "agency")
_HANDED_OVER = ("case.handed_over", "case.assigned")


def find_kind_of_number(act: str, key: str) -> str:
    """Of what a number in the details is the key: 'user' of an account; '' for a mere number."""
    if key in ACCOUNT_KEYS or (key == "to" and act in _HANDED_OVER):
        return "user"
    if key in UNIT_KEYS or (key in ("from", "to") and act == "case.employer_changed"):
        return "unit"
    if key == "case" and act == "read.revealed":
        return "application"
    return "list entry" if key == "entry" else ""


def list_named_subjects(row: Entry | Access) -> Iterator[str]:
    """Everything that a row names by an id: actor, subject, for whom, and in its details."""
    yield row.actor
    yield row.subject
    for part in getattr(row, "on_behalf_of", "").split(" for "):
        yield part.replace("agency:", "unit:")
    for key, value in row.details.items():
        kind = find_kind_of_number(row.act, key)
        for one in value if isinstance(value, list) else [value]:
            if kind:
                yield f"{kind}:{one}"
            elif isinstance(one, str):
                yield one


class LogNames:
    """The names of what some rows of the log name, each kind read at once."""

    def __init__(self, texts: Iterable[str]) -> None:
        numbers: dict[str, set[int]] = defaultdict(set)
        for text in texts:
            kind, _, written = text.partition(":")
            number = whole_number(written)
            if number is not None:
                numbers[kind].add(number)
        self._numbers = numbers
        self.cases: dict[int, Application] = {
            case.pk: case
            for case in Application.objects.filter(pk__in=numbers["application"]).select_related(
                "person"
            )
        }
        self.message_kinds: dict[int, str] = dict(
            Message.objects.filter(pk__in=numbers["message"]).values_list("pk", "kind")
        )
        self._names = self._read_names()

    def _read_names(self) -> dict[str, str]:
        numbers = self._numbers
        names = {f"application:{pk}": case.number or "" for pk, case in self.cases.items()}
        for user in User.objects.filter(pk__in=numbers["user"]):
            names[f"user:{user.pk}"] = f"{user.get_full_name()}（{user.username}）"
        for unit in Unit.objects.filter(pk__in=numbers["unit"]):
            names[f"unit:{unit.pk}"] = unit.name
        for person in Person.objects.filter(pk__in=numbers["person"]):
            names[f"person:{person.pk}"] = person.masked_identity
        for permit in Permit.objects.filter(pk__in=numbers["permit"]).select_related("person"):
            names[f"permit:{permit.pk}"] = permit.person.masked_identity
        for notice in Notice.objects.filter(pk__in=numbers["notice"]):
            names[f"notice:{notice.pk}"] = str(notice.number)
        entries = ListEntry.objects.filter(pk__in=numbers["list entry"])
        for entry in entries.select_related("decision__application"):
            if entry.decision is not None:
                names[f"list entry:{entry.pk}"] = entry.decision.application.number or ""
        return names

    def find_name(self, subject: str, lang: Lang) -> str:
        """The name of a subject such as 'user:7'; '' where it has none or is not there any more."""
        del lang
        return self._names.get(subject, "")

    def find_case(self, row: Entry | Access) -> Application | None:
        """The case that a row is about."""
        kind, _, key = row.subject.partition(":")
        number = whole_number(key)
        if kind != "application" or number is None:
            return None
        return self.cases.get(number)

    def name_place(self, city: str, district: str, lang: Lang) -> str:
        """A city and one of its districts in words."""
        known_city = index().get(city)
        parts = [known_city.label(lang) if known_city else city]
        if district:
            parts.append(name_district(city, district, lang))
        return " ".join(part for part in parts if part)


def name_district(city: str, district: str, lang: Lang) -> str:
    """A district in words; its id where nothing knows it."""
    found = _find_today(city)
    known = found.find_district(district) if found else None
    return known.label(lang) if known else district


def name_department(city: str, department: str, lang: Lang) -> str:
    """A department by the gate that it has; its id where nothing knows it."""
    found = _find_today(city)
    gates = [gate for gate in found.gates if gate.department == department] if found else []
    return gates[0].label(lang) if gates else department


def _find_today(city: str) -> Any:
    try:
        return find_process(city, timezone.localdate())
    except NoProcess:
        return None
