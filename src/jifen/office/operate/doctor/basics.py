"""Checks of this machine and of the database."""

import shutil
from datetime import UTC, date, datetime
from pathlib import Path

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.core.files.base import ContentFile
from django.core.files.storage import FileSystemStorage, storages
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor

from jifen.office.audit.weaknesses import list_weaknesses
from jifen.office.notices.key_consistency import find_key_problems as wrong_notice_keys
from jifen.office.notices.pdf.fonts import NotInFonts
from jifen.office.notices.pdf.fonts import check_characters as check_fonts
from jifen.office.operate.doctor.findings import DoctorFinding, build_finding
from jifen.office.operate.words import say
from jifen.office.vault.key_check import find_key_faults as wrong_keys
from jifen.policy.text import Text
from jifen.process.calendar import working_calendar

LEAST_FREE_BYTES = 2 << 30
"""Bytes that should be free where documents and the embedded database lie."""
MOST_DRIFT = 5
"""Seconds by which the clocks of this machine and of the database may differ: codes for signing in
are good for thirty."""
_PAPER_TITLE = say("doctor.basics.notice_points_0123456789")
_RARE_CHARACTERS = "\U00020bb7\U0002cea1\U00030edd"
"""One of each area beyond the shipped fonts: names have them."""
LAST_QUARTER = 10
"""From this month on the holidays of the next year should be known."""


def check_database() -> DoctorFinding:
    """The database answers, and is of a version that is tried."""
    try:
        with connection.cursor() as cursor:
            if connection.vendor == "sqlite":
                cursor.execute("SELECT sqlite_version()")
            else:
                cursor.execute("SHOW server_version")
            version = cursor.fetchone()[0]
    except DatabaseError as error:
        return build_finding("database", "fault", "away", why=_first_line(error))
    if connection.vendor == "sqlite" and settings.JIFEN_MODE == "production":
        return build_finding("database", "warning", "embedded", version=version)
    return build_finding(
        "database", "good", "answers", vendor=connection.display_name, version=version
    )


def check_migrations() -> DoctorFinding:
    """Every migration of this version is applied, and none of a newer one."""
    executor = MigrationExecutor(connection)
    unapplied = executor.migration_plan(executor.loader.graph.leaf_nodes())
    if unapplied:
        first = f"{unapplied[0][0].app_label}.{unapplied[0][0].name}"
        return build_finding("migrations", "fault", "open", count=len(unapplied), first=first)
    known_migrations = set(executor.loader.disk_migrations)
    ours = {app for app, _ in known_migrations}
    newer = sorted(
        f"{app}.{name}"
        for app, name in executor.loader.applied_migrations
        if app in ours and (app, name) not in known_migrations
    )
    if newer:
        return build_finding("migrations", "fault", "newer", first=newer[0])
    return build_finding("migrations", "good", "applied", count=len(known_migrations))


def check_keys() -> DoctorFinding:
    """The keys of the installation open what is sealed."""
    if problem := next(wrong_keys(), None):
        return build_finding("keys", "fault", "wrong", why=problem)
    return build_finding("keys", "good", "fit", file=settings.JIFEN_KEYS)


def check_notice_keys() -> DoctorFinding:
    """The keys of notices signed the last of them."""
    if problem := next(wrong_notice_keys(), None):
        return build_finding("notice_keys", "fault", "wrong", why=problem)
    return build_finding("notice_keys", "good", "fit", file=settings.JIFEN_NOTICE_KEYS)


def check_documents() -> DoctorFinding:
    """A document can be kept, read and removed."""
    store = storages["documents"]
    content = b"doctor"
    try:
        name = store.save("doctor", ContentFile(content))
        with store.open(name) as file:
            is_same = file.read() == content
        store.delete(name)
    except OSError as error:
        return build_finding(
            "documents", "fault", "unwritable", why=error.strerror or type(error).__name__
        )
    if not is_same:
        return build_finding("documents", "fault", "altered")
    return build_finding("documents", "good", "writable")


def check_disk_space() -> DoctorFinding:
    """There is room on the disk of the documents."""
    store = storages["documents"]
    if not isinstance(store, FileSystemStorage):
        return build_finding("room", "unset", "elsewhere")
    place = Path(store.location)
    while not place.exists():
        place = place.parent
    free = shutil.disk_usage(place).free
    values = {"free": f"{free / 2**30:,.1f}", "place": str(place)}
    if free < LEAST_FREE_BYTES:
        return build_finding("room", "warning", "little", **values)
    return build_finding("room", "good", "enough", **values)


def check_clock() -> DoctorFinding:
    """The clocks of this machine and of the database agree."""
    if connection.vendor == "sqlite":
        return build_finding("clock", "good", "one")
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        database_time: datetime = cursor.fetchone()[0]
    drift = abs((datetime.now(UTC) - database_time).total_seconds())
    if drift > MOST_DRIFT:
        return build_finding("clock", "warning", "differ", seconds=f"{drift:.0f}")
    return build_finding("clock", "good", "agree")


def check_holidays(today: date | None = None) -> DoctorFinding:
    """The holidays of this year and, late in the year, of the next one are known."""
    day = today or datetime.now(UTC).date()
    needed_years = [day.year, day.year + 1] if day.month >= LAST_QUARTER else [day.year]
    last = working_calendar().known_until.year
    missing = [str(year) for year in needed_years if year > last]
    if missing:
        return build_finding("holidays", "warning", "missing", years=", ".join(missing))
    return build_finding("holidays", "good", "known", years=", ".join(map(str, needed_years)))


def check_notice_fonts() -> DoctorFinding:
    """Papers can be set: the fonts have the letters of a common paper."""
    try:
        check_fonts(_PAPER_TITLE.zh + _PAPER_TITLE.en)
    except (ImproperlyConfigured, NotInFonts, OSError) as error:
        return build_finding("fonts", "fault", "missing", why=_first_line(error))
    try:
        check_fonts(_RARE_CHARACTERS)
    except NotInFonts:
        return build_finding("fonts", "warning", "rare")
    return build_finding("fonts", "good", "there")


def check_backup_programs() -> DoctorFinding:
    """What `jifen backup` calls for PostgreSQL is installed."""
    if connection.vendor == "sqlite":
        return build_finding("backup_programs", "good", "none")
    missing = [name for name in ("pg_dump", "pg_restore") if shutil.which(name) is None]
    if missing:
        return build_finding("backup_programs", "warning", "missing", programs=", ".join(missing))
    return build_finding("backup_programs", "good", "there")


def check_log() -> DoctorFinding:
    """Whoever owns the database cannot rewrite the log unseen."""
    if weaknesses := list(list_weaknesses()):
        zh, en = (
            " ".join(getattr(weakness.explanation, lang) for weakness in weaknesses)
            for lang in ("zh", "en")
        )
        return build_finding("log", "warning", "weak", why=Text(zh, en))
    if settings.JIFEN_MODE == "production":
        return build_finding("log", "good", "anchored")
    return build_finding("log", "unset", "alone")


def _first_line(error: BaseException) -> str:
    return (str(error).strip().splitlines() or [type(error).__name__])[0][:200]
