"""A person with a notice that holds, and somebody who asks."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client

from jifen.office.casework.models import PointsPeriod
from jifen.office.notices.actions import follow, printing
from jifen.office.notices.models import Notice
from jifen.statements.codes import code_from
from tests.world.office import Office, today

NOBODYS = [code_from([n % 32, n // 32, *[7] * 9]) for n in range(60)]


class City:
    """A person with a notice that holds for 200 days."""

    def __init__(self) -> None:
        cache.clear()
        self.office = Office()
        self.case = self.office.decided(self.office.submitted())
        self.until = today() + timedelta(days=200)
        PointsPeriod.objects.update(until=self.until)
        follow.follow_cases()
        printing.print_due()
        self.notice = Notice.objects.get(kind="notice")
        self.url = f"/v/{self.notice.code}"
        self.mine = Client()
        self.mine.force_login(self.office.person_user)


@pytest.fixture
def city(db: None) -> Iterator[City]:
    del db
    yield City()
    cache.clear()


def said(response: Any) -> str:
    text: str = response.content.decode()
    return text
