"""Mail to a real server: with TLS and a sign-in, and never without what was asked for."""

import importlib
import socket
import ssl
import threading
from base64 import b64decode
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from pytest_django import Settings

from jifen.office.messages.channels import OutgoingMessage, SendResult, get_channel
from jifen.office.operate.doctor import services
from jifen.office.site.settings import sending
from tests.world.certificates import Certificate, make_certificate

pytestmark = pytest.mark.django_db
USER, PASSWORD = "jifen", "mail-password"


class MailServer:
    """A mail server of one connection after another. `tls`: from the first byte, else after
    STARTTLS. Without TLS and a sign-in it takes nothing."""

    def __init__(self, certificate: Certificate, *, tls: bool) -> None:
        self._context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self._context.load_cert_chain(certificate.certificate, certificate.key)
        self._tls = tls
        self.taken: list[str] = []
        self.in_clear: list[str] = []
        self._server = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._server.getsockname()[1]
        self._thread = threading.Thread(target=self._serve)
        self._thread.start()

    def _serve(self) -> None:
        while True:
            try:
                line, _ = self._server.accept()
            except OSError:
                return
            line.settimeout(10)
            try:
                self._talk(line)
            except OSError:  # the client did not trust the certificate
                pass
            finally:
                line.close()

    def _talk(self, line: socket.socket) -> None:
        secure = self._tls
        if secure:
            line = self._context.wrap_socket(line, server_side=True)
        signed_in, file = False, line.makefile("rb")
        say: Callable[[str], object] = lambda words: line.sendall(f"{words}\r\n".encode())  # noqa: E731
        say("220 mail.test")
        while command := file.readline().decode().strip():
            word = command.split(" ", 1)[0].upper()
            if not secure:
                self.in_clear.append(command)
            if word == "EHLO":
                say("250-mail.test")
                say("250 AUTH PLAIN" if secure else "250 STARTTLS")
            elif word == "STARTTLS":
                say("220 go ahead")
                line = self._context.wrap_socket(line, server_side=True)
                secure, file = True, line.makefile("rb")
            elif word == "AUTH":
                _, user, password = b64decode(command.split()[2]).decode().split("\0")
                signed_in = secure and (user, password) == (USER, PASSWORD)
                say("235 welcome" if signed_in else "535 wrong name or password")
            elif word == "DATA" and signed_in:
                say("354 go on")
                text = b""
                while (part := file.readline()) != b".\r\n":
                    text += part
                self.taken.append(text.decode())
                say("250 taken")
            elif word == "QUIT":
                say("221 bye")
                return
            else:
                say("250 well" if signed_in else "530 sign in first")

    def close(self) -> None:
        self._server.shutdown(socket.SHUT_RDWR)
        self._server.close()
        self._thread.join()


@pytest.fixture
def certificate(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Certificate:
    """A certificate that this machine trusts, as it would one of its own authority."""
    made = make_certificate(tmp_path)
    monkeypatch.setenv("SSL_CERT_FILE", str(made.certificate))
    return made


@pytest.fixture(params=["starttls", "tls"])
def server(
    request: pytest.FixtureRequest,
    certificate: Certificate,
    settings: Settings,
    monkeypatch: pytest.MonkeyPatch,
) -> Iterator[MailServer]:
    """A server, and the site set up for it by its environment."""
    made = MailServer(certificate, tls=request.param == "tls")
    for name, value in (
        ("HOST", "localhost"),
        ("PORT", str(made.port)),
        ("TLS", request.param),
        ("USER", USER),
        ("PASSWORD", PASSWORD),
        ("BACKEND", "django.core.mail.backends.smtp.EmailBackend"),
    ):
        monkeypatch.setenv(f"JIFEN_EMAIL_{name}", value)
    importlib.reload(sending)
    for name in (*("EMAIL_BACKEND", "EMAIL_HOST", "EMAIL_PORT", "EMAIL_HOST_USER"),):
        setattr(settings, name, getattr(sending, name))
    for name in ("EMAIL_HOST_PASSWORD", "EMAIL_USE_TLS", "EMAIL_USE_SSL", "EMAIL_TIMEOUT"):
        setattr(settings, name, getattr(sending, name))
    yield made
    made.close()
    monkeypatch.undo()
    importlib.reload(sending)


def send() -> SendResult:
    message = OutgoingMessage("4711", "somebody@example.org", "居住证积分", "您的申请已收到")
    return get_channel("email").send(message)


def test_mail_is_sent_signed_in_and_under_tls(server: MailServer) -> None:
    assert send().outcome == "accepted"
    (text,) = server.taken
    assert "Message-ID: <4711@jifen>" in text
    assert "somebody@example.org" in text
    assert all(word.split()[0].upper() in ("EHLO", "STARTTLS") for word in server.in_clear)


def test_a_wrong_password_sends_nothing(server: MailServer, settings: Settings) -> None:
    settings.EMAIL_HOST_PASSWORD = "another"
    sent = send()
    assert sent.outcome != "accepted"
    assert server.taken == []
    finding = services.check_mail()
    assert finding.state == "fault"
    assert "JIFEN_EMAIL_HOST" in finding.words.zh
    assert "another" not in finding.words.en


def test_a_certificate_that_nobody_vouches_for_sends_nothing(
    server: MailServer, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    other = make_certificate(tmp_path, "other")
    monkeypatch.setenv("SSL_CERT_FILE", str(other.certificate))
    sent = send()
    assert (sent.outcome, sent.words) == ("unsure", "SSLCertVerificationError")
    assert server.taken == []
    assert not any("AUTH" in command for command in server.in_clear)


def test_the_doctor_signs_in_and_sends_nothing(server: MailServer) -> None:
    finding = services.check_mail()
    assert finding.state == "good"
    assert server.taken == []
