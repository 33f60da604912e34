"""Build the site of the documentation; a warning or a broken link ends with 1.

python tools/docs.py [OUTPUT [SOURCE]]      by default from docs into build/docs
"""

import sys
from pathlib import Path

from sphinx.cmd.build import build_main

ROOT = Path(__file__).resolve().parents[1]


def build_site(output: Path, source: Path) -> int:
    """Write the site of a folder of documents and return the exit status of its builder."""
    strict = ["--fail-on-warning", "--keep-going", "--quiet"]
    doctrees = output.with_name(f"{output.name}-doctrees")
    return build_main(["-b", "html", "-d", str(doctrees), *strict, str(source), str(output)])


def main(arguments: list[str]) -> int:
    """Build, and say where the first page is."""
    output, source = [
        *map(Path, arguments),
        *(ROOT / "build" / "docs", ROOT / "docs")[len(arguments) :],
    ]
    status = build_site(output, source)
    if status == 0:
        print(output / "index.html")
    return status


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
