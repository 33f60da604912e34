"""Districts of a city: entered by one administrator, confirmed by another, and followed by every
running process."""

import re
from collections.abc import Mapping
from threading import Lock
from time import monotonic

from django.conf import settings
from django.db import DatabaseError, IntegrityError, transaction
from django.utils import timezone

from jifen.office.accounts.actions import CONFIRMING
from jifen.office.accounts.models import Role, User
from jifen.office.accounts.roles import has_post
from jifen.office.administration.faults import AdministrationFault
from jifen.office.administration.models import DistrictEdition
from jifen.office.administration.offices import NOT_ADMINISTRATOR
from jifen.office.administration.settings_that_wait import store_setting_wait
from jifen.office.administration.words import say
from jifen.office.audit.actions import record
from jifen.policy.text import Text
from jifen.process import NoProcess, find_process
from jifen.process.districts import DistrictChange, set_districts_of_office
from jifen.process.model import Process

MOST_LETTERS = {"zh": 40, "en": 60, "why": 200}
_ID = re.compile(r"[a-z][a-z0-9_]{1,39}")
_lock = Lock()


class _SeenDistricts:
    """The confirmed rows that this process last saw."""

    rows: tuple[int, ...] = ()
    looked_at: float = 0.0


def follow_districts(*, now: bool = False) -> None:
    """Look for districts that were confirmed, at most once in JIFEN_EDITIONS_SECONDS; `now`: at
    once. Where the database does not answer they stay as they were."""
    with _lock:
        if not now and monotonic() - _SeenDistricts.looked_at < settings.JIFEN_EDITIONS_SECONDS:
            return
        _SeenDistricts.looked_at = monotonic()
        try:
            editions = list(DistrictEdition.objects.filter(confirmed=True).order_by("decided_at"))
        except DatabaseError:  # before the first migration
            return
        rows = tuple(row.pk for row in editions)
        if rows != _SeenDistricts.rows:
            set_districts_of_office(
                DistrictChange(row.city, row.district, Text(row.zh, row.en), row.is_open)
                for row in editions
            )
            _SeenDistricts.rows = rows


def forget_districts() -> None:
    """Know of no change, as a process does when it starts."""
    _SeenDistricts.rows, _SeenDistricts.looked_at = (), 0.0
    set_districts_of_office(())


def list_district_editions(city: str) -> list[DistrictEdition]:
    """All that was entered for a city, the newest first."""
    rows = DistrictEdition.objects.filter(city=city).select_related("proposed_by", "decided_by")
    return list(rows.order_by("-id"))


def propose_district(
    by: User, city: str, district: str, typed: Mapping[str, str], *, is_open: bool
) -> DistrictEdition:
    """Enter a district, new or as it is to be. It holds when another administrator confirms it.
    Raises AdministrationFault."""
    if not has_post(by, city, "", Role.CITY_ADMIN):
        raise NOT_ADMINISTRATOR
    process = _find_process(city)
    ident = district.strip()
    words = {name: " ".join(typed.get(name, "").split()) for name in MOST_LETTERS}
    _check_words(process, ident, words)
    _refuse_unchanged(process, ident, words, is_open=is_open)
    if not is_open and not any(one.id != ident for one in process.districts):
        raise LAST_DISTRICT
    try:
        with transaction.atomic():
            row = DistrictEdition.objects.create(
                city=city, district=ident, is_open=is_open, proposed_by=by, **words
            )
            store_setting_wait(f"district:{row.pk}", city, by)
            _record_act("district.proposed", by, row)
            return row
    except IntegrityError:
        raise WAITS_ALREADY from None


def _find_process(city: str) -> Process:
    follow_districts(now=True)
    try:
        return find_process(city, timezone.localdate())
    except NoProcess:
        raise NO_PROCEDURE from None


def _check_words(process: Process, ident: str, words: Mapping[str, str]) -> None:
    if not _ID.fullmatch(ident):
        raise BAD_ID
    for name, most in MOST_LETTERS.items():
        if not words[name] or len(words[name]) > most:
            raise build_bad_words(name, len(words[name]), most)
    for other in (*process.districts, *process.closed_districts):
        if other.id != ident and other.label.zh == words["zh"]:
            raise build_name_taken(words["zh"], other.id)


def _refuse_unchanged(
    process: Process, ident: str, words: Mapping[str, str], *, is_open: bool
) -> None:
    known = process.find_district(ident)
    if known is None and not is_open:
        raise BAD_ID
    label = Text(words["zh"], words["en"])
    if known and known.label == label and process.takes_district(ident) == is_open:
        raise NOTHING_NEW


def decide_district(by: User, city: str, pk: int, *, confirm: bool) -> DistrictEdition:
    """Another administrator of the city confirms or declines. Raises AdministrationFault."""
    if not has_post(by, city, "", *CONFIRMING):
        raise NOT_ADMINISTRATOR
    with transaction.atomic():
        rows = DistrictEdition.objects.select_for_update(of=("self",))
        row = rows.filter(pk=pk, city=city, decided_at__isnull=True).first()
        if row is None:
            raise NOTHING_WAITS
        if by.pk == row.proposed_by_id:
            raise SECOND_PERSON
        if confirm and not row.is_open:
            open_ones = {one.id for one in _find_process(city).districts}
            if not open_ones - {row.district}:
                raise LAST_DISTRICT
        row.decided_by, row.decided_at, row.confirmed = by, timezone.now(), confirm
        row.save()
        store_setting_wait(f"district:{row.pk}", city, None)
        _record_act("district.confirmed" if confirm else "district.declined", by, row)
    follow_districts(now=True)
    return row


def _record_act(act: str, by: User, row: DistrictEdition) -> None:
    record(
        act,
        actor=f"user:{by.pk}",
        subject=f"district:{row.pk}",
        city=row.city,
        details={
            "district": row.district,
            "zh": row.zh,
            "open": row.is_open,
            "proposed_by": f"user:{row.proposed_by_id}",
        },
    )


NO_PROCEDURE = AdministrationFault("JF-O060", say("districts.no_procedure"))
BAD_ID = AdministrationFault("JF-O061", say("districts.bad_id"), "district")
NOTHING_NEW = AdministrationFault("JF-O063", say("districts.nothing_new"))
WAITS_ALREADY = AdministrationFault("JF-O064", say("districts.waits_already"))
LAST_DISTRICT = AdministrationFault("JF-O065", say("districts.last_district"))
NOTHING_WAITS = AdministrationFault("JF-O066", say("districts.nothing_waits"))
SECOND_PERSON = AdministrationFault("JF-O067", say("districts.second_person"))


_FIELD_LABELS = {
    "zh": say("districts.field_zh"),
    "en": say("districts.field_en"),
    "why": say("districts.field_why"),
}


def build_bad_words(name: str, length: int, most: int) -> AdministrationFault:
    """A field that is empty or has more letters than it holds."""
    words = say("districts.bad_words", label=_FIELD_LABELS[name], length=length, most=most)
    return AdministrationFault("JF-O062", words, name)


def build_name_taken(name: str, ident: str) -> AdministrationFault:
    """Another district of the city has the name."""
    return AdministrationFault("JF-O062", say("districts.name_taken", name=name, ident=ident), "zh")
