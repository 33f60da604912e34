"""Documents and papers in a store of objects: whole and sealed there, or not at all."""

from datetime import datetime
from typing import Any

import pytest
from django.core.exceptions import ImproperlyConfigured

from jifen.office.documents import content_files
from jifen.office.documents.actions import content_path, read_content, store_document
from jifen.office.documents.integrity import find_damaged_files
from jifen.office.documents.models import Document
from jifen.office.documents.object_store import ObjectStore
from jifen.office.documents.store_settings import describe_store
from jifen.office.notices.actions import events, printing
from jifen.office.notices.consistency import find_problems
from jifen.office.notices.models import Printing, Sheet
from jifen.office.operate.doctor.basics import check_disk_space, check_documents
from jifen.office.site import plain_lines
from jifen.office.uploads.fault import UploadFault
from tests.world.object_server import ObjectServer, use_store
from tests.world.office import Office, photo, user

pytestmark = pytest.mark.django_db


def test_a_document_lies_sealed_in_the_store_and_opens(
    server: ObjectServer, store: ObjectStore
) -> None:
    content = photo()
    document = store_document(content, "学位证书.jpg", user("somebody"))
    lying = server.list_objects()
    assert list(lying) == [f"office/{content_path(document.sha256)}"]
    (sealed,) = lying.values()
    assert sealed.startswith(b"JFS1\n")
    assert content[:100] not in sealed
    assert read_content(document) == content
    assert list(find_damaged_files()) == []
    store.delete(content_path(document.sha256))
    assert ["is missing" in words for words in find_damaged_files()] == [True]


def test_papers_are_printed_into_the_store_and_read_from_it(
    server: ObjectServer, store: ObjectStore
) -> None:
    del store
    office = Office()
    office.decided(office.submitted())
    events.issue_for_case_events()
    printing.print_due_notices()
    sheets = list(Sheet.objects.all())
    assert [printing.read_pdf(sheet)[:5] for sheet in sheets] == [b"%PDF-"] * len(sheets)
    assert list(find_problems()) == []
    papers = [name for name in server.list_objects() if "/notices/" in name]
    assert len(papers) == len(sheets) > 0


def test_a_store_that_is_away_keeps_nothing_half(server: ObjectServer, store: ObjectStore) -> None:
    """The person reads what to do; no row names a file that is not there."""
    del store
    somebody = user("somebody")
    server.stop()
    with pytest.raises(UploadFault) as caught:
        store_document(photo(), "学位证书.jpg", somebody)
    assert caught.value.code == "JF-U012"
    assert not Document.objects.exists()
    finding = check_documents()
    assert finding.state == "fault"
    assert "the object store is away: EndpointConnectionError" in finding.words.en


def test_papers_wait_for_a_store_that_is_away(
    server: ObjectServer, store: ObjectStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    del store
    office = Office()
    office.decided(office.submitted())
    events.issue_for_case_events()
    waiting = Printing.objects.count()
    server.stop()
    printing.print_due_notices()
    assert (Printing.objects.count(), Sheet.objects.count()) == (waiting, 0)
    again = ObjectServer()
    monkeypatch.setenv("JIFEN_S3_ENDPOINT", again.address)
    use_store(monkeypatch)
    try:
        Printing.objects.update(due_at=first_moment())
        printing.print_due_notices()
        assert (Printing.objects.count(), Sheet.objects.count()) == (0, waiting)
    finally:
        again.stop()


def first_moment() -> datetime:
    """A moment at which everything that waits is due."""
    row = Printing.objects.order_by("notice__made_at").select_related("notice").first()
    assert row is not None
    return row.notice.made_at


def test_a_store_that_refuses_is_told_by_its_own_word(
    server: ObjectServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    del server
    use_store(monkeypatch, "s3://of-somebody-else/office")
    with pytest.raises(UploadFault) as caught:
        store_document(photo(), "学位证书.jpg", user("somebody"))
    assert caught.value.code == "JF-U012"
    assert "the object store refuses: NoSuchBucket" in check_documents().words.en


def test_what_is_written_anew_stays_as_it_was_where_the_store_fails(
    server: ObjectServer, store: ObjectStore
) -> None:
    content_files.write_whole(store, "ab/paper", b"the first")
    before = server.list_objects()
    content_files.write_whole(store, "ab/paper", b"the second")
    assert server.list_objects() == {"office/ab/paper": b"the second"} != before
    server.stop()
    with pytest.raises(OSError, match="away"):
        content_files.write_whole(store, "ab/paper", b"the third")
    again = ObjectServer()
    try:
        assert again.list_objects() == {"office/ab/paper": b"the second"}
    finally:
        again.stop()


def test_the_doctor_finds_the_store_writable(store: ObjectStore) -> None:
    del store
    assert check_documents().state == "good"
    assert check_disk_space().state == "unset"


@pytest.mark.parametrize(
    ("place", "names", "words"),
    [
        ("s3://", {}, "JIFEN_DOCUMENTS is 's3://'; write s3://bucket/folder"),
        ("s3://b", {"JIFEN_S3_KEY": ""}, "JIFEN_S3_KEY is not set"),
        ("s3://b", {"JIFEN_S3_SECRET": ""}, "JIFEN_S3_SECRET is not set"),
        ("s3://b", {"JIFEN_S3_ENDPOINT": "store:9000"}, "write its address with the scheme"),
    ],
)
def test_a_wrong_setting_is_named_with_its_variable(
    monkeypatch: pytest.MonkeyPatch, place: str, names: dict[str, str], words: str
) -> None:
    for name, value in {"JIFEN_S3_KEY": "k", "JIFEN_S3_SECRET": "s", **names}.items():
        monkeypatch.setenv(name, value)
    with pytest.raises(ImproperlyConfigured) as caught:
        describe_store("JIFEN_DOCUMENTS", place)
    assert words in str(caught.value)


def test_production_names_a_store_without_tls(settings: Any) -> None:
    settings.JIFEN_S3_ENDPOINT = "http://objects.example.gov.cn"
    assert "JIFEN_S3_ENDPOINT" in [line.variable for line in plain_lines.list_plain_lines()]
    settings.JIFEN_S3_ENDPOINT = "https://objects.example.gov.cn"
    assert "JIFEN_S3_ENDPOINT" not in [line.variable for line in plain_lines.list_plain_lines()]
