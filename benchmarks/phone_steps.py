"""A whole run of the self-assessment on a phone, from the first question to the result: how long
each step takes in the page, how far anything moves, and what comes over the line.

The phone is that of `first_load`: 390 × 844, processor ÷ 4, the 4G profile, no cache. A step is
timed from the tap to the next screen, by the page's own clock, after half a second on the screen:
the page works ahead meanwhile. Beside the worst single tap stands the slowest step, each step being
the median of the runs: on a machine that does other work a single tap waits for its turn.
"""

import shutil
import statistics
import sys
import tempfile

from playwright.sync_api import Browser, Page, sync_playwright

from benchmarks.first_load import ANSWER_MOST, BYTES_MOST, PAINT_MOST, SHIFT_MOST, WATCH, slow_down
from benchmarks.update_request import serve_site
from tests.world.page_states import wait_until

TIMES = 5
READING_MS = 500
MOST_STEPS = 40
ROW = {"from": "2021-01", "to": "至今", "base": "12000"}
"""One employer; every question is answered as below, circumstances that apply to few with none."""
ANSWERS = {
    "/shanghai/": {
        "permit_valid": "true", "employed_and_insured": "true", "birth_date": "1990-05-01",
        "education": "bachelor_with_degree", "study_mode": "full_time",
    },
    "/chengdu/": {
        "permit_valid": "true", "permit_area": "wuhou", "legal_residence": "true",
        "employed_six_months": "true", "birth_date": "1990-05-01", "permit_months": "60",
        "qualification": "none", "star_talent": "none",
    },
}  # fmt: skip
WATCH_STEP = """([typed]) => {
  for (const [id, text] of Object.entries(typed)) {
    document.getElementById(id).value = text;
    document.getElementById(id).dispatchEvent(new Event("input", { bubbles: true }));
  }
  window.timed = new Promise((done) => {
    const start = () => {
      const from = performance.now();
      document.addEventListener("jifen:step", () => done(performance.now() - from), { once: true });
    };
    document.addEventListener("click", start, { capture: true, once: true });
  });
}"""
READY = "() => document.getElementById('facts').dataset.scored === 'device'"


def run() -> None:
    """Print a line for each city."""
    path = next(
        (p for n in ("chromium-headless-shell", "chromium") if (p := shutil.which(n))), None
    )
    if path is None:
        sys.exit("no Chromium on PATH: apt-get install chromium-headless-shell")
    with tempfile.TemporaryDirectory() as folder, serve_site(
        "jifen.office.site.wsgi:application", folder
    ) as port, sync_playwright() as playwright:  # fmt: skip
        browser = playwright.chromium.launch(executable_path=path, args=["--no-sandbox"])
        for address in ANSWERS:
            runs = [_walk(browser, f"http://127.0.0.1:{port}", address) for _ in range(TIMES)]
            _print_runs(address, runs)
        browser.close()


def _walk(browser: Browser, site: str, address: str) -> dict[str, list[float]]:
    """One run: milliseconds of each step, then paint, shift, bytes."""
    context = browser.new_context(viewport={"width": 390, "height": 844}, locale="zh-CN")
    page = context.new_page()
    page.add_init_script(f"({WATCH})()")
    received: list[float] = []
    line = slow_down(page)
    line.on("Network.loadingFinished", lambda event: received.append(event["encodedDataLength"]))
    page.goto(site + address, wait_until="networkidle")
    wait_until(page, READY)
    first = page.evaluate("window.seen.paint")
    over_the_line, steps = sum(received), list[float]()
    for _ in range(MOST_STEPS):
        at = page.locator("input[name='walk.at']").input_value()
        if at == "result":
            break
        go, typed = _answer(page, at, ANSWERS[address])
        page.wait_for_timeout(READING_MS)
        page.evaluate(WATCH_STEP, [typed])
        page.locator(f"#walk button[name=go][value='{go}']").first.click()
        steps.append(page.evaluate("window.timed"))
    shift = page.evaluate("window.seen.shift")
    context.close()
    return {"steps": steps, "paint": [first], "shift": [shift], "bytes": [over_the_line]}


def _answer(page: Page, at: str, answers: dict[str, str]) -> tuple[str, dict[str, str]]:
    """The button that is pressed on a step, and what is typed before."""
    if at == "check":
        return "result", {}
    if at == "spells":
        return "next", {f"s-0-{name}": text for name, text in ROW.items()}
    if at.startswith("group:"):
        return "none", {}
    if at not in answers:
        return "skip", {}
    is_typed = page.locator(f"#f-{at}").count() > 0
    return ("next", {f"f-{at}": answers[at]}) if is_typed else (f"is:{answers[at]}", {})


def _print_runs(address: str, runs: list[dict[str, list[float]]]) -> None:
    steps = [time for one in runs for time in one["steps"]]
    by_step = [
        statistics.median(times) for times in zip(*(one["steps"] for one in runs), strict=True)
    ]
    paint, shift, size = (
        statistics.median(one[name][0] for one in runs) for name in ("paint", "shift", "bytes")
    )
    print(
        f"a run of {address}: {len(runs[0]['steps'])} steps of {statistics.median(steps):.0f} ms "
        f"at the median, {max(by_step):.0f} ms the slowest of them (bound {ANSWER_MOST:.0f}), "
        f"{max(steps):.0f} ms the worst single tap; largest paint "
        f"{paint:.0f} ms (bound {PAINT_MOST:.0f}), shift of the whole run {shift:.3f} "
        f"(bound {SHIFT_MOST}), {size / 1024:.1f} KB with all that it scores with "
        f"(bound {BYTES_MOST // 1024})"
    )
