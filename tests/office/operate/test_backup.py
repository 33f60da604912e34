"""A backup is written while the site runs, and restored into an empty place whole or not at all."""

import gzip
import json
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from django.core.files.storage import storages
from django.db import connection

from jifen.office.audit.models import Entry
from jifen.office.casework.models import Application, Decision
from jifen.office.operate.backup import database, files, manifest, rotation
from jifen.office.operate.backup.faults import BackupFault
from jifen.office.operate.backup.sealing import (
    generate_identity,
    open_part,
    read_identity,
)
from jifen.office.operate.backup.verification import find_differences
from tests.world.backups import (
    NOON,
    case,
    empty_place,
    identity,
    jifen,
    written,
)
from tests.world.office import Office

__all__ = ["case", "identity"]
pytestmark = pytest.mark.django_db(transaction=True)


def test_what_was_written_is_restored_and_proved(
    tmp_path: Path, identity: Path, case: Application
) -> None:
    backup = written(tmp_path / "backups", identity)
    assert backup.documents == len(list(files.list_names(storages["documents"]))) > 0
    with empty_place(tmp_path) as environment:
        status, words = jifen(environment, "restore", backup.folder, "--identity", identity)
        assert status == 0, words
        assert "0 differences, 1 decisions scored again" in words
        status, words = jifen(environment, "replay", case.number)
        assert (status, "the same bytes" in words) == (0, True), words
        again = jifen(environment, "restore", backup.folder, "--identity", identity)
        assert again[0] == 2
        assert "JF-O005: the database has" in again[1]


def test_a_drill_leaves_nothing(tmp_path: Path, identity: Path, case: Application) -> None:
    del case
    backup = written(tmp_path / "backups", identity)
    with empty_place(tmp_path) as environment:
        before = sorted(tmp_path.rglob("*"))
        drill = ("restore", backup.folder, "--identity", identity, "--drill")
        status, words = jifen(environment, *drill)
        assert status == 0, words
        assert "0 differences" in words
        assert sorted(tmp_path.rglob("*")) == before


@pytest.mark.parametrize("damage", ["cut", "altered", "removed"])
def test_a_damaged_backup_restores_nothing_and_names_the_part(
    tmp_path: Path, identity: Path, case: Application, damage: str
) -> None:
    del case
    backup = written(tmp_path / "backups", identity)
    part = max(backup.folder.glob("documents-*"))
    content = part.read_bytes()
    if damage == "removed":
        part.unlink()
    else:
        middle = len(content) // 2
        altered = content[:middle] + bytes([content[middle] ^ 1]) + content[middle + 1 :]
        part.write_bytes(content[:middle] if damage == "cut" else altered)
    with empty_place(tmp_path) as environment:
        command = ("restore", backup.folder, "--identity", identity)
        status, words = jifen(environment, *command)
        assert status == 2
        assert f"JF-O004: the part {part.name} " in words
        assert not (tmp_path / "documents").exists()
        if damage == "cut":  # the same place takes the whole one afterwards
            part.write_bytes(content)
            status, words = jifen(environment, *command)
            assert status == 0, words


def test_another_secret_key_restores_nothing(
    tmp_path: Path, identity: Path, case: Application
) -> None:
    del case
    backup = written(tmp_path / "backups", identity)
    other = tmp_path / "other.txt"
    other.write_text(generate_identity()[0], encoding="utf-8")
    with empty_place(tmp_path) as environment:
        command = ("restore", backup.folder, "--identity", other, "--lang", "zh")
        status, words = jifen(environment, *command)
        assert status == 2
        assert "JF-O004：用" in words
        assert "打不开分卷" in words
        assert not (tmp_path / "documents").exists()


def test_a_changed_manifest_is_not_believed(
    tmp_path: Path, identity: Path, case: Application
) -> None:
    del case
    backup = written(tmp_path / "backups", identity)
    place = backup.folder / manifest.NAME
    content = json.loads(place.read_text(encoding="utf-8"))
    content["log_entries"] = 0
    place.write_text(json.dumps(content), encoding="utf-8")
    with empty_place(tmp_path) as environment:
        status, words = jifen(environment, "restore", backup.folder, "--identity", identity)
    assert status == 2
    assert "JF-O003: the manifest is not signed by the key of the log" in words


def test_a_log_that_lost_entries_is_told(
    tmp_path: Path, identity: Path, case: Application, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The proof compares with what the backup says, not only with itself."""
    del case
    real = Entry.objects.order_by("-number").values_list("number", flat=True).first() or 0
    monkeypatch.setattr("jifen.office.operate.backup.writing.count_log_entries", lambda: real + 7)
    backup = written(tmp_path / "backups", identity)
    with empty_place(tmp_path) as environment:
        status, words = jifen(environment, "restore", backup.folder, "--identity", identity)
    assert status == 1
    assert f"the log has {real:,} entries, the backup {real + 7:,}" in words


def test_what_comes_while_the_backup_is_written_is_whole(
    tmp_path: Path, identity: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A case that is filed after the documents were read, and before the database was, is in the
    backup with its documents."""
    shutil.rmtree(storages["documents"].path(""), ignore_errors=True)  # those of other tests
    office = Office()
    snapshot = database.open_writer

    @contextmanager
    def filed_meanwhile() -> Iterator[object]:
        assert list(files.list_names(storages["documents"])) == []
        office.submitted()
        with snapshot() as write:
            yield write

    monkeypatch.setattr(database, "open_writer", filed_meanwhile)
    backup = written(tmp_path / "backups", identity, portion=1 << 30)
    monkeypatch.undo()
    assert backup.documents > 0
    with empty_place(tmp_path) as environment:
        status, words = jifen(environment, "restore", backup.folder, "--identity", identity)
    assert status == 0, words


def test_the_server_cannot_read_what_it_wrote(
    tmp_path: Path, identity: Path, case: Application
) -> None:
    key = str(case.key).encode() if connection.vendor == "postgresql" else case.key.hex.encode()
    backup = written(tmp_path / "backups", identity)
    assert not any(key in place.read_bytes() for place in backup.folder.iterdir())
    described, _, _ = manifest.read_manifest(backup.folder)
    (part,) = [part for part in described.parts if part.kind == "database"]
    opened = tmp_path / "opened"
    with opened.open("wb") as target:
        open_part(backup.folder, part, read_identity(identity), target, identity)
    content = opened.read_bytes()
    assert key in (gzip.decompress(content) if connection.vendor == "sqlite" else key)
    assert all(place.stat().st_mode & 0o077 == 0 for place in backup.folder.glob("*.age"))


def test_an_interrupted_backup_leaves_nothing(
    tmp_path: Path, identity: Path, case: Application, monkeypatch: pytest.MonkeyPatch
) -> None:
    del case

    def interrupted(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("jifen.office.operate.backup.writing._write_signed_manifest", interrupted)
    with pytest.raises(KeyboardInterrupt):
        written(tmp_path / "backups", identity)
    assert list((tmp_path / "backups").iterdir()) == []


def test_a_full_disk_leaves_no_backup_and_is_told(
    tmp_path: Path, identity: Path, case: Application, monkeypatch: pytest.MonkeyPatch
) -> None:
    del case
    real_open = Path.open

    def full(path: Path, mode: str = "r", *args: object, **kwargs: object) -> object:
        """/dev/full takes nothing: every write to a part ends with ENOSPC."""
        if path.suffix == ".age":
            real_open(path, mode).close()
            return real_open(Path("/dev/full"), "wb", buffering=0)
        return real_open(path, mode, *args, **kwargs)  # type: ignore[call-overload]

    monkeypatch.setattr(Path, "open", full)
    with pytest.raises(BackupFault, match=r"JF-O006: .*No space left on device"):
        written(tmp_path / "backups", identity)
    assert list((tmp_path / "backups").iterdir()) == []


def test_older_backups_are_removed_and_others_left(tmp_path: Path, identity: Path) -> None:
    backups = tmp_path / "backups"
    folders = [written(backups, identity, NOON.replace(day=day)).folder for day in (25, 26, 27, 28)]
    (folders[0] / manifest.NAME).write_text("{}", encoding="utf-8")
    (backups / "notes").mkdir()
    assert rotation.remove_older(backups, 2) == [folders[1]]
    assert rotation.list_backups(backups) == [folders[0], folders[2], folders[3]]
    assert rotation.remove_older(backups, 0) == [folders[2]]
    assert (backups / "notes").is_dir()


def test_a_missing_client_program_is_told_and_sqlite_needs_none(
    tmp_path: Path, identity: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    if connection.vendor == "sqlite":
        assert written(tmp_path / "backups", identity).folder.is_dir()
        return
    with pytest.raises(BackupFault, match=r"JF-O002: pg_dump is not installed"):
        written(tmp_path / "backups", identity)


def test_decisions_are_replayed_in_the_proof(case: Application) -> None:
    described = manifest.Manifest("", "", "", "", {}, 0, ())
    assert list(find_differences(described)) == []
    facts = Decision.objects.get(application=case).facts
    Decision.objects.filter(application=case).update(facts=facts.replace("1990", "1950"))
    assert any("replayed to other bytes" in words for words in find_differences(described))
