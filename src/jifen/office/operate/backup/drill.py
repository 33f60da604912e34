"""A drill: a backup is restored into a temporary installation, verified and removed."""

import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from secrets import token_hex
from urllib.parse import urlsplit, urlunsplit

import psycopg
from psycopg import sql

from jifen.office.operate.backup.faults import BackupFault
from jifen.office.operate.backup.manifest import read_manifest


def run_drill(folder: Path, identity: Path, lang: str) -> int:
    """Restore a backup in another process, with the keys of this installation and with a temporary
    database and store. Returns its exit status. Raises BackupFault."""
    manifest, _, _ = read_manifest(folder)
    with (
        tempfile.TemporaryDirectory(prefix="jifen-drill-") as place,
        _empty_database(manifest.database, Path(place)) as url,
    ):
        overrides = {"DATABASE_URL": url, "JIFEN_DOCUMENTS": str(Path(place) / "documents")}
        command = [sys.executable, "-m", "jifen", "restore", str(folder.absolute())]
        options = ["--identity", str(identity.absolute()), "--lang", lang]
        environment = {**os.environ, **overrides}
        return subprocess.run([*command, *options], env=environment, check=False).returncode


@contextmanager
def _empty_database(vendor: str, place: Path) -> Iterator[str]:
    """The address of an empty database of the kind that the backup is of."""
    if vendor != "postgresql":
        yield f"sqlite:///{place}/jifen.sqlite3"
        return
    address = urlsplit(os.environ.get("DATABASE_URL", ""))
    if address.scheme not in ("postgresql", "postgres"):
        raise BackupFault("JF-O005", "vendor", backup=vendor, here=address.scheme or "sqlite")
    name = f"jifen_drill_{token_hex(4)}"
    with psycopg.connect(urlunsplit(address), autocommit=True) as server:
        try:
            server.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
        except psycopg.errors.InsufficientPrivilege:
            raise BackupFault("JF-O005", "create", role=server.info.user) from None
        try:
            yield urlunsplit(address._replace(path=f"/{name}"))
        finally:
            drop = sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name))
            server.execute(drop)
