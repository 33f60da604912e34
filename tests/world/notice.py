"""A person with a notice that holds, and somebody who asks."""

from datetime import timedelta
from typing import Any

from django.core.cache import cache
from django.test import Client
from PIL import Image
from pypdfium2 import PdfDocument

from jifen.office.casework.models import PointsPeriod
from jifen.office.notices.actions import events, printing
from jifen.office.notices.models import Notice
from jifen.statements.codes import make_code
from tests.world.office import Office, today
from tests.world.snapshots import told_once

NOBODYS = [make_code([n % 32, n // 32, *[7] * 9]) for n in range(60)]


class City:
    """A person with a notice that holds for 200 days."""

    def __init__(self) -> None:
        cache.clear()
        self.tell()
        self.url = f"/v/{self.notice.code}"
        self.mine = Client()
        self.mine.force_login(self.office.person_user)

    @told_once
    def tell(self) -> None:
        """The case is decided, and its notice printed."""
        self.office = Office()
        self.case = self.office.decided(self.office.submitted())
        self.until = today() + timedelta(days=200)
        PointsPeriod.objects.update(until=self.until)
        events.issue_for_case_events()
        printing.print_due_notices()
        self.notice = Notice.objects.get(kind="notice")


def said(response: Any) -> str:
    text: str = response.content.decode()
    return text


def ask_about(secret: str, items: list[dict[str, str]], purpose: str = "入学审核") -> Any:
    body = {"purpose": purpose, "items": items}
    headers = {"Authorization": f"Bearer {secret}"}
    address = "/api/v1/verify"
    return Client().post(address, body, content_type="application/json", headers=headers)


def picture(pdf: bytes, scale: float = 3) -> Image.Image:
    """The last page as a printer would lay it down (216 dots an inch)."""
    with PdfDocument(pdf) as document:
        page: Image.Image = document[len(document) - 1].render(scale=scale).to_pil()
    return page
