"""Keys that a test may replace: copies of those of the other tests, which stay as they are."""

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.core.files.storage import FileSystemStorage, storages

from jifen.office.notices.key_file import key_file
from jifen.office.site.rotation import notices, steps
from jifen.office.vault import reloaded_file
from jifen.office.vault.keys import keys
from tests.world.snapshots import HISTORY


@pytest.fixture
def own(settings: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """The folder of the two files of keys; nothing waits for other processes."""
    keys()
    key_file()
    for name in ("JIFEN_KEYS", "JIFEN_NOTICE_KEYS"):
        place = Path(getattr(settings, name))
        shutil.copy2(place, tmp_path / place.name)
        setattr(settings, name, str(tmp_path / place.name))
    for module, name in (
        (steps, "WAIT_SECONDS"),
        (notices, "WAIT_SECONDS"),
        (reloaded_file, "INTERVAL"),
    ):
        monkeypatch.setattr(module, name, 0)
    store = FileSystemStorage(tmp_path / "documents")  # those of other tests have other keys
    monkeypatch.setitem(vars(storages)["_storages"], "documents", store)
    keys.cache_clear()
    key_file.cache_clear()
    HISTORY.forget()
    yield tmp_path
    keys.cache_clear()
    key_file.cache_clear()
