"""What the bytes of a list give away, and what they do not."""

import json
from datetime import date

from django.test import Client

from jifen.office.casework.actions.decisions import to_canonical_json
from jifen.office.lists.actions import objections
from jifen.office.lists.documents import compute_digest
from jifen.office.lists.models import PublicList
from tests.world.town import Town, run_daily_steps

MONDAY, LIST = date(2024, 3, 4), "/chengdu/lists/1"


def test_the_public_hash_cannot_be_tried_with_names_and_numbers(town: Town) -> None:
    """Everything on the page, and the only person guessed rightly: the salt is still missing."""
    entry = town.listed(name="欧阳娜娜")
    run_daily_steps(MONDAY)
    made = PublicList.objects.get()
    document = json.loads(made.document)
    assert document["people"] == [[None, entry.number, "欧***", "140"]]
    salt = document.pop("salt")
    assert len(bytes.fromhex(salt)) == 16
    assert compute_digest(to_canonical_json(document)) != made.digest
    assert compute_digest(to_canonical_json(document | {"salt": salt})) == made.digest
    public = Client().get(LIST).content.decode() + Client().get(f"{LIST}.jwt").content.decode()
    assert made.digest in public
    assert salt not in public


def test_a_search_does_not_tell_that_somebody_objected(town: Town) -> None:
    entry = town.listed(name="欧阳娜娜")
    run_daily_steps(MONDAY)
    objections.file_objection(town.neighbour, entry, "理由", MONDAY)
    run_daily_steps(date(2024, 3, 8))
    entry.refresh_from_db()
    assert entry.state == "held"
    found = Client().post(LIST, {"name": "欧阳娜娜"}).content.decode().split('role="status"')[1]
    assert "公示中" in found.split("<details")[0]
    assert "异议" not in found.split("<details")[0]


def test_every_list_has_a_salt_of_its_own(town: Town) -> None:
    for day in (MONDAY, date(2024, 3, 5)):
        town.listed(date(2024, 3, 1))
        run_daily_steps(day)
    salts = {json.loads(row.document)["salt"] for row in PublicList.objects.all()}
    assert len(salts) == PublicList.objects.count() == 2
