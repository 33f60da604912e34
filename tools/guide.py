"""Run the guide for an installation (docs/running.md), block by block, on a bare Debian 12.

python tools/guide.py ROOT [--certificates FILE]

ROOT: a folder with a bare Debian 12, made by debootstrap where it does not exist. It is copied, so
that each run begins with nothing, and booted with its own systemd (systemd-nspawn). Every command
of the numbered sections is run in it as it stands on the page, and at the end an administrator
signs in over HTTPS, chooses a password, and the backup of the nightly jobs is restored. Needs root,
debootstrap, systemd-nspawn, curl and the ports 80, 443, 5432 and 8000 of this machine. FILE:
certificates to trust where a proxy stands before the registries.
"""

import argparse
import re
import secrets
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

HERE = Path(__file__).resolve().parents[1]
GUIDE = HERE / "docs" / "running.md"
HOST = "jifen.example.gov.cn"
BUNDLE = "/root/jifen.bundle"
FILLED_IN = {r"\bREPOSITORY\b": BUNDLE, r"\bNAME\b": "wang.security", r"\bOTHER\b": "li.admin"}
"""What the page leaves to the reader; the name of the site stays."""
RESTORE = """set -euo pipefail
export PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin
cd /
runuser -u postgres -- psql --quiet --command 'ALTER ROLE jifen CREATEDB'
install -m 600 -o jifen -g jifen /root/backup-secret.txt /var/lib/jifen/backup-secret.txt
newest=$(ls -d /var/backups/jifen/jifen-* | tail -1)
jifen-admin restore "$newest" --identity /var/lib/jifen/backup-secret.txt --drill
"""
"""As docs/backup.md says for a drill: the user of the site may make a database for it."""
_SECTION = re.compile(r"^## (\d+\. .+?)\n(.*?)(?=^## |\Z)", re.MULTILINE | re.DOTALL)
_BLOCK = re.compile(r"^```\n(.*?)^```$", re.MULTILINE | re.DOTALL)


@dataclass(frozen=True, slots=True)
class GuideSection:
    """A numbered section of the page, with its commands as they stand there."""

    title: str
    commands: str


def read_sections(text: str) -> list[GuideSection]:
    """The numbered sections in order. Raises ValueError where one has no commands."""
    found = []
    for title, body in _SECTION.findall(text):
        commands = "".join(_BLOCK.findall(body))
        if not commands:
            raise ValueError(f"section '{title}' of the guide has no commands")
        found.append(GuideSection(title, commands))
    return found


def write_script(sections: list[GuideSection]) -> str:
    """One shell script that runs them all and says when each began and what failed."""
    parts = ["cd /root", "set -euo pipefail", "export DEBIAN_FRONTEND=noninteractive"]
    for section in sections:
        commands = section.commands
        for name, value in FILLED_IN.items():
            commands = re.sub(name, value, commands)
        parts += [f"echo '### {section.title}' $SECONDS s >&2", commands]
    return "\n".join([*parts, "echo '### end' $SECONDS s >&2"])


@contextmanager
def boot_copy(root: Path, certificates: Path | None) -> Iterator[list[str]]:
    """Boot a copy of a root; gives the command that runs others inside of it."""
    with tempfile.TemporaryDirectory(prefix="jifen-guide-") as folder:
        copy = Path(folder) / "root"
        subprocess.run(["cp", "-a", str(root), str(copy)], check=True)
        bundle = ["git", "bundle", "create", "-q", f"{copy}{BUNDLE}", "HEAD"]
        subprocess.run(bundle, check=True, cwd=HERE)
        if certificates:
            shutil.copy(certificates, copy / "etc/ssl/certs/ca-certificates.crt")
        command = ["systemd-nspawn", "--register=no", "--keep-unit", "--quiet", "--boot"]
        command += ["--resolv-conf=copy-host", f"--directory={copy}"]
        nspawn = subprocess.Popen(
            command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        try:
            leader = _wait_for_leader(nspawn)
            inside = ["nsenter", f"--target={leader}", "--mount", "--uts", "--ipc", "--pid"]
            inside += ["--root"]
            _wait_for_boot(inside)
            yield inside
        finally:
            nspawn.terminate()  # asks its systemd to power off
            nspawn.wait(timeout=120)


def _wait_for_leader(nspawn: "subprocess.Popen[bytes]") -> int:
    """The process that is number 1 inside."""
    children = Path(f"/proc/{nspawn.pid}/task/{nspawn.pid}/children")
    for _ in range(300):
        if nspawn.poll() is not None:
            raise RuntimeError(f"systemd-nspawn ended with {nspawn.returncode}")
        for child in children.read_text().split():
            if Path(f"/proc/{child}/comm").read_text().strip() == "systemd":
                return int(child)
        time.sleep(0.1)
    raise RuntimeError("the copy did not boot in 30 s")


def _wait_for_boot(inside: list[str]) -> None:
    """Until systemd inside is done, or as far as it gets without hardware of its own."""
    asked = [*inside, "systemctl", "is-system-running", "--wait"]
    said = ""
    for _ in range(60):
        state = subprocess.run(asked, capture_output=True, text=True, check=False, timeout=120)
        said = state.stdout.strip() or state.stderr.strip()
        if said in ("running", "degraded"):
            return
        time.sleep(0.5)  # its bus does not listen yet
    raise RuntimeError(f"systemd inside says: {said}")


def sign_in(password: str, certificate: Path, jar: Path) -> None:
    """Sign in over HTTPS as the first administrator, choose an own password, and reach the page of
    the second factor. Raises RuntimeError where that fails."""
    fields = {"login": "wang.security", "password": password}
    page = _send_form(certificate, jar, "/account/login/", fields)
    if 'name="oldpassword"' not in page:
        raise RuntimeError("the administrator was not asked for a password of their own")
    chosen = secrets.token_urlsafe(20)
    fields = {"oldpassword": password, "password1": chosen, "password2": chosen}
    _send_form(certificate, jar, "/account/password/change/", fields)
    if "/account/2fa/totp/activate" not in _ask(certificate, jar, "/my/"):
        raise RuntimeError("the administrator was not signed in")


def _send_form(certificate: Path, jar: Path, path: str, fields: dict[str, str]) -> str:
    """Fill in and send the form of a page. Raises RuntimeError where it has none."""
    token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', _ask(certificate, jar, path))
    if token is None:
        raise RuntimeError(f"{path} has no form")
    sent = [
        part
        for name, value in {"csrfmiddlewaretoken": token[1], **fields}.items()
        for part in ("--data-urlencode", f"{name}={value}")
    ]
    return _ask(certificate, jar, path, *sent, "--referer", f"https://{HOST}/")


def restore_backup(inside: list[str]) -> None:
    """Restore the backup of the nightly jobs into an empty database and store, and print what
    `jifen restore --drill` says."""
    began = time.monotonic()
    command = ["bash", "-c", RESTORE]
    done = subprocess.run([*inside, *command], capture_output=True, text=True, check=False)
    if done.returncode:
        raise RuntimeError(f"the restore ended with {done.returncode}:\n{done.stdout}{done.stderr}")
    print(done.stdout.strip())
    print(f"the backup was restored and proved after {time.monotonic() - began:.0f} s")


def _ask(certificate: Path, jar: Path, path: str, *more: str) -> str:
    command = ["curl", "--silent", "--show-error", "--fail", "--location", "--cacert"]
    command += [str(certificate), "--resolve", f"{HOST}:443:127.0.0.1", "--noproxy", "*"]
    command += ["--cookie", str(jar), "--cookie-jar", str(jar), *more, f"https://{HOST}{path}"]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout


def run_guide(root: Path, certificates: Path | None) -> None:
    """Run it all and print how long each section took."""
    script = write_script(read_sections(GUIDE.read_text(encoding="utf-8")))
    if not root.exists():
        packages = "--include=systemd,systemd-sysv,dbus,ca-certificates"
        made = ["debootstrap", "--variant=minbase", packages, "bookworm", str(root)]
        subprocess.run(made, check=True, stdout=subprocess.DEVNULL)
    with boot_copy(root, certificates) as inside:
        began = time.monotonic()
        shell = [
            *inside,
            "env",
            "-i",
            "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
            "HOME=/root",
            "bash",
        ]
        told = subprocess.run(shell, input=script, stdout=subprocess.PIPE, text=True, check=False)
        if told.returncode:
            last_lines = "\n".join(told.stdout.splitlines()[-40:])
            raise RuntimeError(
                f"a command of the guide ended with {told.returncode}:\n{last_lines}"
            )
        password = re.search(r"^wang\.security: (.+)$", told.stdout, re.MULTILINE)
        if password is None:
            raise RuntimeError("no account was printed")
        with tempfile.TemporaryDirectory() as folder:
            certificate = Path(folder) / "certificate.pem"
            cat = [*inside, "cat", "/etc/jifen/tls/certificate.pem"]
            certificate.write_bytes(subprocess.run(cat, check=True, capture_output=True).stdout)
            sign_in(password[1], certificate, Path(folder) / "cookies")
        print(f"an administrator signed in over HTTPS after {time.monotonic() - began:.0f} s")
        nightly = [*inside, "systemctl", "start", "jifen-nightly.service"]
        subprocess.run(nightly, check=True)
        print("the nightly jobs ran under the restrictions of their unit")
        restore_backup(inside)


def main() -> int:
    """Read the arguments and run."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("root", type=Path)
    parser.add_argument("--certificates", type=Path)
    given = parser.parse_args()
    run_guide(given.root.absolute(), given.certificates)
    return 0


if __name__ == "__main__":
    sys.exit(main())
