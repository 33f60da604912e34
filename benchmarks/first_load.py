"""The first visit of a phone: bytes, largest contentful paint, layout shift, and how long an answer
takes when it is scored on the device.

A real Chromium at 390 × 844, without a cache, its processor slowed to a quarter, on a line of
9 Mbit/s with 170 ms there and back (the 4G profile of WebPageTest). Needs playwright and Chromium,
as the browser tests do.
"""

import json
import shutil
import statistics
import sys
import tempfile
from datetime import date
from typing import Any

from playwright.sync_api import Browser, CDPSession, Page, sync_playwright

from benchmarks.update_request import serve_site

PAGES = ("/", "/shanghai/", "/chengdu/", "/compare/")
TIMES = 3
NETWORK = {
    "offline": False,
    "latency": 170,
    "downloadThroughput": 9_000_000 / 8,
    "uploadThroughput": 9_000_000 / 8,
}
SLOWER = 4
SHIFT_MOST, PAINT_MOST, BYTES_MOST, ANSWER_MOST = 0.02, 1000.0, 90 * 1024, 50.0
WATCH = """() => {
  window.seen = { paint: 0, shift: 0 };
  new PerformanceObserver((list) => {
    for (const entry of list.getEntries()) window.seen.paint = entry.startTime;
  }).observe({ type: "largest-contentful-paint", buffered: true });
  new PerformanceObserver((list) => {
    const own = list.getEntries().filter((entry) => !entry.hadRecentInput);
    window.seen.shift += own.reduce((sum, entry) => sum + entry.value, 0);
  }).observe({ type: "layout-shift", buffered: true });
}"""
ANSWERS = """async ([address, given]) => {
  const { openPolicy } = await import("/static/web/score.js");
  const document = await (await fetch(address)).json();
  const timed = (work) => {
    const start = performance.now();
    return [work(), performance.now() - start];
  };
  const [policy, opened] = timed(() => openPolicy(document));
  const answers = {};
  const answered = Object.entries(given).map(([id, value]) => {
    answers[id] = value;
    return timed(() => policy.tell(policy.score(answers), "zh"))[1];
  });
  return [opened, ...answered];
}"""
SAMPLE_ANSWERS = {
    "shanghai": {
        "permit_valid": True, "employed_and_insured": True, "birth_date": "1990-05-01",
        "insured_months": 60, "insured_months_last_12": 12, "education": "bachelor_with_degree",
        "study_mode": "full_time", "title": "intermediate", "base_1x_months_last_12": 8,
        "base_08x_months_last_48": 48, "base_1x_months_last_48": 40, "award": "none",
    },
    "chengdu": {
        "permit_valid": True, "birth_date": "1990-05-01", "permit_area": "jinjiang",
        "legal_residence": True, "employed_six_months": True, "pension_months": 48,
        "medical_months": 48, "permit_months": 30, "star_talent": "none", "award": "none",
    },
}  # fmt: skip


def run() -> None:
    """Print a line for each page, and one for the answers of each city."""
    path = next(
        (p for n in ("chromium-headless-shell", "chromium") if (p := shutil.which(n))), None
    )
    if path is None:
        sys.exit("no Chromium on PATH: apt-get install chromium-headless-shell")
    with tempfile.TemporaryDirectory() as folder, serve_site(
        "jifen.office.site.wsgi:application", folder
    ) as port, sync_playwright() as playwright:  # fmt: skip
        browser = playwright.chromium.launch(executable_path=path, args=["--no-sandbox"])
        site = f"http://127.0.0.1:{port}"
        for address in PAGES:
            _print_page(address, [_measure_visit(browser, site + address) for _ in range(TIMES)])
        for city, given in SAMPLE_ANSWERS.items():
            _print_answers(city, _measure_answers(browser, site, city, given))
        browser.close()


def slow_down(page: Page) -> CDPSession:
    """The line and the processor of a phone, without a cache."""
    line = page.context.new_cdp_session(page)
    line.send("Network.enable")
    line.send("Network.setCacheDisabled", {"cacheDisabled": True})
    line.send("Network.emulateNetworkConditions", NETWORK)
    line.send("Emulation.setCPUThrottlingRate", {"rate": SLOWER})
    return line


def _measure_visit(browser: Browser, address: str) -> dict[str, float]:
    """One first visit: bytes over the line, largest paint in ms, shift of the layout."""
    context = browser.new_context(viewport={"width": 390, "height": 844}, locale="zh-CN")
    page = context.new_page()
    page.add_init_script(f"({WATCH})()")
    received: list[float] = []
    line = slow_down(page)
    line.on("Network.loadingFinished", lambda event: received.append(event["encodedDataLength"]))
    page.goto(address, wait_until="networkidle")
    page.mouse.wheel(0, 900)
    page.wait_for_timeout(300)
    seen: dict[str, float] = page.evaluate("() => window.seen")
    context.close()
    return seen | {"bytes": sum(received), "requests": len(received)}


def _measure_answers(browser: Browser, site: str, city: str, given: dict[str, Any]) -> list[float]:
    """Milliseconds: to open the measure, then for each answer of a person after the other."""
    context = browser.new_context(viewport={"width": 390, "height": 844})
    page = context.new_page()
    page.goto(f"{site}/robots.txt")
    slow_down(page)
    address = f"/{city}/device.json?on={date(2025, 6, 1)}"
    milliseconds: list[float] = json.loads(json.dumps(page.evaluate(ANSWERS, [address, given])))
    context.close()
    return milliseconds


def _print_page(address: str, visits: list[dict[str, float]]) -> None:
    paint, shift, size = (
        statistics.median(visit[name] for visit in visits) for name in ("paint", "shift", "bytes")
    )
    count = int(visits[0]["requests"])
    print(
        f"first load of {address}: {size / 1024:.1f} KB in {count} requests "
        f"(bound {BYTES_MOST // 1024}), largest paint {paint:.0f} ms (bound {PAINT_MOST:.0f}), "
        f"layout shift {shift:.3f} (bound {SHIFT_MOST})"
    )


def _print_answers(city: str, times: list[float]) -> None:
    opened, *answers = times
    print(
        f"an answer in {city}, scored on the device: median {statistics.median(answers):.1f} ms, "
        f"worst {max(answers):.1f} ms (bound {ANSWER_MOST:.0f}); opening it {opened:.0f} ms"
    )
