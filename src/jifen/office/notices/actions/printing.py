"""Printing: the sheet of a paper is typeset, sealed and kept; a second try is harmless."""

import logging
from datetime import datetime, timedelta
from hashlib import sha256
from io import BytesIO
from traceback import format_tb

from django.conf import settings
from django.core.files.storage import Storage, storages
from django.db import OperationalError, transaction
from django.db.models import Q
from django.utils import timezone
from pyhanko.pdf_utils.reader import PdfFileReader

from jifen.office.documents import stored
from jifen.office.notices.faults import NoticeFault
from jifen.office.notices.keys import notice_keys
from jifen.office.notices.models import Notice, Printing, Sheet
from jifen.office.notices.sheets.fonts import NotInFonts
from jifen.office.notices.sheets.sign import sealed
from jifen.office.notices.sheets.square import square
from jifen.office.notices.sheets.typeset import moment_of, seal_picture, typeset
from jifen.office.waiting.actions import Place, Wait, keep
from jifen.office.waiting.models import Kind
from jifen.policy.text import Text
from jifen.statements import Statement
from jifen.statements.codes import format_code

logger = logging.getLogger("jifen.notices")
LEASE = timedelta(minutes=5)
BATCH = 20
LONGEST_WAIT = timedelta(hours=6)
PATIENCE = 3
"""Tries after which somebody has to look at a paper."""


def print_due(now: datetime | None = None, most: int = 500) -> int:
    """Make the sheets that are due; how many were looked at. A worker that stops in the middle
    leaves its batch to the next one when its lease ends."""
    at, done = now or timezone.now(), 0
    while done < most and (batch := _claim(at)):
        for printing in batch:
            _one(printing, at)
        done += len(batch)
    return done


def _claim(at: datetime) -> list[Printing]:
    free = Q(lease_until__isnull=True) | Q(lease_until__lt=timezone.now())
    with transaction.atomic():
        rows = Printing.objects.select_for_update(skip_locked=True, of=("self",))
        found = list(rows.filter(free, due_at__lte=at).order_by("due_at", "id")[:BATCH])
        until = timezone.now() + LEASE
        Printing.objects.filter(pk__in=[p.pk for p in found]).update(lease_until=until)
    rows = Printing.objects.select_related("notice__series")
    return list(rows.filter(pk__in=[p.pk for p in found]).order_by("due_at", "id"))


def _one(printing: Printing, at: datetime) -> None:
    try:
        sheet = sheet_of(printing.notice)
        _keep(printing, *sheet)
    except NotInFonts as error:
        _wait(printing, at, {"zh": error.words.zh, "en": error.words.en}, lasting=True)
    except OperationalError:
        raise  # the database is away for all of them
    except Exception as error:  # noqa: BLE001 - one paper does not hold up the others
        kind = type(error).__name__
        # where it happened, without its words: they may quote the paper, with a name
        frames = "".join(format_tb(error.__traceback__))
        logger.error("the sheet of notice %s: %s\n%s", printing.notice_id, kind, frames)
        _wait(printing, at, {lang: words.format(kind) for lang, words in _FAULT.items()})


_FAULT = {
    "zh": "制作时系统出现故障（{}），会自动重试。",
    "en": "A fault of the system ({}); it is tried again automatically.",
}


def sheet_of(notice: Notice) -> tuple[bytes, str, str]:
    """The signed PDF of a paper, its statement and the name of the seal: the same each time.
    Raises NotInFonts."""
    keys = notice_keys()
    said = statement_of(notice).sign_with(keys)
    address = f"{settings.JIFEN_ADDRESS}/v/{notice.code}"
    pdf = typeset(
        notice.content,
        number=notice.number,
        code=format_code(notice.code),
        address=f"{settings.JIFEN_ADDRESS}/v/",
        square=square(f"{address}#{said}"),
    )
    seal = keys.seal()
    certificate = seal.signing_cert
    if certificate is None:
        raise TypeError("the seal has no certificate")
    name = f"{notice.content['city']}{notice.content['office']} 居住证积分电子签章"
    picture = seal_picture(*_around(notice))
    signed = sealed(pdf, seal, picture, moment_of(notice.issued_on), name)
    return signed, said, sha256(certificate.dump()).hexdigest()


def _around(notice: Notice) -> tuple[str, str, str]:
    middle = "沙盒" if notice.content["sandbox"] else "积分"
    return f"{notice.content['city']}{notice.content['office']}居住证积分", middle, "电子签章"


def statement_of(notice: Notice) -> Statement:
    """What the square code of a paper says."""
    return Statement(
        city=notice.series.city,
        office=notice.content["office"],
        number=notice.number,
        kind=notice.kind,
        name=notice.content["masked"],
        result=notice.result,
        line=notice.content["line"],
        on=notice.issued_on,
        until=notice.until,
        index=notice.pk,
        since=notice.since if notice.since and notice.since > notice.issued_on else None,
    )


def _keep(printing: Printing, pdf: bytes, said: str, seal: str) -> None:
    """The file first, under its hash: a row never names a file that is not there, nor one of which
    a process that was killed wrote only a part."""
    digest = sha256(pdf).hexdigest()
    if not is_whole(digest):
        stored.keep(storage(), place_of(digest), pdf)
    pages = PdfFileReader(BytesIO(pdf)).root["/Pages"]["/Count"]
    with transaction.atomic():
        Sheet.objects.get_or_create(
            notice_id=printing.notice_id,
            defaults={
                "sha256": digest,
                "size": len(pdf),
                "pages": int(pages),
                "statement": said,
                "seal": seal,
            },
        )
        Printing.objects.filter(pk=printing.pk).delete()
        if printing.stuck:
            keep(_place(printing.notice), [])


def _wait(
    printing: Printing, at: datetime, stuck: dict[str, str], *, lasting: bool = False
) -> None:
    """Tried again later; somebody is told of what does not mend by itself: at once of what is
    `lasting` (a character that no font has), of a fault of the system after some tries."""
    wait = min(timedelta(seconds=30 * 2 ** min(printing.attempts + 1, 12)), LONGEST_WAIT)
    with transaction.atomic():
        Printing.objects.filter(pk=printing.pk).update(
            due_at=at + wait, lease_until=None, attempts=printing.attempts + 1, stuck=stuck
        )
        if lasting or printing.attempts + 1 >= PATIENCE:
            keep(_place(printing.notice), [Wait(Kind.PAPER)])


def _place(notice: Notice) -> Place:
    series, case = notice.series, notice.application_id
    return Place(f"notice:{notice.pk}", series.city, series.district, case)


def storage() -> Storage:
    """Where sheets are kept: with the documents."""
    return storages["documents"]


def place_of(digest: str) -> str:
    """The place of a sheet."""
    return f"notices/{digest[:2]}/{digest}.pdf"


def is_whole(digest: str) -> bool:
    """Whether the file of a sheet is there, byte for byte."""
    return stored.is_whole(storage(), place_of(digest), digest)


def pdf_of(sheet: Sheet) -> bytes:
    """The signed PDF, as it was sealed. Raises NoticeFault where the file is missing or was
    altered, and OSError where the storage fails."""
    try:
        return stored.read(storage(), place_of(sheet.sha256), sheet.sha256, sheet.size)
    except stored.NotWhole as fault:
        logger.error("the sheet of notice %s: %s", sheet.notice_id, fault)
        raise NoticeFault("JF-T009", _NOT_WHOLE) from fault


_NOT_WHOLE = Text(
    "这份文书的文件在我们的存储中缺失或已改变，不能提供。请联系出具文书的部门恢复。",
    "The file of this paper is missing from our storage, or was altered there, and is not handed "
    "out. Ask the office that issued it to restore it.",
)
