"""The letter that tells somebody without an account of a finding, with its receipt, as a PDF."""

from datetime import date
from pathlib import Path
from typing import Any

from django.conf import settings

from jifen import cities
from jifen.office.casework.case_policy import label_item, process_of
from jifen.office.casework.models import Application, FalseRecord
from jifen.office.notices.content.layout import format_day, get_office_name
from jifen.office.notices.pdf.fonts import list_families, list_font_files, replace_missing
from jifen.office.notices.pdf.typesetting import STANDARDS, compile_pdf, get_notice_moment
from jifen.policy.text import Text

_HERE = Path(__file__).parent
_TITLE = Text("材料核查告知书", "Notice of a finding, and of the right to be heard")


def render_letter(application: Application, record: FalseRecord, on: date) -> bytes:
    """The letter as it is printed on a day."""
    content = replace_missing(build_letter(application, record, on))
    return compile_pdf(_HERE, "hearing_letter", content, get_notice_moment(on), STANDARDS)


def build_letter(application: Application, record: FalseRecord, on: date) -> dict[str, Any]:
    """What is printed. The days run from the day on the receipt, so that no last day stands
    here."""
    city = cities.index()[application.city].label
    days = process_of(application).hearing_days
    return {
        "title": _TITLE.zh,
        "subtitle": _TITLE.en,
        "city": Text(f"{city.zh}市", city.en).zh,
        "office": get_office_name(application),
        "number": application.number or "",
        "name": application.person.name,
        "identity": application.person.masked_identity,
        "fact": label_item(application, "fact", record.fact).zh,
        "words": record.words,
        "days": days,
        "on": format_day(on),
        "ymd": [on.year, on.month, on.day],
        "sandbox": settings.JIFEN_MODE == "sandbox",
        "fonts": list_families(list_font_files()),
    }
