"""Printing: the sheet of a notice is typeset, sealed and kept; a second try is harmless."""

import logging
from datetime import datetime, timedelta
from hashlib import sha256
from traceback import format_tb

from django.conf import settings
from django.core.files.storage import Storage, storages
from django.db import OperationalError, transaction
from django.db.models import Q
from django.utils import timezone

from jifen.office.documents import content_files
from jifen.office.notices.faults import NoticeFault
from jifen.office.notices.keys import load_notice_keys
from jifen.office.notices.models import Notice, Printing, Sheet
from jifen.office.notices.pdf.fonts import NotInFonts
from jifen.office.notices.pdf.qr_code import draw_qr_code
from jifen.office.notices.pdf.signature import seal_pdf
from jifen.office.notices.pdf.typesetting import (
    count_pages,
    draw_seal,
    get_notice_moment,
    typeset_notice,
)
from jifen.office.notices.words import say
from jifen.office.waiting.actions import Wait, WaitPlace, store_waits
from jifen.office.waiting.models import WaitKind
from jifen.policy.text import Text
from jifen.statements import Statement
from jifen.statements.codes import format_code

logger = logging.getLogger("jifen.notices")
LEASE = timedelta(minutes=5)
BATCH = 20
LONGEST_WAIT = timedelta(hours=6)
PATIENCE = 3
"""Tries after which somebody has to look at a notice."""


def print_due_notices(now: datetime | None = None, most: int = 500) -> int:
    """Make the PDFs that are due. Returns how many were tried. If a worker stops in the middle,
    another one takes its batch when the lease ends."""
    at, printed = now or timezone.now(), 0
    while printed < most and (batch := _claim_batch(at)):
        for printing in batch:
            _print_notice(printing, at)
        printed += len(batch)
    return printed


def _claim_batch(at: datetime) -> list[Printing]:
    free = Q(lease_until__isnull=True) | Q(lease_until__lt=timezone.now())
    with transaction.atomic():
        rows = Printing.objects.select_for_update(skip_locked=True, of=("self",))
        claimed = list(rows.filter(free, due_at__lte=at).order_by("due_at", "id")[:BATCH])
        until = timezone.now() + LEASE
        Printing.objects.filter(pk__in=[p.pk for p in claimed]).update(lease_until=until)
    rows = Printing.objects.select_related("notice__series")
    return list(rows.filter(pk__in=[p.pk for p in claimed]).order_by("due_at", "id"))


def _print_notice(printing: Printing, at: datetime) -> None:
    try:
        sheet = render_signed_pdf(printing.notice)
        _store_sheet(printing, *sheet)
    except NotInFonts as error:
        _postpone_printing(printing, at, {"zh": error.words.zh, "en": error.words.en}, lasting=True)
    except OperationalError:
        raise  # the database is unavailable for all of them
    except Exception as error:  # noqa: BLE001 - one notice does not hold up the others
        kind = type(error).__name__
        # where it happened, without its words: they may quote the notice, with a name
        frames = "".join(format_tb(error.__traceback__))
        logger.error("the sheet of notice %s: %s\n%s", printing.notice_id, kind, frames)
        words = Text(
            f"制作时系统出现故障（{kind}），会自动重试。",
            f"A fault of the system ({kind}); it is tried again automatically.",
        )
        _postpone_printing(printing, at, {"zh": words.zh, "en": words.en})


def render_signed_pdf(notice: Notice) -> tuple[bytes, str, str]:
    """The signed PDF of a notice, its statement and the name of the seal: the same each time.
    Raises NotInFonts."""
    keys = load_notice_keys()
    statement = build_statement(notice).sign_with(keys)
    address = f"{settings.JIFEN_ADDRESS}/v/{notice.code}"
    pdf = typeset_notice(
        notice.content,
        number=notice.number,
        code=format_code(notice.code),
        address=f"{settings.JIFEN_ADDRESS}/v/",
        square=draw_qr_code(f"{address}#{statement}"),
    )
    seal = keys.seal()
    certificate = seal.signing_cert
    if certificate is None:
        raise TypeError("the seal has no certificate")
    name = f"{notice.content['city']}{notice.content['office']} 居住证积分电子签章"
    picture = draw_seal(*_describe_seal(notice))
    signed = seal_pdf(pdf, seal, picture, get_notice_moment(notice.issued_on), name)
    return signed, statement, sha256(certificate.dump()).hexdigest()


def _describe_seal(notice: Notice) -> tuple[str, str, str]:
    middle = "沙盒" if notice.content["sandbox"] else "积分"
    return f"{notice.content['city']}{notice.content['office']}居住证积分", middle, "电子签章"


def build_statement(notice: Notice) -> Statement:
    """What the square code of a notice says."""
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


def _store_sheet(printing: Printing, pdf: bytes, statement: str, seal: str) -> None:
    """The file is written first, under its hash, so that a row never names a file that is missing
    or that a killed process wrote only in part."""
    digest = sha256(pdf).hexdigest()
    if not is_sheet_intact(digest):
        content_files.write_sealed(get_sheet_storage(), get_sheet_path(digest), pdf)
    pages = count_pages(pdf)
    with transaction.atomic():
        Sheet.objects.get_or_create(
            notice_id=printing.notice_id,
            defaults={
                "sha256": digest,
                "size": len(pdf),
                "pages": pages,
                "statement": statement,
                "seal": seal,
            },
        )
        Printing.objects.filter(pk=printing.pk).delete()
        if printing.stuck:
            store_waits(_locate_wait(printing.notice), [])


def _postpone_printing(
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
            store_waits(_locate_wait(printing.notice), [Wait(WaitKind.PAPER)])


def _locate_wait(notice: Notice) -> WaitPlace:
    series, case = notice.series, notice.application_id
    return WaitPlace(f"notice:{notice.pk}", series.city, series.district, case)


def get_sheet_storage() -> Storage:
    """Where sheets are kept: with the documents."""
    return storages["documents"]


def get_sheet_path(digest: str) -> str:
    """The place of a sheet."""
    return f"notices/{digest[:2]}/{digest}.pdf"


def is_sheet_intact(digest: str) -> bool:
    """Whether the file of a sheet is there, byte for byte."""
    return content_files.is_whole(get_sheet_storage(), get_sheet_path(digest), digest)


def read_pdf(sheet: Sheet) -> bytes:
    """The signed PDF, as it was sealed. Raises NoticeFault where the file is missing or was
    altered, and OSError where the storage fails."""
    try:
        return content_files.read_whole(
            get_sheet_storage(), get_sheet_path(sheet.sha256), sheet.sha256, sheet.size
        )
    except content_files.DamagedFile as fault:
        logger.error("the sheet of notice %s: %s", sheet.notice_id, fault)
        raise NoticeFault("JF-T009", _NOT_WHOLE) from fault


_NOT_WHOLE = say("actions.printing.not_whole")
