"""The bare server with eight slow clients and more: pages answer, and slow ones are given up."""

import os
import re
import select
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing, suppress

import pytest

_SERVES = """
import sys
from jifen.office.site import server
server.require_free("127.0.0.1", int(sys.argv[1]))
import os
os.environ["DJANGO_SETTINGS_MODULE"] = "jifen.office.site.settings"
import django
django.setup()
server._run_server("127.0.0.1", int(sys.argv[1]))
"""
PATIENCE = 40
"""Seconds until a test gives up; nothing waits for them where all goes well."""
SLOW, DRIP = 8, 0.4
"""Clients, and seconds between two bytes of each."""


@pytest.fixture(scope="module")
def port(tmp_path_factory: pytest.TempPathFactory) -> Iterator[int]:
    """A server of its own process, with ten threads and short time-outs."""
    with closing(socket.socket()) as probe:
        probe.bind(("127.0.0.1", 0))
        number = int(probe.getsockname()[1])
    own = {
        "JIFEN_VAR": str(tmp_path_factory.mktemp("var")),
        "JIFEN_MODE": "embedded",
        "JIFEN_THREADS": "12",
        "JIFEN_HEAD_SECONDS": "2",
        "JIFEN_BODY_SECONDS": "4",
        "JIFEN_BODY_RATE": "1000000",
    }
    given = {name: text for name, text in os.environ.items() if name != "DATABASE_URL"}
    server = subprocess.Popen([sys.executable, "-c", _SERVES, str(number)], env={**given, **own})
    try:
        while not _is_open(number):
            assert server.poll() is None, "the server ended"
        yield number
    finally:
        server.terminate()
        server.wait(PATIENCE)


def _is_open(port: int) -> bool:
    try:
        with closing(_connected(port)):
            return True
    except ConnectionRefusedError:
        return False


def _connected(port: int) -> socket.socket:
    return socket.create_connection(("127.0.0.1", port), PATIENCE)


def _received(line: socket.socket) -> str:
    """All that comes until the server closes the connection."""
    parts = list[bytes]()
    while part := line.recv(65536):
        parts.append(part)
    return b"".join(parts).decode()


def _answer(line: socket.socket) -> str:
    """One answer, whole by its length; the connection may go on."""
    head, content = b"", b""
    while b"\r\n\r\n" not in head:
        part = line.recv(65536)
        assert part, head
        head += part
    head, _, content = head.partition(b"\r\n\r\n")
    (length,) = (int(size) for size in re.findall(rb"(?i)content-length: (\d+)", head))
    while len(content) < length:
        content += line.recv(65536)
    return (head + b"\r\n\r\n" + content).decode()


def _page(port: int, path: str) -> str:
    with closing(_connected(port)) as line:
        line.sendall(
            f"GET {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n".encode()
        )
        return _received(line)


def _head(length: int, path: str = "/shanghai/assess", more: str = "") -> bytes:
    return (
        f"POST {path} HTTP/1.1\r\nHost: localhost\r\nContent-Length: {length}\r\n"
        f"Content-Type: application/x-www-form-urlencoded\r\n{more}\r\n"
    ).encode()


def _begun(port: int) -> socket.socket:
    """A POST whose body a thread of the server waits for: only then it says to go on."""
    line = _connected(port)
    line.sendall(_head(100_000, more="Expect: 100-continue\r\n"))
    answer = b""
    while b"\r\n\r\n" not in answer:
        part = line.recv(1024)
        assert part, answer
        answer += part
    assert answer.startswith(b"HTTP/1.1 100 ")
    line.sendall(b"a")
    return line


def test_pages_answer_while_eight_bodies_come_slowly_and_each_is_given_up(port: int) -> None:
    lines = [_begun(port) for _ in range(SLOW)]
    for path in ("/healthz", "/robots.txt", "/healthz"):
        assert _page(port, path).startswith("HTTP/1.1 200 ")
    waiting = list(lines)
    while waiting:
        answered, _, _ = select.select(waiting, [], [], DRIP)
        for line in answered:
            answer = _answer(line)
            assert answer.startswith("HTTP/1.1 408 ")
            assert "提交的内容没有及时传完" in answer
            waiting.remove(line)
            line.close()
        for line in waiting:
            with suppress(BrokenPipeError, ConnectionResetError):  # answered since it was looked at
                line.sendall(b"a")
    assert _page(port, "/healthz").startswith("HTTP/1.1 200 ")


def test_a_head_that_does_not_end_is_given_up(port: int) -> None:
    with closing(_connected(port)) as line:
        line.sendall(b"GET /healthz HTTP/1.1\r\nHost: local")
        assert "200" not in _received(line)
    assert _page(port, "/healthz").startswith("HTTP/1.1 200 ")


def test_a_body_that_is_too_large_is_answered_before_it_is_sent(port: int) -> None:
    with closing(_connected(port)) as line:
        line.sendall(_head(50_000_000))
        answer = _received(line)
    assert answer.startswith("HTTP/1.1 413 ")
    assert "提交的内容过大，没有接收" in answer


def test_a_body_without_a_length_is_answered_at_once(port: int) -> None:
    with closing(_connected(port)) as line:
        head = _head(0).replace(b"Content-Length: 0", b"Transfer-Encoding: chunked")
        line.sendall(head + b"5\r\na=b&c\r\n")
        assert _received(line).startswith("HTTP/1.1 411 ")


def test_a_whole_body_is_answered(port: int) -> None:
    with closing(_connected(port)) as line:
        line.sendall(_head(20, more="Connection: close\r\n") + b"birth_date=1990-05-01")
        answer = _received(line)
    assert answer.startswith("HTTP/1.1 200 ")
