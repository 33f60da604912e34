"""The store of documents lies on a server that speaks S3."""

from collections.abc import Iterator

import pytest

from jifen.office.documents.object_store import ObjectStore
from tests.world.object_server import KEY, SECRET, ObjectServer, use_store


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[ObjectServer]:
    """A server, named in the environment of the site."""
    objects = ObjectServer()
    objects.empty()
    monkeypatch.setenv("JIFEN_S3_KEY", KEY)
    monkeypatch.setenv("JIFEN_S3_SECRET", SECRET)
    monkeypatch.setenv("JIFEN_S3_ENDPOINT", objects.address)
    yield objects
    objects.stop()


@pytest.fixture
def store(server: ObjectServer, monkeypatch: pytest.MonkeyPatch) -> ObjectStore:
    """The store of documents of the site."""
    del server
    return use_store(monkeypatch)
