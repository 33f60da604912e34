"""Addresses that others named: only hosts on the internet, each resolved once."""

import socket
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from ipaddress import ip_address
from typing import Any
from urllib.parse import urlsplit

import pytest

from jifen.office.api import outgoing
from jifen.office.api.outgoing import (
    NotOnInternet,
    UnknownHost,
    is_on_the_internet,
    resolve_checked_addresses,
)


@pytest.mark.parametrize("address", ["93.184.215.14", "2606:2800:21f:cb07:6820:80da:af6b:8b2c"])
def test_a_host_on_the_internet_is_reached(address: str) -> None:
    assert is_on_the_internet(ip_address(address))


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1",
        "10.1.2.3",
        "169.254.169.254",  # where clouds keep their secrets
        "100.64.0.1",
        "0.0.0.0",
        "224.0.0.1",
        "255.255.255.255",
        "::1",
        "fd00::1",
        "fe80::1",
        "ff02::1",
        "::ffff:10.1.2.3",
        "64:ff9b::a01:203",  # NAT64 of 10.1.2.3
        "64:ff9b:1::a01:203",
        "2002:a01:203::1",  # 6to4 of 10.1.2.3
        "2001:0:a01:203::1",  # Teredo
        "::a01:203",
    ],
)
def test_no_other_address_is_reached(address: str) -> None:
    assert not is_on_the_internet(ip_address(address))


def names(monkeypatch: pytest.MonkeyPatch, *answers: list[str]) -> list[int]:
    """The name server gives one answer after another; the list grows with each question."""
    asked: list[int] = []

    def resolve(host: str, port: int, **_: Any) -> list[Any]:
        asked.append(port)
        found = answers[min(len(asked), len(answers)) - 1]
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (one, port)) for one in found]

    monkeypatch.setattr(socket, "getaddrinfo", resolve)
    return asked


def test_a_name_of_which_one_address_leads_inside_is_refused(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    names(monkeypatch, ["93.184.215.14", "10.0.0.1"])
    with pytest.raises(NotOnInternet):
        resolve_checked_addresses(urlsplit("https://hr.example/hook"))


def test_only_the_port_of_https_is_used(monkeypatch: pytest.MonkeyPatch) -> None:
    names(monkeypatch, ["93.184.215.14"])
    assert resolve_checked_addresses(urlsplit("https://hr.example/hook")) == ["93.184.215.14"]
    for port in (22, 25, 6379, 8443):
        with pytest.raises(NotOnInternet):
            resolve_checked_addresses(urlsplit(f"https://hr.example:{port}/hook"))


@pytest.mark.parametrize("url", ["https://hr.example:99999/x", "https://hr.example:no/x"])
def test_a_port_that_is_none_is_no_host(url: str) -> None:
    with pytest.raises(UnknownHost):
        resolve_checked_addresses(urlsplit(url))


def test_the_connection_goes_to_the_address_that_was_checked(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The second answer of the name server leads inside, and is not asked for."""
    asked = names(monkeypatch, ["93.184.215.14"], ["127.0.0.1"])
    reached: list[Any] = []

    def connect(address: Any, *_: Any) -> socket.socket:
        reached.append(address)
        raise ConnectionRefusedError

    monkeypatch.setattr(socket, "create_connection", connect)
    with pytest.raises(ConnectionRefusedError):
        outgoing.post_to_internet("https://hr.example/hook", b"{}", {}, seconds=1)
    assert reached == [("93.184.215.14", 443)]
    assert len(asked) == 1


class _Receiver(BaseHTTPRequestHandler):
    """Answers a post: 307 to /elsewhere, 202 to anything else, and keeps what came."""

    came: list[tuple[str, str, bytes]] = []  # noqa: RUF012 - of the one test below

    def do_POST(self) -> None:
        """Take the body."""
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.came.append((self.path, self.headers["Host"], body))
        self.send_response(307 if self.path == "/moved" else 202)
        self.send_header("Location", "http://127.0.0.1:1/inside")
        self.end_headers()

    def log_message(self, *_: Any) -> None:
        """Nothing."""


@pytest.fixture
def receiver() -> Iterator[str]:
    """A server on this machine; its address."""
    server = HTTPServer(("127.0.0.1", 0), _Receiver)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://localhost:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


def test_a_body_is_sent_and_a_redirect_is_not_followed(receiver: str) -> None:
    sent = {"X-Jifen-Signature": "sha256=0"}
    assert (
        outgoing.post_to_internet(f"{receiver}/hook?a=1", b"{}", sent, seconds=5, guarded=False)
        == 202
    )
    assert (
        outgoing.post_to_internet(f"{receiver}/moved", b"{}", sent, seconds=5, guarded=False) == 307
    )
    assert [(path, body) for path, _, body in _Receiver.came] == [
        ("/hook?a=1", b"{}"),
        ("/moved", b"{}"),
    ]
    assert _Receiver.came[0][1].startswith("localhost:")
