"""The browser tests, again and again on a busy machine: what fails now and then fails here.

    python tools/browser_load.py                 20 runs beside two busy loops
    python tools/browser_load.py --runs 5 --busy 4 -- tests/browser/test_lists.py

Prints a row for each run and, at the end, the tests that failed in any of them; what a run that
failed printed is kept, and the row names the file. Ends 1 where one failed.
"""

import argparse
import multiprocessing
import re
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

FAILED = re.compile(r"^(?:FAILED|ERROR) (\S+)", re.MULTILINE)


def spin_forever() -> None:
    """A busy loop."""
    while True:
        pass


@contextmanager
def run_busy_loops(loops: int) -> Iterator[None]:
    """Beside so many busy loops."""
    processes = [multiprocessing.Process(target=spin_forever, daemon=True) for _ in range(loops)]
    for process in processes:
        process.start()
    try:
        yield
    finally:
        for process in processes:
            process.kill()


def run_tests(tests: list[str]) -> tuple[int, str, float]:
    """The exit status of one run, what it printed, and its seconds."""
    begun = time.monotonic()
    command = [sys.executable, "-m", "pytest", "-q", "-n", "auto", *tests]
    done = subprocess.run(command, check=False, capture_output=True, text=True)
    return done.returncode, done.stdout, time.monotonic() - begun


def keep_output(number: int, output: str) -> Path:
    """What a run printed, in a file of its own for whoever looks for the cause."""
    kept = Path("build") / "browser-load" / f"run-{number}.txt"
    kept.parent.mkdir(parents=True, exist_ok=True)
    kept.write_text(output, encoding="utf-8")
    return kept


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=20, help="how many (default: 20)")
    parser.add_argument("--busy", type=int, default=2, help="busy loops beside them (default: 2)")
    parser.add_argument("tests", nargs="*", default=["tests/browser"], help="files or folders")
    options = parser.parse_args()
    failures = Counter[str]()
    print("| run | seconds | result |\n|---|---|---|")
    with run_busy_loops(options.busy):
        for number in range(1, options.runs + 1):
            status, output, seconds = run_tests(options.tests)
            names = FAILED.findall(output)
            failures.update(names or ([f"exit status {status}"] if status else []))
            result = ", ".join(names) or output.strip().rpartition("\n")[2]
            if status:
                result += f" ({keep_output(number, output)})"
            print(f"| {number} | {seconds:.0f} | {result} |", flush=True)
    for name, times in failures.most_common():
        print(f"{times} of {options.runs}: {name}")
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
