"""The address of the metrics: a small server of its own, so that no visitor of the site reaches it.

It answers `GET /metrics` and nothing else, and with JIFEN_METRICS_TOKEN only whoever knows it.
"""

import hmac
from collections.abc import Callable, Iterable, Iterator
from http import HTTPStatus
from socketserver import ThreadingMixIn
from threading import Thread
from typing import Any
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

from django.db import connections
from prometheus_client import REGISTRY
from prometheus_client.core import Metric
from prometheus_client.exposition import CONTENT_TYPE_LATEST, generate_latest

from jifen.office.site.metrics.collector import SiteCollector

PATH = "/metrics"
_Start = Callable[[str, list[tuple[str, str]]], Any]


class EveryMetric:
    """What is counted as it happens, and what is counted when it is asked for."""

    def __init__(self) -> None:
        self._site = SiteCollector()

    def collect(self) -> Iterator[Metric]:
        """All families."""
        yield from REGISTRY.collect()
        yield from self._site.collect()


class MetricsApplication:
    """The WSGI application that shows the metrics to whoever may see them."""

    def __init__(self, token: str) -> None:
        self._token, self._metrics = token, EveryMetric()

    def __call__(self, environ: dict[str, Any], start: _Start) -> Iterable[bytes]:
        """Answer a request."""
        status = self._choose_status(environ)
        if status != HTTPStatus.OK:
            words = f"{status.phrase}\n".encode()
            start(f"{status.value} {status.phrase}", _build_head("text/plain", words))
            return [words]
        try:
            content = generate_latest(self._metrics)
        finally:
            connections.close_all()  # each request has a thread of its own
        start("200 OK", _build_head(CONTENT_TYPE_LATEST, content))
        return [content]

    def _choose_status(self, environ: dict[str, Any]) -> HTTPStatus:
        given = environ.get("HTTP_AUTHORIZATION", "").encode()
        if self._token and not hmac.compare_digest(given, f"Bearer {self._token}".encode()):
            return HTTPStatus.UNAUTHORIZED
        if environ.get("PATH_INFO") != PATH:
            return HTTPStatus.NOT_FOUND
        if environ.get("REQUEST_METHOD") != "GET":
            return HTTPStatus.METHOD_NOT_ALLOWED
        return HTTPStatus.OK


def _build_head(kind: str, content: bytes) -> list[tuple[str, str]]:
    return [
        ("Content-Type", kind),
        ("Content-Length", str(len(content))),
        ("Cache-Control", "no-store"),
    ]


class _ThreadedServer(ThreadingMixIn, WSGIServer):
    daemon_threads = True


class _SilentHandler(WSGIRequestHandler):
    timeout = 10  # seconds for a head, so that a silent caller holds nothing

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - named so by the library
        """Say nothing: a look every fifteen seconds is no event."""


def start_metrics_server(address: tuple[str, int], token: str) -> WSGIServer:
    """Show the metrics at an address, from a thread of this process. Raises OSError where another
    program listens there."""
    application = MetricsApplication(token)
    server = make_server(*address, application, _ThreadedServer, _SilentHandler)
    Thread(target=server.serve_forever, name="metrics", daemon=True).start()
    return server
