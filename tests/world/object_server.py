"""A server that speaks S3, with a bucket in it: moto's, over HTTP, as the site meets any other."""

from typing import Any
from urllib.request import Request, urlopen

import boto3
import pytest
from django.core.files.storage import storages
from moto.server import ThreadedMotoServer

from jifen.office.documents.object_store import ObjectStore
from jifen.office.documents.store_settings import describe_store
from tests.world.snapshots import HISTORY

KEY, SECRET, BUCKET = "jifen", "a-secret-of-the-tests", "documents"


class ObjectServer:
    """The server, on a free port of this machine. Servers of one process hold the same objects."""

    def __init__(self) -> None:
        self._server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
        self._server.start()
        host, port = self._server.get_host_and_port()
        self.address = f"http://{host}:{port}"
        self.listens = True

    def stop(self) -> None:
        """Nobody listens there any more."""
        if self.listens:
            self._server.stop()
            self.listens = False

    def empty(self) -> None:
        """One bucket, with nothing in it."""
        with urlopen(Request(f"{self.address}/moto-api/reset", method="POST")):
            self.connect().create_bucket(Bucket=BUCKET)

    def connect(self) -> Any:
        """A client beside the site's own."""
        return boto3.client(
            "s3",
            endpoint_url=self.address,
            region_name="us-east-1",
            aws_access_key_id=KEY,
            aws_secret_access_key=SECRET,
        )

    def list_objects(self, bucket: str = BUCKET) -> dict[str, bytes]:
        """What lies in the bucket."""
        client = self.connect()
        listed = client.list_objects_v2(Bucket=bucket).get("Contents", [])
        return {
            row["Key"]: client.get_object(Bucket=bucket, Key=row["Key"])["Body"].read()
            for row in listed
        }


def use_store(monkeypatch: pytest.MonkeyPatch, place: str = f"s3://{BUCKET}/office") -> ObjectStore:
    """Documents and papers lie in a store of objects from here on, as the settings describe it."""
    described = describe_store("JIFEN_DOCUMENTS", place)
    assert described["BACKEND"].endswith("ObjectStore")
    store = ObjectStore(**described["OPTIONS"])
    monkeypatch.setitem(vars(storages)["_storages"], "documents", store)
    HISTORY.forget()
    return store
