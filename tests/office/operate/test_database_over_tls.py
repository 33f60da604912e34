"""PostgreSQL with TLS required and the two roles: the owner migrates, the site runs as the other
one, and neither comes in without TLS. The server is one of its own, beside any other."""

import importlib.util
import os
import shutil
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest

from tests.world.certificates import Certificate, make_certificate

ROOT = Path(__file__).parents[3]
OWNER, SITE, PASSWORD = "jifen", "jifen_site", "a-password"


def load_launcher() -> Any:
    """tools/pg.py, which is no module of the package."""
    spec = importlib.util.spec_from_file_location("pg", ROOT / "tools/pg.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


class TlsServer:
    """A PostgreSQL that takes nobody over the network without TLS and a password."""

    def __init__(self, certificate: Certificate) -> None:
        self._pg: Any = load_launcher()
        self.certificate = certificate
        with socket.create_server(("127.0.0.1", 0)) as free:
            self.port: int = free.getsockname()[1]
        self.home = Path(tempfile.mkdtemp(prefix="jifen-tls-", dir="/tmp"))
        self._server = self._pg.Server(self.home, self._pg.find_binaries())
        certificate_file, key_file = self._give_to_server(certificate)
        self._pg.SERVER_SETTINGS |= {
            "listen_addresses": "127.0.0.1",
            "port": str(self.port),
            "ssl": "on",
            "ssl_cert_file": str(certificate_file),
            "ssl_key_file": str(key_file),
        }
        self._server.start()
        self._require_tls()

    def _give_to_server(self, certificate: Certificate) -> list[Path]:
        files = []
        for source in certificate:
            target = self.home / source.name
            shutil.copy(source, target)
            target.chmod(0o600)
            if self._server.user:
                os.chown(target, self._server.user.pw_uid, self._server.user.pw_gid)
            files.append(target)
        return files

    def _require_tls(self) -> None:
        rules = "local all postgres trust\nhostssl all all 127.0.0.1/32 scram-sha-256\n"
        (self.home / "data/pg_hba.conf").write_text(rules)
        with self.connect_as_administrator("postgres") as line:
            line.execute("SELECT pg_reload_conf()")
            for role in (OWNER, SITE):
                line.execute(f"CREATE ROLE {role} LOGIN PASSWORD '{PASSWORD}'".encode())
            line.execute(f"CREATE DATABASE jifen OWNER {OWNER} TEMPLATE template0".encode())
        with self.connect_as_administrator("jifen") as line:
            line.execute(f"ALTER SCHEMA public OWNER TO {OWNER}".encode())

    def connect_as_administrator(self, database: str) -> "psycopg.Connection[Any]":
        place = {"host": str(self.home), "port": self.port, "user": "postgres"}
        return psycopg.connect(dbname=database, autocommit=True, **place)  # type: ignore[arg-type]

    def url(self, role: str, ssl: str = "verify-full", trusting: Certificate | None = None) -> str:
        """DATABASE_URL of a role."""
        authority = (trusting or self.certificate).certificate
        trusted = f"&sslrootcert={authority}" if ssl == "verify-full" else ""
        address = f"{role}:{PASSWORD}@127.0.0.1:{self.port}/jifen"
        return f"postgresql://{address}?sslmode={ssl}{trusted}"

    def stop(self) -> None:
        self._server.stop()
        shutil.rmtree(self.home, ignore_errors=True)


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TlsServer]:
    made = TlsServer(make_certificate(tmp_path_factory.mktemp("tls")))
    yield made
    made.stop()


def jifen(
    server: TlsServer, folder: Path, role: str, *command: str
) -> "subprocess.CompletedProcess[str]":
    """A command of the site, as it is run beside that server."""
    environment = os.environ | {"DATABASE_URL": server.url(role), "JIFEN_VAR": str(folder)}
    return subprocess.run(
        [sys.executable, "-m", "jifen", *command],
        check=False,
        env=environment,
        capture_output=True,
        text=True,
    )


def test_nobody_comes_in_without_tls(server: TlsServer) -> None:
    for role in (OWNER, SITE):
        with pytest.raises(psycopg.OperationalError, match=r"no pg_hba\.conf entry.*no encryption"):
            psycopg.connect(server.url(role, "disable"))


def test_a_server_with_another_certificate_is_not_believed(
    server: TlsServer, tmp_path: Path
) -> None:
    other = make_certificate(tmp_path, "other")
    with pytest.raises(psycopg.OperationalError, match="certificate verify failed"):
        psycopg.connect(server.url(OWNER, trusting=other))


def test_the_owner_migrates_and_the_site_cannot_rewrite_the_log(
    server: TlsServer, tmp_path: Path
) -> None:
    migrated = jifen(server, tmp_path, OWNER, "migrate", "--application", SITE)
    assert migrated.returncode == 0, migrated.stderr
    with psycopg.connect(server.url(SITE)) as line:
        row = line.execute("SELECT ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()").fetchone()
        assert row == (True,)
        assert line.execute("SELECT count(*) FROM administration_officecard").fetchone() == (0,)
    for statement in (
        "UPDATE audit_entry SET act = 'x'",
        "DELETE FROM audit_entry",
        "ALTER TABLE audit_entry DISABLE TRIGGER ALL",
        "DROP TABLE audit_entry",
    ):
        with (
            psycopg.connect(server.url(SITE)) as line,
            pytest.raises(psycopg.errors.InsufficientPrivilege),
        ):
            line.execute(statement.encode())
