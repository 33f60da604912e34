"""python -m tools.mutants PACKAGE [options]; see the package's docstring."""

import argparse
import difflib
import sys
import tempfile
from dataclasses import replace
from pathlib import Path

from tools.mutants import __doc__ as manual
from tools.mutants.copy import Copy
from tools.mutants.packages import PACKAGES
from tools.mutants.run import BUILD, How, Place, Result, places_of, run, sampled, survivors


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m tools.mutants",
        description=manual,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("package", choices=sorted(PACKAGES))
    parser.add_argument("--sample", type=int, default=120, help="how many (default: 120)")
    parser.add_argument("--seed", type=int, default=1, help="by which they are drawn (default: 1)")
    parser.add_argument("--only", metavar="TEXT", help="draw from those that TEXT is part of")
    parser.add_argument("--survivors", action="store_true", help="those of the last run")
    parser.add_argument("--wide", action="store_true", help="run tests of other packages too")
    parser.add_argument("--show", metavar="TEXT", help="print the changes, run nothing")
    parser.add_argument(
        "--budget", type=float, default=60.0, help="seconds of tests for a mutant (default: 60)"
    )
    parser.add_argument("--tests", nargs="+", metavar="PATH", help="files or folders, only these")
    parser.add_argument("--into", type=Path, default=BUILD, help="where results are kept")
    return parser.parse_args()


def chosen(options: argparse.Namespace, places: list[Place]) -> list[Place]:
    """The mutants that the options ask for."""
    if options.show:
        return [place for place in places if options.show in str(place)]
    if options.survivors:
        alive = survivors(options.into, options.package)
        return [place for place in places if str(place) in alive]
    if options.only:
        places = [place for place in places if options.only in str(place)]
    return sampled(places, options.sample, options.seed)


def show(copy: Copy, places: list[Place]) -> None:
    for place in places:
        before = copy.read(place.module)
        after = place.mutant.applied(before)
        print(f"\n{place}")
        lines = difflib.unified_diff(before.splitlines(), after.splitlines(), n=2, lineterm="")
        print("\n".join(list(lines)[2:]))


def table(options: argparse.Namespace, total: int, results: list[Result]) -> str:
    """What docs/testing/mutants.md takes over."""
    killed = sum(result.killed for result in results)
    share = 100 * killed / len(results) if results else 100
    lines = [
        "",
        f"| {options.package} | {len(results)} of {total} | {killed} | "
        f"{len(results) - killed} | {share:.1f} % |",
        "",
        *(
            f"{result.text}" + (f"  ({result.by})" if result.by else "")
            for result in results
            if not result.killed
        ),
    ]
    return "\n".join(lines)


def say(words: str) -> None:
    print(words, flush=True)


def main() -> int:
    options = arguments()
    package = PACKAGES[options.package]
    if options.tests:
        package = replace(package, tests=tuple(options.tests))
    with tempfile.TemporaryDirectory(prefix="mutants-") as folder:
        copy = Copy(Path(folder))
        places = places_of(copy, package)
        wanted = chosen(options, places)
        if options.show:
            show(copy, wanted)
            return 0
    say(f"{len(wanted)} of {len(places)} mutants of jifen/{package.path}, seed {options.seed}")
    try:
        how = How(options.into, options.wide, options.budget)
        results = run(package, wanted, say, how)
    except KeyboardInterrupt:
        say(f"stopped; what was found so far is in {options.into}")
        return 130
    say(table(options, len(places), results))
    return 0


if __name__ == "__main__":
    sys.exit(main())
