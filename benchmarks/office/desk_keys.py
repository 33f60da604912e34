"""Sixty prepared cases worked through by keyboard in Chromium: the time of each from the key to the
next page, and how much of it the server took.

The site runs in this process (SQLite, one clerk). The time of the server is what its application
took for the pages of a case; scripts and pictures of papers come beside them and are summed apart.
"""

import os
import shutil
import statistics
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from time import perf_counter
from typing import Any

from playwright.sync_api import Page, sync_playwright

from benchmarks.office.many import skip_second_factor
from benchmarks.office.setup import sqlite_office

CASES = 60
NAMES = ("chromium-headless-shell", "chromium")


def run() -> None:
    """Print a line with keys, loads, seconds a case and the share of the server."""
    browser_path = next((path for name in NAMES if (path := shutil.which(name))), None)
    if browser_path is None:
        sys.exit("no Chromium on PATH: apt-get install chromium-headless-shell")
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"  # Playwright keeps an event loop
    with sqlite_office():
        from tests.world.clean_cases import prepare_clean_cases  # noqa: PLC0415 - needs the apps
        from tests.world.office import Office  # noqa: PLC0415 - needs the apps

        office = Office()
        cases = prepare_clean_cases(office, CASES)
        with _serve_timed() as (site, timer), sync_playwright() as playwright:
            browser = playwright.chromium.launch(
                executable_path=browser_path, args=["--no-sandbox"]
            )
            page = browser.new_page(viewport={"width": 1366, "height": 768}, locale="zh-CN")
            page.context.add_cookies([_sign_in(office.clerk, site)])
            page.goto(f"{site}/desk/{cases[0].key}")
            times = [_work_through_case(page, timer) for _ in cases]
            browser.close()
        states = [type(case).objects.get(pk=case.pk).state for case in cases]
        _print_times(times, states, timer.file_seconds)


class ServerTimer:
    """Seconds that an application took for pages and for files so far, and how many pages."""

    def __init__(self, application: Callable[..., Any]) -> None:
        self._application, self._lock = application, threading.Lock()
        self.page_seconds, self.file_seconds, self.pages = 0.0, 0.0, 0

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> list[bytes]:
        """Answer a request, whole."""
        begun = perf_counter()
        answer = self._application(environ, start_response)
        try:
            return [b"".join(answer)]
        finally:
            getattr(answer, "close", lambda: None)()
            self._count(environ["PATH_INFO"].startswith("/desk/"), perf_counter() - begun)

    def _count(self, is_page: bool, seconds: float) -> None:
        with self._lock:
            if is_page:
                self.page_seconds += seconds
                self.pages += 1
            else:
                self.file_seconds += seconds


@contextmanager
def _serve_timed() -> Iterator[tuple[str, ServerTimer]]:
    from django.core.servers.basehttp import (  # noqa: PLC0415 - needs the settings
        ThreadedWSGIServer,
        WSGIRequestHandler,
    )

    from jifen.office.site.wsgi import application  # noqa: PLC0415 - needs the settings

    class Silent(WSGIRequestHandler):
        def log_message(self, *_: object) -> None:
            """Requests are counted, not printed."""

    timer = ServerTimer(application)
    server = ThreadedWSGIServer(("127.0.0.1", 0), Silent)
    server.set_app(timer)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}", timer
    finally:
        server.shutdown()
        server.server_close()


def _sign_in(clerk: Any, site: str) -> Any:
    from django.conf import settings  # noqa: PLC0415 - needs the settings
    from django.test import Client  # noqa: PLC0415 - needs the settings

    from jifen.office.accounts.signin import middleware  # noqa: PLC0415 - needs the apps

    middleware.needs_second_factor = skip_second_factor
    client = Client()
    client.force_login(clerk)
    name = settings.SESSION_COOKIE_NAME
    return {"name": name, "value": client.cookies[name].value, "url": site}


def _work_through_case(page: Page, timer: ServerTimer) -> tuple[float, float, int]:
    """Seconds until the next page is there, those of the server, and requests for pages."""
    begun, served, pages = perf_counter(), timer.page_seconds, timer.pages
    with page.expect_navigation(wait_until="load"):
        page.keyboard.press("g")
    return perf_counter() - begun, timer.page_seconds - served, timer.pages - pages


def _print_times(
    times: list[tuple[float, float, int]], states: list[str], file_seconds: float
) -> None:
    seconds, served, pages = (list(column) for column in zip(*times, strict=True))
    proposed = states.count("countersign")
    print(
        f"{len(times)} prepared cases by keyboard: {proposed} proposed with one key and "
        f"{max(pages)} requests for pages each; {statistics.median(seconds) * 1000:.0f} ms a case "
        f"at the median, {max(seconds) * 1000:.0f} ms the slowest; of it the server "
        f"{statistics.median(served) * 1000:.0f} ms ({sum(served) / sum(seconds):.0%}); beside it "
        f"{file_seconds / len(times) * 1000:.0f} ms a case for pictures of papers and scripts"
    )
