"""Finding rows of the log by what an auditor knows: a case, a person, an account, a day."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.db.models import Q
from django.utils import timezone

from jifen.facts.identity import fold_number, is_identity_shaped
from jifen.facts.spelling import try_read_day
from jifen.office.accounts.models import User
from jifen.office.casework.models import Application
from jifen.office.registry.models import Person
from jifen.office.registry.models.people import identity_indexes, name_indexes
from jifen.policy.text import Text

MOST_PEOPLE = 200
FIELDS = ("about", "account", "since", "until", "act")


@dataclass(frozen=True, slots=True)
class LogSearch:
    """What was asked for, as it was typed; `act`: the id of an act."""

    about: str = ""
    account: str = ""
    since: str = ""
    until: str = ""
    act: str = ""

    @property
    def kinds(self) -> str:
        """By what was searched, for the log of this look: never the words themselves."""
        return ", ".join(name for name in FIELDS if getattr(self, name))

    @property
    def faults(self) -> list[Text]:
        """What of it cannot be read."""
        texts = [text for text in (self.since, self.until) if text and try_read_day(text) is None]
        return [
            Text(
                f"无法识别日期“{text}”，请写成 2026-11-30。",
                f"'{text}' is no day that can be read: write it as 2026-11-30.",
            )
            for text in texts
        ]


def read_search(post: Mapping[str, str]) -> LogSearch:
    """The fields of the form."""
    return LogSearch(**{name: post.get(name, "").strip()[:120] for name in FIELDS})


def build_condition(search: LogSearch, cities: set[str]) -> Q:
    """The rows that were asked for, of the cities of the asker."""
    condition = Q(city__in=[*cities, ""])
    if search.about:
        condition &= Q(subject__in=_list_subjects(search.about, cities))
    if search.account:
        users = User.objects.filter(Q(username=search.account) | Q(name=search.account))
        condition &= Q(actor__in=[f"user:{pk}" for pk in users.values_list("pk", flat=True)])
    if search.act:
        condition &= Q(act=search.act)
    since, until = try_read_day(search.since), try_read_day(search.until)
    if since:
        condition &= Q(at__gte=_first_moment(since))
    if until:
        condition &= Q(at__lt=_first_moment(until + timedelta(days=1)))
    return condition


def _first_moment(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))


def _list_subjects(text: str, cities: set[str]) -> list[str]:
    """The case of a number; or the person of an identity number (by its blind index) or of a name,
    with every case of theirs; or a subject as the log names it."""
    cases, folded = Application.objects.filter(city__in=cities), fold_number(text)
    number = cases.filter(number=folded).values_list("pk", flat=True)
    if number:
        return [f"application:{pk}" for pk in number]
    if is_identity_shaped(folded):
        people = Person.objects.filter(identity_index__in=identity_indexes(folded))
    else:
        people = Person.objects.filter(name_index__in=name_indexes(text))
    persons = list(people.filter(applications__city__in=cities).distinct()[:MOST_PEOPLE])
    own = cases.filter(person__in=persons).values_list("pk", flat=True)
    subjects = [f"application:{pk}" for pk in own] + [f"person:{one.pk}" for one in persons]
    return subjects or [text]
