"""Drafts: every field is kept as it is typed; two people at once overwrite nothing in silence."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone

from jifen.office.accounts.models import User
from jifen.office.casework.access import Case, case_for
from jifen.office.casework.actions.unit_of_work import acting, tell
from jifen.office.casework.faults import CaseFault, NoSuchCase, NotAllowed
from jifen.office.casework.merging import Merged, merge_field
from jifen.office.casework.models import OPEN, Application, Edit, Finding, Item, PointsPeriod
from jifen.office.casework.rules import PERSON
from jifen.office.casework.standing import policy_on
from jifen.office.casework.waits import keep_waits
from jifen.office.registry.models import Person, Unit
from jifen.policy.text import Text

ABSENT: list[Any] = []


@dataclass(frozen=True, slots=True)
class Typed:
    """One field of the form: as it stands there; what the engine reads of it ([]: nothing)."""

    typed: Any
    given: list[Any]


@dataclass(frozen=True, slots=True)
class Conflict:
    """Somebody else changed the field since this page was opened; theirs was kept."""

    fact: str
    theirs: Any
    mine: Any
    by: str
    at: datetime | None


@dataclass(frozen=True, slots=True)
class Saved:
    """What became of an autosave: the revision now, when, and what was not taken over."""

    revision: int
    at: datetime
    conflicts: tuple[Conflict, ...]


def open_draft(
    user: User,
    city: str,
    person: Person,
    *,
    unit: Unit | None,
    agency: Unit | None = None,
    district: str = "",
    on: date | None = None,
) -> Case:
    """Begin an application. Raises CaseFault where the person has an open one, or the city has no
    measure in force."""
    day = on or timezone.localdate()
    policy = policy_on(city, day)
    try:
        with transaction.atomic():
            made = Application.objects.create(
                city=city,
                district=district,
                person=person,
                unit=unit,
                agency=agency,
                on=day,
                policy=policy.id,
                policy_version=policy.version,
                policy_hash=policy.hash,
                created_by=user,
            )
            case = case_for(user, made)
            if case is None:
                raise NoSuchCase
            tell(made, "opened", case)
            keep_waits(made)
    except IntegrityError:
        raise _open_already() from None
    return case


def _open_already() -> CaseFault:
    return CaseFault(
        "JF-K004",
        Text(
            "此人在本市已有一件未办结的申请，不能同时再开一件。请继续办理原申请；"
            "如果是其他单位代办的，请先由该单位撤回。",
            "This person already has an open application in the city. Continue that one; if "
            "another unit filed it, that unit has to withdraw it first.",
        ),
    )


def may_open(city: str, person: Person) -> bool:
    """Whether the person has no open application in the city."""
    rows = Application.objects.filter(city=city, person=person, state__in=OPEN)
    return not rows.exists()


def save(case: Case, fields: Mapping[str, Typed], seen: int) -> Saved:
    """Keep what changed of the form. `seen`: the revision that the page was made from.

    Of a field that somebody else changed since, and that this page changed too, theirs is kept and
    the conflict is told; what only one of both changed is taken from that one. Raises NotAllowed.
    """
    with acting(case, "edit") as application:
        open_facts = editable(application)
        items = {item.fact: item for item in application.items.all()}
        conflicts = []
        for fact, field in fields.items():
            if open_facts is not None and fact not in open_facts:
                continue
            found = _merge(application, items.get(fact), fact, field, seen, case.user)
            if found:
                conflicts.append(found)
        at = timezone.now()
        return Saved(application.revision, at, tuple(conflicts))


def editable(application: Application) -> frozenset[str] | None:
    """The facts that may be changed now: all of a draft (None), those asked for in a correction."""
    if application.submitted_at is None:
        return None
    correction = application.corrections.filter(state="open").first()
    if correction is None:
        return frozenset()
    return frozenset(correction.items.filter(kind="fact").values_list("key", flat=True))


def _merge(
    application: Application, item: Item | None, fact: str, field: Typed, seen: int, user: User
) -> Conflict | None:
    stored = item.typed if item else None
    by_another = item is not None and item.revision > seen and item.edited_by_id != user.pk
    kept = merge_field(
        stored, field.typed, lambda: _base(application, fact, seen), by_another=by_another
    )
    if item and kept is Merged.CONFLICT:
        return Conflict(fact, stored, field.typed, str(item.edited_by), item.edited_at)
    if kept is Merged.MINE:
        _write(application, item, fact, field, user)
    return None


def _base(application: Application, fact: str, seen: int) -> Any:
    """What stood in the field at a revision."""
    rows = Edit.objects.filter(application=application, fact=fact, revision__lte=seen)
    row = rows.order_by("-revision").first()
    return row.typed if row else None


def _write(
    application: Application, item: Item | None, fact: str, field: Typed, user: User
) -> None:
    application.revision += 1
    row = item or Item(application=application, fact=fact)
    row.typed, row.given, row.revision = field.typed, field.given, application.revision
    row.edited_by, row.edited_at = user, timezone.now()
    if row.carried_from_id and application.submitted_at is None:
        row.finding, row.found, row.carried_from, row.why = Finding.OPEN, [], None, "changed"
        row.source, row.found_at = "", None
    row.save()
    Edit.objects.create(
        application=application,
        fact=fact,
        revision=application.revision,
        typed=field.typed,
        by=user,
    )


def set_family(case: Case, family: list[dict[str, str]]) -> None:
    """The members of the family that live along (name and relation; children with their year of
    birth): points open services for them."""
    with acting(case, "edit") as application:
        application.family = family[:12]
        application.revision += 1


def choose_renewal(case: Case, *, by_itself: bool) -> None:
    """Whether the points are renewed each year without asking, where nothing has changed."""
    with acting(case, "choose_renewal") as application:
        if PERSON not in case.sides and _files_no_more(application):
            raise NotAllowed("JF-K003", _ANOTHER_FILES)
        application.renews_itself = by_itself
        tell(application, "renewal_chosen", case, details={"by_itself": by_itself})


def _files_no_more(application: Application) -> bool:
    """Whether the person named another employer since."""
    rows = PointsPeriod.objects.filter(decision__application=application)
    return rows.exclude(employer=application.unit).exists()


_ANOTHER_FILES = Text(
    "本人已变更用人单位，由新单位或本人选择。",
    "The person named another employer: that one, or the person, chooses.",
)


def consent(case: Case) -> None:
    """The person agrees that the employer files and that registers are asked."""
    with acting(case, "consent") as application:
        application.consent_at = application.consent_at or timezone.now()
        tell(application, "consented", case)
