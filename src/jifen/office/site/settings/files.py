"""Where uploaded documents are kept, and who scans them."""

import os
from typing import Any

from django.core.exceptions import ImproperlyConfigured

from jifen.office.documents.store_settings import describe_store, is_bucket, read_endpoint
from jifen.office.site.settings.environment import get_var_folder, read_pairs
from jifen.reader.pool import read_pool_size

STORAGES: dict[str, Any] = {
    "default": {
        "BACKEND": "django.core.files.storage.FileSystemStorage",
        "OPTIONS": {"location": str(get_var_folder() / "files")},
    },
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
    # Outside of every address: documents are opened through a view that asks who may.
    "documents": describe_store(
        "JIFEN_DOCUMENTS",
        os.environ.get("JIFEN_DOCUMENTS") or str(get_var_folder() / "documents"),
    ),
}
# Where the digests of the log are anchored, a file a day: a folder of another machine or store.
# Any storage of Django's can stand here.
if _ANCHORS := os.environ.get("JIFEN_ANCHORS", ""):
    STORAGES["anchors"] = (
        describe_store("JIFEN_ANCHORS", _ANCHORS)
        if is_bucket(_ANCHORS)
        else {
            "BACKEND": "django.core.files.storage.FileSystemStorage",
            "OPTIONS": {"location": _ANCHORS},
        }
    )
# The address of a store of objects that documents, anchors or backups are kept in.
JIFEN_S3_ENDPOINT = read_endpoint()
# How many processes read workbooks, PDFs and pictures for one process of the site.
try:
    JIFEN_READERS = read_pool_size()
except ValueError as error:
    raise ImproperlyConfigured(str(error)) from None
# unix:/path or tcp://host:3310; empty: documents are not scanned.
JIFEN_CLAMD = os.environ.get("JIFEN_CLAMD", "")
# register → class, where a city has its own; the others are the embedded tables.
JIFEN_REGISTERS = read_pairs("JIFEN_REGISTERS")
# city → how what follows a late endorsement is read, where the sources disagree.
JIFEN_PERMIT_READINGS = read_pairs("JIFEN_PERMIT_READINGS")
# A folder with more fonts, for names with characters that the shipped one does not have.
JIFEN_FONTS = os.environ.get("JIFEN_FONTS", "")
# Where Debian puts fonts-babelstone-han and fonts-hanazono: with both, every character of
# GB 18030-2022 is printed (decision 0059). A folder that is not there is passed over.
RARE_CHARACTER_FONTS = (
    "/usr/share/fonts/truetype/babelstone",
    "/usr/share/fonts/truetype/hanazono",
)
# Packed people on whom drafts of measures are tried: one folder each.
JIFEN_POPULATIONS = os.environ.get("JIFEN_POPULATIONS") or str(get_var_folder() / "populations")
# Folders of cities with versions that were put in force here; written anew from the database.
JIFEN_EDITIONS = os.environ.get("JIFEN_EDITIONS") or str(get_var_folder() / "editions")
# A process looks for versions put in force at most so often.
JIFEN_EDITIONS_SECONDS = 1.0
