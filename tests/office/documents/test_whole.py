"""A document is there whole or not at all, and what was altered is never taken for it."""

import subprocess
import sys
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import FileSystemStorage, InMemoryStorage, filesystem
from django.test import Client
from django.urls import reverse

from jifen import drafts
from jifen.office.audit.models import Entry
from jifen.office.casework.models import MaterialVersion
from jifen.office.documents import actions, content_files, integrity
from jifen.office.documents.models import Document, Scan
from jifen.office.uploads.fault import UploadFault
from jifen.office.uploads.inspection import inspect_file
from jifen.office.uploads.scan import ClamdScanner, ScanVerdict
from jifen.office.vault.sealed_file import open_file
from tests.world.faults import refused
from tests.world.kills import full_at_every_step
from tests.world.office import Office, photo, user

CONTENT = photo("maroon")
DIGEST = sha256(CONTENT).hexdigest()


def _path(digest: str = DIGEST) -> Path:
    return Path(actions.get_storage().path(actions.content_path(digest)))


def _parts() -> list[str]:
    folder = _path().parent
    return [path.name for path in folder.iterdir() if path.name.endswith(".part")]


_KILLED = """
import os, signal, sys
from hashlib import sha256
from pathlib import Path
from django.conf import settings
settings.configure()
from django.core.files.storage import FileSystemStorage, filesystem
from jifen import drafts
from jifen.office.documents import content_files

folder, torso = Path(sys.argv[1]), sys.argv[2] == "torso"
store, content = FileSystemStorage(folder), b"content" * 9_000
digest, place = sha256(content).hexdigest(), folder / "a" / "b"
watched = {module.__file__ for module in (drafts, content_files, filesystem)}

def upload(at):
    def step(frame, event, argument):
        nonlocal at
        if frame.f_code.co_filename not in watched:
            return None
        if event == "line":
            at -= 1
            if at < 0:
                os.kill(os.getpid(), signal.SIGKILL)
        return step
    sys.settrace(step)
    content_files.write_whole(store, "a/b", content)
    os._exit(0)

for at in range(100_000):
    if torso:
        place.parent.mkdir(exist_ok=True)
        place.write_bytes(content[:5_000])
    child = os.fork()
    if not child:
        upload(at)
    _, ended = os.waitpid(child, 0)
    left = place.read_bytes() if place.exists() else b""
    assert left in (content, content[:5_000] if torso else b""), (at, len(left))
    assert content_files.is_whole(store, "a/b", digest) == (left == content), at
    content_files.write_whole(store, "a/b", content)
    assert content_files.is_whole(store, "a/b", digest), at
    assert [path.name for path in place.parent.iterdir()] == ["b"], at
    if not ended:
        break
    assert os.WTERMSIG(ended) == signal.SIGKILL, ended
    place.unlink()
    place.parent.rmdir()
print(at)
"""


@pytest.mark.parametrize("before", ["nothing", "torso"])
def test_an_upload_killed_at_any_step_is_whole_or_nothing_and_the_next_mends_it(
    tmp_path: Path, before: str
) -> None:
    command = [sys.executable, "-c", _KILLED, str(tmp_path), before]
    ran = subprocess.run(command, capture_output=True, text=True, check=False)
    assert ran.returncode == 0, ran.stderr
    assert int(ran.stdout) > 40, "every line of three modules was tried"


_FULL = """
import os, resource, sys
from hashlib import sha256
from pathlib import Path
from django.conf import settings
settings.configure()
from django.core.files.storage import FileSystemStorage
from jifen.office.documents import content_files

folder = Path(sys.argv[1])
store, content = FileSystemStorage(folder), b"content" * 9_000
for most in (0, 1, 5_000, len(content) - 1):
    child = os.fork()
    if not child:
        resource.setrlimit(resource.RLIMIT_FSIZE, (most, most))
        try:
            content_files.write_whole(store, "a/b", content)
        except OSError:
            os._exit(7)
        os._exit(0)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 7, most
    assert not list(folder.rglob("b*")) and not list(folder.rglob("*.part")), most
content_files.write_whole(store, "a/b", content)
assert content_files.is_whole(store, "a/b", sha256(content).hexdigest())
"""


def test_a_disk_that_takes_a_part_of_a_file_keeps_none_of_it(tmp_path: Path) -> None:
    command = [sys.executable, "-c", _FULL, str(tmp_path)]
    ran = subprocess.run(command, capture_output=True, text=True, check=False)
    assert ran.returncode == 0, ran.stderr


@pytest.mark.django_db
@pytest.mark.parametrize("before", ["nothing", "torso"])
def test_a_disk_that_is_full_at_any_step_of_an_upload_is_told_and_nothing_is_half_kept(
    monkeypatch: pytest.MonkeyPatch, before: str
) -> None:
    looked, somebody = inspect_file(CONTENT, "a.jpg"), user("somebody")
    monkeypatch.setattr(actions, "inspect_file", lambda *_: looked)
    told, torso = 0, CONTENT[:100] if before == "torso" else b""

    def prepare() -> None:
        _path().unlink(missing_ok=True)
        if torso:
            actions.get_storage().save(actions.content_path(DIGEST), ContentFile(torso))

    prepare()
    for well in full_at_every_step(
        lambda: actions.store_document(CONTENT, "a.jpg", somebody),
        drafts,
        content_files,
        filesystem,
    ):
        told += not well
        assert Document.objects.count() == int(well)
        kept = _path().read_bytes() if _path().exists() else b""
        left = open_file(kept, actions.content_path(DIGEST))
        assert left in (CONTENT, torso)
        assert left == CONTENT or not well
        document = actions.store_document(CONTENT, "a.jpg", somebody)
        assert actions.read_content(document) == CONTENT
        assert _parts() == []
        Document.objects.all().delete()
        prepare()
    assert told > 20


def test_what_is_read_back_is_what_was_written_or_it_is_not_kept(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A disk that says it wrote and did not; one of files and one of objects."""
    for store in (FileSystemStorage(tmp_path), InMemoryStorage()):
        plain = store.save

        def half(name: str, content: Any, plain: Any = plain) -> str:
            saved: str = plain(name, ContentFile(content.read()[:3]))
            return saved

        monkeypatch.setattr(store, "save", half)
        with pytest.raises(OSError, match="not what was written"):
            content_files.write_whole(store, "a/b", b"content")
        assert not content_files.is_whole(store, "a/b", sha256(b"content").hexdigest())
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []


@pytest.mark.django_db
@pytest.mark.parametrize(
    "change", [lambda _: b"", lambda c: c[:-1], lambda c: c[:-1] + b"x", lambda c: c + b"x"]
)
def test_an_altered_file_is_not_opened_is_told_and_is_mended_by_the_next_upload(
    change: Any, caplog: pytest.LogCaptureFixture
) -> None:
    document = actions.store_document(CONTENT, "a.jpg", user("somebody"))
    assert list(integrity.find_damaged_files()) == []
    _path().write_bytes(change(CONTENT))
    with refused(
        "JF-U017",
        "这份文件在我们的存储中缺失或已改变，不能显示。请联系受理部门；重新上传同一文件即可恢复。",
        "The file is missing from our storage, or was altered there, and is not shown. Tell the "
        "office; uploading the same file again restores it.",
    ):
        actions.read_content(document)
    place = actions.content_path(DIGEST)
    assert f"document {document.pk}: {place} was altered" in caplog.text
    assert list(integrity.find_damaged_files()) == [
        f"document {document.pk}: its file is not the one that was uploaded ({place})"
    ]
    actions.store_document(CONTENT, "b.jpg", user("other"))
    assert actions.read_content(document) == CONTENT
    assert list(integrity.find_damaged_files()) == []


@pytest.mark.django_db
def test_a_check_names_documents_that_are_missing_or_told_in_two_sizes() -> None:
    somebody = user("somebody")
    first = actions.store_document(CONTENT, "a.jpg", somebody)
    second = actions.store_document(photo("navy"), "b.jpg", somebody)
    _path().unlink()
    place = actions.content_path(DIGEST)
    assert list(integrity.find_damaged_files()) == [
        f"document {first.pk}: its file is missing ({place})"
    ]
    actions.store_document(CONTENT, "c.jpg", somebody)
    Document.objects.filter(pk=first.pk).update(size=first.size + 1)
    assert list(integrity.find_damaged_files()) == [
        f"document {first.pk}: its rows name two sizes of one content ({place})"
    ]
    assert actions.read_content(second) == photo("navy")


@pytest.mark.django_db
def test_a_lost_document_is_a_page_with_words_for_whoever_asks() -> None:
    office = Office()
    case = office.with_documents(office.draft())
    version = MaterialVersion.objects.filter(material__application=case.application).first()
    assert version is not None
    _path(version.document.sha256).unlink()
    client = Client()
    client.force_login(office.operator)
    for address in (
        reverse("document", args=[case.application.key, version.pk]),
        reverse("preview", args=[case.application.key, version.pk, 1]),
    ):
        answer = client.get(address)
        assert answer.status_code == 500
        assert "重新上传同一文件即可恢复" in answer.content.decode()
    actions.store_document(photo(), "again.jpg", office.operator)
    assert client.get(address).status_code == 200


@pytest.mark.django_db
def test_an_altered_file_passes_no_scan(settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    settings.JIFEN_CLAMD = "unix:/nowhere"
    monkeypatch.setattr(ClamdScanner, "scan", lambda *_: ScanVerdict(clean=True))
    document = actions.store_document(CONTENT, "a.jpg", user("somebody"))
    _path().write_bytes(b"x")
    assert actions.scan_due_documents(max_documents=1) == 1
    document.refresh_from_db()
    assert (document.scan, document.attempts) == (Scan.WAITING, 1)
    assert not Entry.objects.filter(act="scan.found").exists()


@pytest.mark.django_db
def test_a_file_removed_between_writing_and_naming_it_is_written_again(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The last case that used the same content ends while somebody uploads it."""
    plain = actions.lock_content

    def overtaken(digest: str) -> None:
        monkeypatch.setattr(actions, "lock_content", plain)
        actions.remove_unused(digest)
        plain(digest)

    monkeypatch.setattr(actions, "lock_content", overtaken)
    document = actions.store_document(CONTENT, "a.jpg", user("somebody"))
    assert actions.read_content(document) == CONTENT
    actions.remove_unused(DIGEST)
    assert actions.read_content(document) == CONTENT, "a file that is named stays"
    document.delete()
    actions.remove_unused(DIGEST)
    with pytest.raises(UploadFault):
        actions.read_content(document)
