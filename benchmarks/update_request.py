"""The update of the self-assessment, as the browser asks for it, against a bare Django view.

Both are served by granian in WSGI mode with the same threads, on this machine; one client, one
connection to each, in turn.
"""

import http.client
import os
import random
import re
import socket
import subprocess
import sys
import tempfile
import time
import urllib.parse
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from benchmarks.one_person import random_person
from benchmarks.timing import measure_ratio, print_ratio

FORMS = 200
HEAD = {"Content-Type": "application/x-www-form-urlencoded", "HX-Request": "true"}


@contextmanager
def serve_site(application: str, folder: str) -> Iterator[int]:
    """A site on a free port."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [sys.executable, "-m", "granian", application, "--interface", "wsgi"]
    command += ["--port", str(port), "--workers", "1", "--blocking-threads", "4"]
    command += ["--log-level", "error"]
    environment = {**os.environ, "JIFEN_VAR": folder}
    server = subprocess.Popen(command, env=environment)
    try:
        _wait_for_port(port)
        yield port
    finally:
        server.terminate()
        server.wait(10)


def _wait_for_port(port: int) -> None:
    for _ in range(100):
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.1)
    sys.exit("the server did not start")


def build_form(draw: random.Random) -> str:
    """The posted form of a person of whom about four in five answers are given."""
    fields = {"as_of": "2025-06-01"}
    for fact_id, value in random_person(draw).items():
        if draw.random() < 0.2:
            continue
        if isinstance(value, list):
            fields[fact_id] = "some" if value else "none"
            if value:
                fields[f"row.{fact_id}"] = value[0].isoformat()
        else:
            fields[fact_id] = str(value).lower() if isinstance(value, bool) else str(value)
    return urllib.parse.urlencode(fields)


def complete_form(port: int, body: str) -> str:
    """The form as a browser posts it: every question that its page shows, answered or not."""
    connection = http.client.HTTPConnection("127.0.0.1", port)
    connection.request("POST", "/shanghai/", body, HEAD)
    page = connection.getresponse().read().decode()
    names = set(re.findall(r'<(?:input|select)[^>]* name="(\w+)"', page))
    assert len(names) > 10, page[:300]
    typed = dict(urllib.parse.parse_qsl(body))
    rows = {name: value for name, value in typed.items() if "." in name}
    return urllib.parse.urlencode({name: typed.get(name, "") for name in sorted(names)} | rows)


def build_poster(port: int, path: str, bodies: list[str]) -> Callable[[], None]:
    """Posts every body over one kept connection."""
    connection = http.client.HTTPConnection("127.0.0.1", port)

    def post_all() -> None:
        for body in bodies:
            connection.request("POST", path, body, HEAD)
            answer = connection.getresponse()
            text = answer.read()
            assert answer.status == 200, (answer.status, text[:300])

    return post_all


def run() -> None:
    """Time both in turn."""
    draw = random.Random(7)
    bodies = [build_form(draw) for _ in range(FORMS)]
    with (
        tempfile.TemporaryDirectory() as folder,
        serve_site("jifen.office.site.wsgi:application", folder) as ours,
        serve_site("benchmarks.bare_site:application", folder) as bare,
    ):
        bodies = [complete_form(ours, body) for body in bodies]
        measured = measure_ratio(
            build_poster(ours, "/shanghai/assess", bodies),
            build_poster(bare, "/", bodies),
            rounds=7,
        )
    ours_s, bare_s, times = measured
    print_ratio("self-assessment update", (ours_s / FORMS, bare_s / FORMS, times), "at most 3")
