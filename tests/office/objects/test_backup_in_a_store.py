"""A backup in a store of objects: uploaded whole, rotated, fetched and restored."""

from pathlib import Path

import pytest
from django.core.files.storage import storages

from jifen.office.casework.models import Application
from jifen.office.operate.backup import destinations, files, manifest
from jifen.office.operate.backup.faults import BackupFault
from jifen.office.operate.backup.object_store import fetch_backup
from tests.world.backups import NOON, case, empty_place, identity, jifen, written
from tests.world.object_server import KEY, SECRET, ObjectServer

__all__ = ["case", "identity"]
pytestmark = pytest.mark.django_db(transaction=True)
PLACE = "s3://documents/backups"


def test_a_backup_is_uploaded_rotated_and_restored(
    server: ObjectServer, tmp_path: Path, identity: Path, case: Application
) -> None:
    places = []
    for hour in (10, 11, 12):
        with destinations.open_destination(PLACE) as folder:
            backup = written(folder, identity, NOON.replace(hour=hour))
            places.append(destinations.finish_backup(backup.folder, PLACE))
    assert places[-1] == f"{PLACE}/jifen-20261129T120000Z"
    assert destinations.remove_older_backups(PLACE, 2) == places[:1]
    assert {name.split("/")[1] for name in server.list_objects()} == {
        place.rsplit("/", 1)[1] for place in places[1:]
    }
    assert list(files.list_names(storages["documents"]))  # those of the site are left alone
    with empty_place(tmp_path) as environment:
        environment |= {
            "JIFEN_S3_ENDPOINT": server.address,
            "JIFEN_S3_KEY": KEY,
            "JIFEN_S3_SECRET": SECRET,
            "JIFEN_DOCUMENTS": "s3://documents/restored",
        }
        status, words = jifen(environment, "restore", places[-1], "--identity", identity)
        assert status == 0, words
        assert "0 differences, 1 decisions scored again" in words
        assert [name for name in server.list_objects() if name.startswith("restored/")]
        status, words = jifen(environment, "replay", case.number)
        assert status == 0, words


def test_a_store_that_goes_away_leaves_no_backup(
    server: ObjectServer, tmp_path: Path, identity: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    backup = written(tmp_path, identity)
    server.stop()
    with pytest.raises(BackupFault) as caught:
        destinations.finish_backup(backup.folder, PLACE)
    assert caught.value.code == "JF-O006"
    words = caught.value.to_sentence("en")
    assert "the object store is away" in words
    assert "wait until it is back" in words
    assert "对象存储" in caught.value.to_sentence("zh")
    again = ObjectServer()
    try:
        assert again.list_objects() == {}
    finally:
        again.stop()


def test_what_is_no_backup_in_the_store_is_told(server: ObjectServer) -> None:
    del server
    with (
        fetch_backup(f"{PLACE}/jifen-20200101T000000Z") as folder,
        pytest.raises(BackupFault, match="JF-O00"),
    ):
        manifest.read_manifest(folder)
