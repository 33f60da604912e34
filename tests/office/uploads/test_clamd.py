"""Debian's own clamd, with one signature of ours: what it says of a file is what a clerk may do."""

import os
import shutil
import socket
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from pytest_django import Settings

from jifen.office.casework.actions import materials
from jifen.office.documents.actions import scan_due_documents
from jifen.office.documents.models import Document, Scan
from jifen.office.operate.doctor.services import check_scanner
from jifen.office.uploads.inspection import MAX_BYTES
from jifen.office.uploads.scan import ClamdScanner, ScanVerdict
from tests.world.office import Office, photo

MARK = b"jifen-harmless-test-content-0451"


@pytest.fixture(scope="module")
def clamd(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a clamd that knows one signature, which no file but ours has."""
    program = shutil.which("clamd", path=f"{os.environ['PATH']}:/usr/sbin")
    assert program, "clamd is not installed (Debian: clamav-daemon); `./dev` installs it as root"
    folder = tmp_path_factory.mktemp("clamd")
    signatures = folder / "signatures"
    signatures.mkdir()
    (signatures / "own.ndb").write_text(f"Jifen.Test.Mark:0:*:{MARK.hex()}\n", encoding="ascii")
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    settings = {
        "DatabaseDirectory": signatures,
        "TCPSocket": port,
        "TCPAddr": "127.0.0.1",
        "TemporaryDirectory": folder,
        "Foreground": "yes",
        "LogFile": folder / "log",
    }
    configuration = folder / "clamd.conf"
    lines = [f"{name} {value}\n" for name, value in settings.items()]
    configuration.write_text("".join(lines), encoding="utf-8")
    process = subprocess.Popen(
        [program, f"--config-file={configuration}"],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.STDOUT,
    )
    try:
        _wait_until_it_listens(process, port, folder / "log")
        yield f"tcp://127.0.0.1:{port}"
    finally:
        process.terminate()
        process.wait(timeout=60)


def _wait_until_it_listens(process: "subprocess.Popen[bytes]", port: int, log: Path) -> None:
    while process.poll() is None:
        with socket.socket() as line:
            if line.connect_ex(("127.0.0.1", port)) == 0:
                return
    raise AssertionError(log.read_text(encoding="utf-8"))


def test_it_finds_what_its_signature_names_and_nothing_else(clamd: str) -> None:
    scanner = ClamdScanner(clamd)
    assert scanner.scan(b"a harmless content") == ScanVerdict(clean=True)
    found = scanner.scan(b"before " + MARK + b" after")
    assert (found.clean, found.name) == (False, "Jifen.Test.Mark.UNOFFICIAL")


def test_it_takes_the_largest_document(clamd: str) -> None:
    assert ClamdScanner(clamd, 60).scan(bytes(MAX_BYTES)).clean


@pytest.mark.django_db
def test_the_doctor_says_that_it_answers(clamd: str, settings: Settings) -> None:
    settings.JIFEN_CLAMD = clamd
    assert check_scanner().state == "good"


@pytest.mark.django_db
def test_a_clerk_opens_what_passed_and_not_what_was_found(clamd: str, settings: Settings) -> None:
    settings.JIFEN_CLAMD = clamd
    files = [("a.jpg", photo("red")), ("b.jpg", photo("blue") + MARK)]
    materials.upload_files(Office().draft(), "permit", files)
    assert not any(document.may_be_opened for document in Document.objects.all())
    assert scan_due_documents() == 2
    by_name = dict(Document.objects.values_list("name", "scan"))
    assert by_name == {"a.jpg": Scan.PASSED, "b.jpg": Scan.FOUND}
    assert [d.name for d in Document.objects.all() if d.may_be_opened] == ["a.jpg"]
