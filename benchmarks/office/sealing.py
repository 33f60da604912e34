"""What sealing at rest costs: a fact, a decision, a file, beside bare JSON and bare bytes."""

import json
import os
from functools import partial
from hashlib import sha256
from typing import Any

from benchmarks.office.setup import sqlite_office
from benchmarks.timing import measure_ratio, print_ratio

FACT = ["master"]
DECISION: dict[str, Any] = {
    "total": "135",
    "lines": [
        {"id": f"line_{number}", "points": str(number), "why": "依据" * 20} for number in range(40)
    ],
}
FILE = os.urandom(2_000_000)


def run() -> None:
    """Print a line for each: sealed and opened against bare."""
    with sqlite_office():
        _measure_values()
        _measure_file()


def _measure_values() -> None:
    from jifen.office.vault.seal import seal, unseal  # noqa: PLC0415 - needs the settings

    def handle_sealed(value: object) -> object:
        return json.loads(unseal(seal(json.dumps(value), "place"), "place"))

    def handle_plain(value: object) -> object:
        return json.loads(json.dumps(value))

    for what, value in (("a fact", FACT), ("a decision of 40 lines", DECISION)):
        text = json.dumps(value)
        measured = measure_ratio(
            partial(handle_sealed, value), partial(handle_plain, value), rounds=15, times=500
        )
        print_ratio(f"{what}, sealed and opened ∶ JSON alone", measured, "no bound")
        print(f"    {len(text):,} characters, {len(seal(text, 'place')):,} in the database")


def _measure_file() -> None:
    from jifen.office.vault.sealed_file import open_file, seal_file  # noqa: PLC0415 - as above

    measured = measure_ratio(
        lambda: sha256(open_file(seal_file(FILE, "place"), "place")).digest(),
        lambda: sha256(FILE).digest(),
        rounds=15,
    )
    print_ratio("a file of 2 MB, sealed, opened, hashed ∶ hashed", measured, "no bound")
