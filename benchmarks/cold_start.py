"""`jifen assess` from nothing to its answer, against a Python that does nothing."""

import os
import subprocess
import sys
import tempfile
from pathlib import Path

from benchmarks.timing import measure_ratio, print_ratio

FACTS = "birth_date: 1990-05-01\neducation: master\nstudy_mode: full_time\ninsured_months: 40\n"


def run() -> None:
    """Time the installed command as a whole process."""
    command = str(Path(sys.executable).with_name("jifen"))
    with tempfile.TemporaryDirectory() as folder:
        facts = Path(folder, "me.yaml")
        facts.write_text(FACTS, encoding="utf-8")
        ours = [
            command,
            "assess",
            "shanghai",
            "--on",
            "2025-06-01",
            "--facts",
            str(facts),
            "--json",
        ]

        def run_assess() -> None:
            subprocess.run(ours, check=True, stdout=subprocess.DEVNULL, env=os.environ)

        def run_empty_python() -> None:
            subprocess.run([sys.executable, "-I", "-c", "pass"], check=True)

        measured = measure_ratio(run_assess, run_empty_python, rounds=15)
    print_ratio("cold start: jifen assess … --json", measured, "at most 20 × python -I -c pass")
