"""Write the policy book of every city and version into build/docs."""

import json
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
BOOKS = ROOT / "build" / "docs"
# The command of the same environment, so that the page is what a reader's own `jifen` prints.
JIFEN = Path(sys.executable).with_name("jifen")


def jifen(*arguments: str) -> str:
    command = [str(JIFEN), *arguments]
    return subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True, cwd=ROOT).stdout


def main() -> None:
    BOOKS.mkdir(parents=True, exist_ok=True)
    for city in json.loads(jifen("cities", "--json")):
        for version in city["versions"]:
            book = BOOKS / f"{city['city']}-{version['version']}.html"
            jifen("policy", "book", city["city"], "--version", version["version"], "-o", str(book))
            print(book.relative_to(ROOT))


if __name__ == "__main__":
    main()
