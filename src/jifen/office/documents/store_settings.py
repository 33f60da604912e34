"""Where files are kept: a folder, or a bucket of a store of objects (s3://bucket/folder)."""

import os
from importlib.util import find_spec
from typing import Any
from urllib.parse import urlsplit

from django.core.exceptions import ImproperlyConfigured

SCHEME = "s3"


def is_bucket(place: str) -> bool:
    """Whether a place is written as one of a store of objects."""
    return place.startswith(f"{SCHEME}://")


def describe_store(variable: str, place: str) -> dict[str, Any]:
    """An entry of Django's STORAGES for a place that a variable names. Raises
    ImproperlyConfigured."""
    if not is_bucket(place):
        options = {
            "location": place,
            "file_permissions_mode": 0o600,
            "directory_permissions_mode": 0o700,
        }
        return {"BACKEND": "django.core.files.storage.FileSystemStorage", "OPTIONS": options}
    if find_spec("storages") is None:
        raise ImproperlyConfigured(
            f"{variable} is '{place[:80]}', and what a store of objects needs is not installed: "
            "pip install 'jifen[s3]'"
        )
    return {
        "BACKEND": "jifen.office.documents.object_store.ObjectStore",
        "OPTIONS": build_options(variable, place),
    }


def read_endpoint() -> str:
    """JIFEN_S3_ENDPOINT: the address of the store; '' for that of Amazon. Raises
    ImproperlyConfigured."""
    endpoint = os.environ.get("JIFEN_S3_ENDPOINT", "")
    if endpoint and urlsplit(endpoint).scheme not in ("http", "https"):
        raise ImproperlyConfigured(
            f"JIFEN_S3_ENDPOINT is '{endpoint[:80]}'; write its address with the scheme, such as "
            "https://objects.example.gov.cn"
        )
    return endpoint


def build_options(variable: str, place: str) -> dict[str, Any]:
    """How the bucket of a place is reached. Raises ImproperlyConfigured."""
    parts = urlsplit(place)
    missing = [name for name in ("KEY", "SECRET") if not os.environ.get(f"JIFEN_S3_{name}")]
    if not parts.netloc:
        raise ImproperlyConfigured(f"{variable} is '{place[:80]}'; write s3://bucket/folder")
    if missing:
        raise ImproperlyConfigured(
            f"{variable} names a store of objects, and JIFEN_S3_{missing[0]} is not set: write "
            "the key and the secret with which the bucket is read and written"
        )
    return {
        "bucket_name": parts.netloc,
        "location": parts.path.strip("/"),
        "endpoint_url": read_endpoint() or None,
        "region_name": os.environ.get("JIFEN_S3_REGION") or "us-east-1",
        "access_key": os.environ["JIFEN_S3_KEY"],
        "secret_key": os.environ["JIFEN_S3_SECRET"],
    }
