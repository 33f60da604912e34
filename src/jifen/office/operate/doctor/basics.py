"""Checks of what stands on this machine and in the database."""

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
from jifen.office.operate.doctor.findings import Finding, say
from jifen.office.vault.check import wrong as wrong_keys
from jifen.policy.text import Text
from jifen.process.calendar import working_calendar

LEAST_ROOM = 2 << 30
"""Bytes that should be free where documents and the embedded database lie."""
MOST_DRIFT = 5
"""Seconds by which the clocks of this machine and of the database may differ: codes for signing in
are good for thirty."""
_LETTERS = "积分通知书 0123456789 Notice of points"
LAST_QUARTER = 10
"""From this month on the holidays of the next year should be known."""


def database() -> Finding:
    """The database answers, and is of a version that is tried."""
    try:
        with connection.cursor() as cursor:
            if connection.vendor == "sqlite":
                cursor.execute("SELECT sqlite_version()")
            else:
                cursor.execute("SHOW server_version")
            version = cursor.fetchone()[0]
    except DatabaseError as error:
        return say("database", "fault", "away", why=_first_line(error))
    if connection.vendor == "sqlite" and settings.JIFEN_MODE == "production":
        return say("database", "warning", "embedded", version=version)
    return say("database", "good", "answers", vendor=connection.display_name, version=version)


def migrations() -> Finding:
    """Every migration of this version is applied, and none of a newer one."""
    executor = MigrationExecutor(connection)
    open_ones = executor.migration_plan(executor.loader.graph.leaf_nodes())
    if open_ones:
        first = f"{open_ones[0][0].app_label}.{open_ones[0][0].name}"
        return say("migrations", "fault", "open", count=len(open_ones), first=first)
    known = set(executor.loader.disk_migrations)
    ours = {app for app, _ in known}
    newer = sorted(
        f"{app}.{name}"
        for app, name in executor.loader.applied_migrations
        if app in ours and (app, name) not in known
    )
    if newer:
        return say("migrations", "fault", "newer", first=newer[0])
    return say("migrations", "good", "applied", count=len(known))


def keys() -> Finding:
    """The keys of the installation open what is sealed."""
    if found := next(wrong_keys(), None):
        return say("keys", "fault", "wrong", why=found)
    return say("keys", "good", "fit", file=settings.JIFEN_KEYS)


def notice_keys() -> Finding:
    """The keys of notices signed the last of them."""
    if found := next(wrong_notice_keys(), None):
        return say("notice_keys", "fault", "wrong", why=found)
    return say("notice_keys", "good", "fit", file=settings.JIFEN_NOTICE_KEYS)


def documents() -> Finding:
    """A document can be kept, read and removed."""
    store = storages["documents"]
    content = b"doctor"
    try:
        name = store.save("doctor", ContentFile(content))
        with store.open(name) as file:
            same = file.read() == content
        store.delete(name)
    except OSError as error:
        return say("documents", "fault", "unwritable", why=error.strerror or type(error).__name__)
    if not same:
        return say("documents", "fault", "altered")
    return say("documents", "good", "writable")


def room() -> Finding:
    """There is room on the disk of the documents."""
    store = storages["documents"]
    if not isinstance(store, FileSystemStorage):
        return say("room", "unset", "elsewhere")
    place = Path(store.location)
    while not place.exists():
        place = place.parent
    free = shutil.disk_usage(place).free
    told = {"free": f"{free / 2**30:,.1f}", "place": str(place)}
    if free < LEAST_ROOM:
        return say("room", "warning", "little", **told)
    return say("room", "good", "enough", **told)


def clock() -> Finding:
    """The clocks of this machine and of the database agree."""
    if connection.vendor == "sqlite":
        return say("clock", "good", "one")
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        there: datetime = cursor.fetchone()[0]
    drift = abs((datetime.now(UTC) - there).total_seconds())
    if drift > MOST_DRIFT:
        return say("clock", "warning", "differ", seconds=f"{drift:.0f}")
    return say("clock", "good", "agree")


def holidays(today: date | None = None) -> Finding:
    """The holidays of this year and, late in the year, of the next one are known."""
    day = today or datetime.now(UTC).date()
    wanted = [day.year, day.year + 1] if day.month >= LAST_QUARTER else [day.year]
    last = working_calendar().known_until.year
    missing = [str(year) for year in wanted if year > last]
    if missing:
        return say("holidays", "warning", "missing", years=", ".join(missing))
    return say("holidays", "good", "known", years=", ".join(map(str, wanted)))


def fonts() -> Finding:
    """Papers can be set: the fonts have the letters of a common paper."""
    try:
        check_fonts(_LETTERS)
    except (ImproperlyConfigured, NotInFonts, OSError) as error:
        return say("fonts", "fault", "missing", why=_first_line(error))
    return say("fonts", "good", "there")


def backup_programs() -> Finding:
    """What `jifen backup` calls for PostgreSQL is installed."""
    if connection.vendor == "sqlite":
        return say("backup_programs", "good", "none")
    missing = [name for name in ("pg_dump", "pg_restore") if shutil.which(name) is None]
    if missing:
        return say("backup_programs", "warning", "missing", programs=", ".join(missing))
    return say("backup_programs", "good", "there")


def log() -> Finding:
    """Whoever owns the database cannot rewrite the log unseen."""
    if weak := list(list_weaknesses()):
        zh, en = (" ".join(getattr(one.explanation, lang) for one in weak) for lang in ("zh", "en"))
        return say("log", "warning", "weak", why=Text(zh, en))
    if settings.JIFEN_MODE == "production":
        return say("log", "good", "anchored")
    return say("log", "unset", "alone")


def _first_line(error: BaseException) -> str:
    return (str(error).strip().splitlines() or [type(error).__name__])[0][:200]
