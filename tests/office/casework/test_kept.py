"""What is kept: proved each night, replayed from the command line, given to the person, removed."""

import json
import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import pytest
from django.test import Client
from django.utils import timezone

from jifen.office.audit.models import Entry
from jifen.office.audit.verification import verify_log
from jifen.office.casework import retention
from jifen.office.casework.consistency import check_cases
from jifen.office.casework.models import Application, Edit, Event
from jifen.office.documents.actions import content_path, get_storage
from jifen.office.documents.models import Document
from tests.world.office import Office

pytestmark = pytest.mark.django_db


def test_the_kept_state_of_every_case_is_what_its_parts_say() -> None:
    office = Office()
    application = office.decided(office.submitted())
    assert list(check_cases()) == []
    Application.objects.filter(pk=application.pk).update(state="review")
    (wrong,) = check_cases()
    assert (wrong.stored, wrong.derived) == ("review", "decided")


def test_a_person_gets_everything_that_is_kept_and_who_looked() -> None:
    office = Office()
    application = office.decided(office.submitted())
    client = Client()
    client.force_login(office.clerk)
    from jifen.office.audit.accesses import record_read

    record_read(f"user:{office.clerk.pk}", f"application:{application.pk}", "case")
    client.force_login(office.person_user)
    told = json.loads(client.get("/my/data").content)
    assert told["person"]["identity_number"] == office.person.identity
    (case,) = told["applications"]
    assert case["decisions"][0]["outcome"] == "reached"
    assert [look["what"] for look in case["looked_at"]] == ["case"]
    client.force_login(office.operator)
    assert client.get("/my/data").status_code == 404


@pytest.mark.django_db(transaction=True)
def test_past_its_years_a_case_goes_whole_and_the_log_says_so() -> None:
    office = Office()
    old = office.draft().application
    assert list(retention.list_expired_cases(timezone.localdate())) == []
    Application.objects.update(created_at=timezone.now() - timedelta(days=3 * 366))
    (found,) = retention.list_expired_cases(timezone.localdate())
    assert (found.kind, found.application.pk) == ("draft", old.pk)
    retention.remove_case(found)
    assert not Application.objects.exists()
    assert not Edit.objects.exists()
    assert not Event.objects.exists()
    assert Entry.objects.get(act="retention.removed").subject == f"application:{old.pk}"
    assert verify_log()[1] == []


@pytest.mark.django_db(transaction=True)
def test_a_document_goes_with_the_last_case_that_used_it() -> None:
    office = Office()
    office.with_documents(office.draft())
    place = Path(get_storage().path(content_path(Document.objects.all()[0].sha256)))
    assert place.stat().st_mode & 0o777 == 0o600
    Application.objects.update(created_at=timezone.now() - timedelta(days=3 * 366))
    for found in list(retention.list_expired_cases(timezone.localdate())):
        retention.remove_case(found)
    assert not Document.objects.exists()
    assert not place.exists()


def test_what_must_not_be_shown_is_not_in_the_command_line_either(tmp_path: Path) -> None:
    file = tmp_path / "keys.json"
    command = [sys.executable, "-m", "jifen", "keys", "new", str(file)]
    first = subprocess.run(command, capture_output=True, text=True, check=True)
    assert json.loads(file.read_text())["index"] not in first.stdout
    again = subprocess.run(command, capture_output=True, text=True, check=False)
    assert again.returncode == 2
    assert "keys are not overwritten" in again.stderr
